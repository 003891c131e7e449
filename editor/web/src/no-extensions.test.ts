import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { ApplyGate, type CoreOptions, createWeftCore } from '@weft/editor/core'
import { describe, expect, it } from 'vitest'
import { effect, LexicalBuilder, signal } from './no-extensions.ts'

const ofEditor = createRequire(new URL('../../src/', import.meta.url))
/** What Lexical's own packages see under a name. */
const ofLexical = createRequire(ofEditor.resolve('@lexical/rich-text'))

function load(path: string): Promise<unknown> {
  return import(pathToFileURL(path).href)
}

interface Original {
  readonly LexicalBuilder: {
    maybeFromEditor(editor: object): object | undefined
    fromExtensions(extensions: readonly object[]): { buildEditor(): object }
  }
}

describe('what stands in for the extensions of Lexical', () => {
  it('says of our editor what the original says, and throws for an editor that has extensions', async () => {
    const original = ((await load(ofLexical.resolve('@lexical/extension/LexicalBuilder'))) as Original)
      .LexicalBuilder
    const { Doc } = (await load(ofEditor.resolve('yjs'))) as { Doc: new () => CoreOptions['doc'] }
    const onError = (error: unknown): never => expect.unreachable(String(error))
    const ours = createWeftCore({ doc: new Doc(), gate: new ApplyGate(), namespace: 'test', onError })
    expect(original.maybeFromEditor(ours.editor)).toBeUndefined()
    expect(LexicalBuilder.maybeFromEditor(ours.editor)).toBeUndefined()
    ours.destroy()

    const extended = original.fromExtensions([{ name: 'an-extension' }]).buildEditor()
    expect(original.maybeFromEditor(extended)).toBeDefined()
    expect(() => LexicalBuilder.maybeFromEditor(extended)).toThrow(/left out of this build/)
  })

  it('keeps a value as a signal does that nothing sets', async () => {
    const original = (await load(ofLexical.resolve('@lexical/extension/signals'))) as {
      signal: typeof signal
    }
    const value = { kept: true }
    for (const make of [original.signal, signal]) {
      expect(make(value).peek()).toBe(value)
      expect(make(value).value).toBe(value)
    }
    expect(effect).toThrow(/left out of this build/)
  })
})
