import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { deleteBlocks, indentBlocks, moveBlocks } from './blocks-edit.ts'
import { flowOf, insertObject, insertText, setLeadingHidden, splitBlock } from './flow.ts'
import { readDocument } from './read-document.ts'

function person(client: number, ...texts: string[]): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = client
  const flow = flowOf(doc)
  for (const [index, text] of texts.entries()) {
    if (index === 0) setLeadingHidden(flow, true)
    splitBlock(flow, flow.length, { type: 'paragraph', indent: 0 }, text[0] ?? 'x')
    insertText(flow, flow.length, text)
  }
  return doc
}

function meet(...docs: Y.Doc[]): void {
  for (let round = 0; round < 2; round += 1)
    for (const to of docs) for (const from of docs) Y.applyUpdate(to, Y.encodeStateAsUpdate(from))
}

function lines(doc: Y.Doc): string[] {
  return readDocument(flowOf(doc)).blocks.map(
    ({ id, runs }) => `${id}:${runs.map(({ text }) => text).join('')}`,
  )
}

function move(doc: Y.Doc, from: number, before: number, to = from + 1): boolean {
  return doc.transact((transaction) => moveBlocks(flowOf(doc), transaction, { from, to, before, newId: 'n' }))
}

function three(): [Y.Doc, Y.Doc] {
  const ann = person(1, 'aaa', 'bbb', 'ccc')
  const ben = person(2)
  meet(ann, ben)
  return [ann, ben]
}

describe('moveBlocks', () => {
  it('keeps id, marks, objects, attributes of later versions, and who wrote what', () => {
    const [ann, ben] = three()
    const flow = flowOf(ann)
    flow.format(2, 1, { bold: true, sparkle: 'x' })
    insertObject(flow, 3, { type: 'date', date: '2026-11-22' }, { italic: true })
    meet(ann, ben)
    const before = readDocument(flow).blocks[0]
    expect(move(ben, 1, 4)).toBe(true)
    meet(ann, ben)
    expect(readDocument(flowOf(ann)).blocks.at(-1)).toEqual(before)
    const delta = flowOf(ann).toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]
    expect(
      delta.filter(({ attributes }) => attributes?.['author-2'] === 1).map(({ insert }) => insert),
    ).toEqual(['a', 'a', { type: 'date', date: '2026-11-22' }, 'a'])
    expect(delta.some(({ attributes }) => attributes?.['sparkle'] === 'x')).toBe(true)
  })

  it('loses no word that somebody types into the block meanwhile', () => {
    const [ann, ben] = three()
    move(ann, 2, 4)
    flowOf(ben).insert(7, '!')
    meet(ann, ben)
    expect(lines(ann)).toEqual(['a:aaa!', 'c:ccc', 'b:bbb'])
  })

  it('goes before the leading block and behind everything', () => {
    const doc = person(1)
    const flow = flowOf(doc)
    insertText(flow, 0, 'lead')
    splitBlock(flow, 4, { type: 'bullet', indent: 0 }, 'b')
    insertText(flow, 5, 'item')
    move(doc, 1, 0)
    expect(lines(doc)).toEqual(['b:item', 'n:lead'])
    move(doc, 1, 3)
    expect(lines(doc)).toEqual(['n:lead', 'b:item'])
    expect(move(doc, 1, 2)).toBe(false)
  })

  it('moves the leading block itself', () => {
    const doc = person(1)
    insertText(flowOf(doc), 0, 'lead')
    splitBlock(flowOf(doc), 4, { type: 'bullet', indent: 0 }, 'b')
    move(doc, 0, 2)
    expect(lines(doc)).toEqual(['b:', 'n:lead'])
  })

  it('of one block by two people at once leaves two copies of it and what was typed in either once', () => {
    const [ann, ben] = three()
    move(ann, 2, 4)
    move(ben, 2, 1)
    flowOf(ben).insert(4, '?')
    meet(ann, ben)
    expect(lines(ann)).toEqual(['b:bbb?', 'a:aaa', 'c:ccc', 'b~2:bbb'])
  })

  it('does not touch a block of a later version', () => {
    const doc = person(1, 'aaa')
    flowOf(doc).insertEmbed(4, new Y.Map([['type', 'hologram']]))
    expect(move(doc, 2, 1)).toBe(false)
    doc.transact((transaction) => deleteBlocks(flowOf(doc), transaction, 0, 3))
    expect(readDocument(flowOf(doc)).blocks.map(({ shape }) => shape.type)).toEqual(['unknown'])
  })
})

describe('indentBlocks', () => {
  it('stays within the bounds and leaves what others set of other blocks', () => {
    const [ann, ben] = three()
    indentBlocks(flowOf(ann), 1, 4, 1)
    indentBlocks(flowOf(ben), 2, 3, -1)
    meet(ann, ben)
    indentBlocks(flowOf(ann), 3, 4, 99)
    expect(readDocument(flowOf(ann)).blocks.map(({ shape }) => shape.indent)).toEqual([1, 1, 8])
  })
})
