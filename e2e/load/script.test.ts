import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createScript, TEXT } from './script.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('The script of the benchmark', () => {
  it('holds byte for byte what a Y.Doc emits for the same keystrokes', () => {
    const script = createScript(3)
    const doc = new Y.Doc()
    Y.applyUpdate(doc, script.seed)
    doc.clientID = script.clientOf(1)
    const emitted: string[] = []
    doc.on('update', (update: Uint8Array) => emitted.push(hex(update)))
    const text = doc.getText(TEXT)
    for (let edit = 0; edit < 200; edit++) {
      const before = text.toJSON()
      const after = script.text([0, edit + 1, 0])
      let at = 0
      while (at < Math.min(before.length, after.length) && before[at] === after[at]) at++
      if (after.length > before.length) {
        // Equal neighbours leave the place open: the writer always types at the end of the paragraph.
        const end = before.indexOf('\n', before.indexOf('Paragraph 1'))
        text.insert(end, after[end] ?? '')
      } else {
        const end = after.indexOf('\n', after.indexOf('Paragraph 1'))
        text.delete(end, 1)
      }
      expect(text.toJSON()).toBe(after)
      expect(emitted.at(-1)).toBe(hex(script.edit(1, edit)))
    }
  })

  it('says what the text is after any number of edits of each writer, in whatever order they arrive', () => {
    const script = createScript(3)
    const counts = [40, 0, 17]
    const doc = new Y.Doc()
    Y.applyUpdate(doc, script.seed)
    for (let edit = 0; edit < 40; edit++)
      for (const writer of [2, 0])
        if (edit < (counts[writer] ?? 0)) Y.applyUpdate(doc, script.edit(writer, edit))
    expect(doc.getText(TEXT).toJSON()).toBe(script.text(counts))
  })
})
