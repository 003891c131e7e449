/**
 * The block in which an input method composes, while others change the document.
 *
 * Rule: as long as a composition goes on, nothing of what others do reaches its block on the screen, nor the table
 * around it. What they change there makes the block stale; `writer.ts` puts both together when the composition has ended.
 */
import type { EditorState, LexicalEditor, NodeKey, NodeMap } from 'lexical'
import { type HeldBlock, holdBlock } from './composition.ts'
import type { FlowView } from './flow-view.ts'
import type { Shown } from './shown.ts'
import type { Rewrite } from './to-lexical.ts'

export type Held = HeldBlock & { readonly view: FlowView }

export class Holding {
  readonly #editor: LexicalEditor
  readonly #shown: Shown
  #held: Held | undefined

  constructor(editor: LexicalEditor, shown: Shown) {
    this.#editor = editor
    this.#shown = shown
  }

  /** Of the block that must stay as it is on the screen. */
  get key(): NodeKey | undefined {
    return this.#held?.key
  }

  /** The block, if others have changed it: what is composed in it has to wait. */
  get stale(): Held | undefined {
    return this.#held?.isStale === true ? this.#held : undefined
  }

  /** Before anything changes: the block as both sides know it. */
  note(): void {
    if (this.stale === undefined) this.#held = this.#hold()
  }

  noteStale(): void {
    if (this.#held !== undefined) this.#held.isStale = true
  }

  letGo(): void {
    this.#held = undefined
  }

  /** After an update of the editor. */
  letGoOfEnded({ _nodeMap: nodes }: EditorState): void {
    const held = this.#held
    // Words go where the caret is, and are written at once, when the composed block is gone. Nor does a composition that
    // has ended hold anything, unless others have changed its block meanwhile.
    if (held !== undefined && (!nodes.has(held.key) || (!held.isStale && !this.#editor.isComposing())))
      this.letGo()
  }

  /** @returns `rewrite` without what would touch the block. */
  spare(view: FlowView, rewrite: Rewrite): Rewrite {
    const held = this.#held
    if (held === undefined) return rewrite
    if (held.view !== view) return this.#spareHolder(held, view, rewrite)
    const isConcerned = ({ key, isChanged }: Rewrite['blocks'][number]): boolean =>
      key === held.key && isChanged
    if (rewrite.removed.includes(held.key) || rewrite.blocks.some(isConcerned)) held.isStale = true
    if (!held.isStale) return rewrite
    return {
      removed: rewrite.removed.filter((key) => key !== held.key),
      blocks: rewrite.blocks.map((block) => (isConcerned(block) ? { ...block, isChanged: false } : block)),
    }
  }

  /** Leaves the table around the block on the screen until then, though it is gone from where it was. */
  #spareHolder(held: Held, { container }: FlowView, rewrite: Rewrite): Rewrite {
    const nodes = nodesOf(this.#editor)
    let node = nodes.get(held.key)
    while (node !== undefined && node.__parent !== container)
      node = node.__parent === null ? undefined : nodes.get(node.__parent)
    const key = node?.__key
    if (key === undefined || !rewrite.removed.includes(key)) return rewrite
    held.isStale = true
    return { ...rewrite, removed: rewrite.removed.filter((each) => each !== key) }
  }

  #hold(): Held | undefined {
    const composing = this.#editor._compositionKey
    const nodes = this.#editor.getEditorState()._nodeMap
    let node = composing === null ? undefined : nodes.get(composing)
    while (node !== undefined && node.__parent !== null) {
      const view = this.#shown.viewOfContainer(node.__parent)
      if (view !== undefined) {
        const entry = view.mirror.entryOf(node.__key)
        return entry === undefined ? undefined : { ...holdBlock(view.flow, entry.key, entry.block), view }
      }
      node = nodes.get(node.__parent)
    }
    return undefined
  }
}

/** Those of the update that is going on, where there is one. */
export function nodesOf(editor: LexicalEditor): NodeMap {
  return (editor._pendingEditorState ?? editor._editorState)._nodeMap
}
