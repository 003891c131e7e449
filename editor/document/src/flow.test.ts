import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import {
  createMarker,
  deleteRange,
  flowOf,
  formatRange,
  insertText,
  setBlockShape,
  setLeadingHidden,
  splitBlock,
} from './flow.ts'
import { readDocument } from './read-document.ts'

function outline(flow: Y.Text): string[] {
  return readDocument(flow).blocks.map(
    ({ id, shape, runs }) => `${id} ${shape.type} ${runs.map(({ text }) => text).join('|')}`,
  )
}

describe('editing a flow', () => {
  it('splits, formats, joins and changes kinds without moving a character', () => {
    const flow = flowOf(new Y.Doc())
    insertText(flow, 0, 'one two')
    const marker = splitBlock(flow, 4, { type: 'bullet', indent: 1 }, 'b')
    formatRange(flow, 5, 1, { bold: true })
    expect(outline(flow)).toEqual(['first paragraph one ', 'b bullet t|wo'])
    setBlockShape(flow, marker, { type: 'heading', level: 2, indent: 0 })
    setBlockShape(flow, null, { type: 'quote', indent: 0 })
    expect(outline(flow)).toEqual(['first quote one ', 'b heading t|wo'])
    deleteRange(flow, 4, 1)
    expect(outline(flow)).toEqual(['first quote one |t|wo'])
  })

  it('writes no attribute that is right already', () => {
    const doc = new Y.Doc()
    const flow = flowOf(doc)
    const marker = splitBlock(flow, 0, { type: 'check', checked: true, indent: 2 }, 'c')
    const before = Y.encodeStateVector(doc)
    setBlockShape(flow, marker, { type: 'check', checked: true, indent: 2 })
    setBlockShape(flow, null, { type: 'paragraph', indent: 0 })
    expect(Y.encodeStateVector(doc)).toEqual(before)
  })
})

describe('rendering a flow', () => {
  it('makes ids unique by order', () => {
    const flow = flowOf(new Y.Doc())
    for (const text of ['a', 'b']) {
      flow.insertEmbed(0, createMarker({ type: 'paragraph', indent: 0 }, 'same'))
      flow.insert(1, text)
    }
    setLeadingHidden(flow, true)
    expect(outline(flow)).toEqual(['same paragraph b', 'same~2 paragraph a'])
  })

  it('reads values outside of their domain as the default, and keeps them', () => {
    const flow = flowOf(new Y.Doc())
    const odd = new Y.Map<unknown>([
      ['type', 'heading'],
      ['level', 9],
      ['indent', -3],
      ['id', 7],
    ])
    flow.insertEmbed(0, odd)
    flow.insert(1, 'x', { bold: 'yes', link: 'javascript:alert(1)', sparkle: true })
    const [, block] = readDocument(flow).blocks
    expect(block?.shape).toEqual({ type: 'heading', level: 1, indent: 0 })
    expect(block?.runs).toEqual([{ text: 'x', marks: {} }])
    expect(odd.get('level')).toBe(9)
  })

  it('shows a type it does not know by its name, and one that is missing as a paragraph', () => {
    const flow = flowOf(new Y.Doc())
    flow.insertEmbed(0, new Y.Map<unknown>([['type', 'hologram']]))
    flow.insertEmbed(1, new Y.Map<unknown>())
    flow.insertEmbed(2, new Y.Array<unknown>())
    expect(
      readDocument(flow)
        .blocks.slice(1)
        .map(({ shape }) => shape),
    ).toEqual([
      { type: 'unknown', name: 'hologram', indent: 0 },
      { type: 'paragraph', indent: 0 },
      { type: 'unknown', name: '', indent: 0 },
    ])
  })
})
