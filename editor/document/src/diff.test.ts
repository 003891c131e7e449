import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { authorsOf } from './authorship.ts'
import { diffFlows } from './diff.ts'
import { deleteRange, flowOf, formatRange, insertText, setBlockShape, splitBlock } from './flow.ts'
import { readSegments } from './flow-internals.ts'

function person(client: number, from?: Y.Doc): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = client
  flowOf(doc)
  if (from !== undefined) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from))
  return doc
}

function changes(before: Y.Doc, after: Y.Doc): string[] {
  return diffFlows(flowOf(before), flowOf(after)).map(
    ({ kind, shape, runs }) =>
      `${kind} ${shape.type}: ${runs.map((run) => `${run.kind} ${run.client} "${run.text}"`).join(', ')}`,
  )
}

const HEADING = { type: 'heading', level: 1, indent: 0 } as const
const PARAGRAPH = { type: 'paragraph', indent: 0 } as const

describe('authorsOf', () => {
  it('knows who typed each character, through splits, joins and formats', () => {
    const ann = person(1)
    insertText(flowOf(ann), 0, 'hello world')
    const bob = person(2, ann)
    insertText(flowOf(bob), 5, ' big')
    formatRange(flowOf(bob), 0, 8, { bold: true })
    splitBlock(flowOf(bob), 7, PARAGRAPH, 'b')
    const found = authorsOf(flowOf(bob)).map(({ runs }) =>
      runs.map(({ client, text }) => `${client} ${text}`),
    )
    expect(found).toEqual([
      ['1 hello', '2  b'],
      ['2 ig', '1  world'],
    ])
  })
})

describe('diffFlows', () => {
  it('tells what was inserted, deleted and formatted, and whose it is', () => {
    const ann = person(1)
    insertText(flowOf(ann), 0, 'one two three')
    const bob = person(2, ann)
    deleteRange(flowOf(bob), 4, 4)
    insertText(flowOf(bob), 4, 'new ')
    formatRange(flowOf(bob), 0, 3, { bold: true })
    splitBlock(flowOf(bob), 8, HEADING, 'h')
    expect(changes(ann, bob)).toEqual([
      'same paragraph: formatted 1 "one", same 1 " ", deleted 1 "two ", inserted 2 "new "',
      'inserted heading: same 1 "three"',
    ])
  })

  it('tells which blocks became something else, and which are gone', () => {
    const ann = person(1)
    insertText(flowOf(ann), 0, 'ab')
    splitBlock(flowOf(ann), 1, PARAGRAPH, 'b')
    const bob = person(2, ann)
    setBlockShape(flowOf(bob), null, HEADING)
    deleteRange(flowOf(bob), 1, 1)
    expect(changes(ann, bob)).toEqual(['formatted heading: same 1 "a"', 'deleted paragraph: same 1 "b"'])
    expect(changes(bob, bob)).toEqual(['same heading: same 1 "ab"'])
    expect(readSegments(flowOf(bob))).toHaveLength(1)
  })
})
