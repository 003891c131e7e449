import { createMarker, flowOf } from '@weft/document'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { knownBy } from './known-blocks.ts'
import { Mirror } from './mirror.ts'

function openFlow(blocks: number): Y.Text {
  const doc = new Y.Doc()
  const flow = flowOf(doc)
  const delta: { insert: unknown; attributes?: Record<string, unknown> }[] = [{ insert: 'some words' }]
  for (let index = 1; index < blocks; index += 1) {
    delta.push({ insert: createMarker({ type: 'paragraph', indent: 0 }, `b${index}`) })
    delta.push({ insert: 'some ' }, { insert: 'words', attributes: { bold: true } })
  }
  flow.applyDelta(delta, { sanitize: false })
  return flow
}

/** Shows everything, each block under the id of its segment. */
function showAll(flow: Y.Text): Mirror {
  const mirror = new Mirror(
    flow,
    knownBy(false, () => true),
  )
  mirror.replace(
    0,
    0,
    mirror.render().map((block) => ({ key: block.segment.id, block })),
  )
  return mirror
}

/** Counts every look into one of the objects. */
function countReads(objects: readonly object[]): { reads: number } {
  const count = { reads: 0 }
  for (const object of objects)
    for (const [name, value] of Object.entries(object) as [string, unknown][])
      Object.defineProperty(object, name, {
        get() {
          count.reads += 1
          return value
        },
      })
  return count
}

/** In the words of a block, so that every edit finds the same around it however many blocks there are. */
const inBlock = (block: number): number => 11 * block + 3

const EDITS: readonly [name: string, edit: (flow: Y.Text, block: number) => void][] = [
  ['a letter', (flow, block) => flow.insert(inBlock(block), 'x', {})],
  [
    'an Enter',
    (flow, block) => {
      flow.insertEmbed(inBlock(block), createMarker({ type: 'paragraph', indent: 0 }, 'new'))
    },
  ],
  ['a format', (flow, block) => flow.format(inBlock(block), 3, { italic: true })],
  ['a join', (flow, block) => flow.delete(inBlock(block), 11)],
  [
    'ten letters of ten people',
    (flow, block) => {
      for (let person = 10; person > 0; person -= 1)
        flow.insert(inBlock(Math.floor((block * person) / 8)), 'x', {})
    },
  ],
]

describe('the mirror', () => {
  it.for(EDITS)('looks at as few blocks for %s among 3,000 as among 60', ([, edit]) => {
    const [few, many] = [60, 3_000].map((blocks) => {
      const flow = openFlow(blocks)
      const mirror = showAll(flow)
      const entries = [...mirror.entries]
      const count = countReads([...mirror.segments, ...entries, ...entries.map(({ block }) => block)])
      flow.doc?.once('afterTransaction', (transaction: Y.Transaction) => {
        for (const { from, to, wanted } of mirror.update(transaction).toReversed())
          mirror.replace(
            from,
            to,
            wanted.map((block) => ({ key: block.segment.id, block })),
          )
      })
      flow.doc?.transact(() => edit(flow, blocks / 2))
      const { reads } = count
      expect(mirror.entries.map(({ block }) => block.text)).toEqual(mirror.render().map(({ text }) => text))
      return reads
    })
    expect(many).toBe(few)
  })
})
