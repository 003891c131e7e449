import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { createMarker, flowOf, insertObject, insertText } from './flow.ts'
import { checkDocument, checkUpdate } from './guard.ts'
import type { RefusalCode } from './rules.ts'
import { cellFlow } from './table.ts'
import { createTable } from './table-edit.ts'

function changed(change: (doc: Y.Doc) => void): Y.Doc {
  const doc = new Y.Doc()
  flowOf(doc)
  doc.transact(() => change(doc))
  return doc
}

function marker(doc: Y.Doc): Y.Map<unknown> {
  const map = createMarker({ type: 'paragraph', indent: 0 }, 'a')
  flowOf(doc).insertEmbed(0, map)
  return map
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { in: nested(depth - 1) }
}

const REFUSED: readonly [string, RefusalCode, (doc: Y.Doc) => void][] = [
  ['another root', 'root', (doc) => doc.getMap('settings').set('a', 1)],
  ['a cell with too few ids', 'root', (doc) => doc.getText('cell/a/b').insert(0, 'x')],
  ['a table of a forbidden name', 'root', (doc) => doc.getMap('table/__proto__').set('header-row', true)],
  ['a forbidden attribute', 'name', (doc) => marker(doc).set('__proto__', 'x')],
  [
    'a forbidden mark',
    'name',
    (doc) => flowOf(doc).insert(0, 'x', Object.fromEntries([['constructor', true]])),
  ],
  ['a forbidden row', 'name', (doc) => doc.getMap('table/t').set('row/prototype', 'A')],
  [
    'a forbidden key inside an unknown embed',
    'name',
    (doc) => flowOf(doc).insertEmbed(0, JSON.parse('{"type":"later","__proto__":{"x":1}}') as object),
  ],
  ['a name without end', 'name', (doc) => marker(doc).set('n'.repeat(65), 1)],
  ['an attribute that is an object', 'value', (doc) => marker(doc).set('alt', { a: 1 })],
  ['a link that is a list', 'value', (doc) => flowOf(doc).insert(0, 'x', { link: ['https://a'] })],
  ['an object in a mention', 'value', (doc) => flowOf(doc).insertEmbed(0, { type: 'mention', label: {} })],
  ['a width that is an object', 'value', (doc) => doc.getMap('table/t').set('width/c', {})],
  ['a shared type as an attribute', 'type', (doc) => marker(doc).set('url', new Y.Text('x'))],
  ['a shared type as a row', 'type', (doc) => doc.getMap('table/t').set('row/r', new Y.Array())],
  ['a document inside', 'type', (doc) => marker(doc).set('later', new Y.Doc())],
  ['a long value', 'size', (doc) => marker(doc).set('later', 'x'.repeat(8_193))],
  ['a large embed', 'size', (doc) => flowOf(doc).insertEmbed(0, { a: Array(9).fill('x'.repeat(2_000)) })],
  ['a deep embed', 'depth', (doc) => flowOf(doc).insertEmbed(0, nested(6) as object)],
]

describe('the guard', () => {
  it('lets pass what the model writes and what a later version may', () => {
    const doc = changed((doc) => {
      const flow = flowOf(doc)
      insertText(flow, 0, 'words', { bold: true, color: 'red', link: 'https://example.org/' })
      insertObject(flow, 2, { type: 'mention', kind: 'person', ref: 'p', label: 'Ann' })
      flow.insertEmbed(0, createMarker({ type: 'table', indent: 0 }, 't'))
      createTable(doc, { id: 't', rows: ['r'.repeat(64)], columns: ['c'], headerRow: true })
      insertText(cellFlow(doc, 't', { row: 'r'.repeat(64), column: 'c' }), 0, 'cell')
      flow.insertEmbed(
        0,
        new Y.Map<unknown>([
          ['type', 'hologram'],
          ['of', { a: [1, 2] }],
        ]),
      )
      flow.insertEmbed(0, { type: 'sparkle', parts: [{ x: 1 }] })
      flow.insertEmbed(0, new Y.Array<unknown>())
      flow.setAttribute('type', 'heading')
      flow.insert(0, 'x', { glow: { radius: 3 } })
      flow.delete(0, 1)
    })
    expect(checkDocument(doc)).toBeUndefined()
    expect(checkUpdate(Y.encodeStateAsUpdate(doc))).toBeUndefined()
  })

  for (const [name, code, change] of REFUSED)
    it(`refuses ${name}, in an update and in a document`, () => {
      const doc = changed(change)
      expect(checkDocument(doc)?.code).toBe(code)
      expect(checkUpdate(Y.encodeStateAsUpdate(doc))?.code).toBe(code)
    })

  it('refuses shared types nested without end in a document, where an update cannot tell', () => {
    const doc = changed((doc) => {
      let map = marker(doc)
      for (let depth = 0; depth < 6; depth += 1) map = map.set('later', new Y.Map<unknown>())
    })
    expect(checkDocument(doc)?.code).toBe('depth')
  })

  it('refuses an attribute that was set anew only in the document: its update does not say its name', () => {
    const doc = changed((doc) => marker(doc).set('type', { a: 1 }))
    expect(checkUpdate(Y.encodeStateAsUpdate(doc))).toBeUndefined()
    expect(checkDocument(doc)?.code).toBe('value')
  })

  it('gives a reason that holds no content', () => {
    const refusal = checkDocument(changed((doc) => marker(doc).set('alt', { secret: 'hunter2' })))
    expect(refusal?.reason).toBe('"alt" is an object; it must be a string, a number or a boolean')
  })
})
