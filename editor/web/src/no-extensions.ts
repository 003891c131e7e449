/**
 * What Lexical's packages ask of its extensions in an editor that has none, as ours (see vite.config.ts).
 *
 * Pasting and copying look for extensions that would change them, and rich text keeps two settings as signals that only
 * extensions change: for that every page would get a builder of editors and a library of signals, 4,000 bytes gzipped.
 *
 * Rule: the answers are the originals' for an editor without extensions; anything else throws, so that nobody who adds one is
 * left to wonder why nothing happens.
 */

const BUILDER = Symbol.for('@lexical/extension/LexicalBuilder')

/** In the place of `@lexical/extension/LexicalBuilder`. */
export const LexicalBuilder = {
  maybeFromEditor(editor: object): undefined {
    if (BUILDER in editor) missing()
  },
}

/** In the place of `@preact/signals-core`: a value that nothing changes. */
export function signal<T>(value: T): { readonly value: T; peek(): T } {
  return { value, peek: () => value }
}

export { missing as batch, missing as computed, missing as effect, missing as untracked }

function missing(): never {
  throw new Error('Lexical extensions are left out of this build: editor/web/src/no-extensions.ts')
}
