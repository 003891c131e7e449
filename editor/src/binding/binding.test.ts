import { createHeadlessEditor } from '@lexical/headless'
import { registerRichText } from '@lexical/rich-text'
import { $getRoot, $getSelection, $isRangeSelection } from 'lexical'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ApplyGate, createWeftCore, type WeftCore } from '../core.ts'

function open(client: number): WeftCore & { doc: Y.Doc; gate: ApplyGate } {
  const doc = new Y.Doc()
  doc.clientID = client
  const gate = new ApplyGate()
  const onError = (error: unknown): never => {
    throw error
  }
  const core = createWeftCore({ doc, gate, namespace: 'test', onError, create: createHeadlessEditor })
  registerRichText(core.editor)
  return { ...core, doc, gate }
}

describe('the binding', () => {
  it('shows in one editor what is typed in another, and takes it back', () => {
    const ann = open(1)
    const ben = open(2)
    ann.editor.update(
      () => {
        $getRoot().selectEnd()
        const selection = $getSelection()
        if (!$isRangeSelection(selection)) return
        selection.insertText('hello')
        selection.insertParagraph()
        selection.insertText('world')
      },
      { discrete: true },
    )
    ben.gate.run(() => Y.applyUpdate(ben.doc, Y.encodeStateAsUpdate(ann.doc)))
    expect(ben.editor.getEditorState().read(() => $getRoot().getTextContent())).toBe('hello\n\nworld')
    ann.binding.undo()
    expect(ann.editor.getEditorState().read(() => $getRoot().getTextContent())).toBe('')
    expect(ann.binding.checkDrift()).toBe(false)
  })
})
