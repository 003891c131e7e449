import { openStore } from '@weft/persistence'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { CommitQueue } from './commit-queue.ts'
import { Intake } from './intake.ts'
import type { LogEntry } from './log.ts'
import { ROOM_LIMITS } from './room-limits.ts'
import { RoomCounters } from './room-stats.ts'
import { ManualClock } from './testing/manual-clock.ts'
import { readLayout, type UpdateLayout } from './update-layout.ts'

function typed(text: string): UpdateLayout {
  const doc = new Y.Doc()
  doc.getText('text').insert(0, text)
  return readLayout(Y.encodeStateAsUpdate(doc))
}

async function openQueue() {
  const store = await openStore({ kind: 'memory' })
  await store.create({ id: 'doc', kind: 'weft' })
  const entries: LogEntry[] = []
  const lost: unknown[] = []
  const queue = new CommitQueue({
    store,
    documentId: 'doc',
    clock: new ManualClock(),
    limits: ROOM_LIMITS,
    counters: new RoomCounters(),
    intake: new Intake(Number.POSITIVE_INFINITY),
    committed: (committed) => entries.push(...committed),
    stateChanged: () => undefined,
    drained: () => undefined,
    lost: (error) => lost.push(error),
  })
  return { store, queue, entries, lost }
}

it('stores what one principal wrote together as one record, and what another wrote as another', async () => {
  const { store, queue, entries } = await openQueue()
  const tickets = [
    queue.push(typed('one'), { principal: 'p', author: 1 }),
    queue.push(typed('two'), { principal: 'p', author: 2 }),
    queue.push(typed('three'), { principal: 'q', author: 3 }),
    queue.push(typed('four'), { principal: 'p', author: 1 }),
  ]
  expect(tickets).toEqual([1, 1, 2, 3])
  expect(queue.updates).toBe(4)
  await queue.whenIdle()
  expect(entries.map(({ seq, author }) => ({ seq, author }))).toEqual([
    { seq: 1, author: 0 },
    { seq: 2, author: 3 },
    { seq: 3, author: 1 },
  ])
  const { tail } = await store.load('doc')
  expect(tail.map(({ principal }) => principal)).toEqual(['p', 'q', 'p'])
  const doc = new Y.Doc()
  for (const { bytes } of tail) Y.applyUpdate(doc, bytes)
  for (const word of ['one', 'two', 'three', 'four'])
    expect(doc.getText('text').toString().split(word)).toHaveLength(2)
  expect(queue.updates).toBe(0)
  expect(queue.bytes).toBe(0)
})

it('stores nothing of what cannot be put together, and gives the document up', async () => {
  const { store, queue, entries, lost } = await openQueue()
  const two = typed('two')
  // It announces a struct of no bytes: put together with another, nobody can read it.
  const misread = { ...two, sections: two.sections.map((section) => ({ ...section, from: section.to })) }
  queue.push(typed('one'), { principal: 'p', author: 1 })
  queue.push(misread, { principal: 'p', author: 2 })
  await queue.whenIdle()
  expect(lost).toEqual([
    expect.objectContaining({ message: expect.stringContaining('could not be put together') }),
  ])
  expect(entries).toEqual([])
  expect(await store.load('doc')).toEqual({ snapshot: undefined, tail: [] })
  expect(queue.committed).toBe(0)
})
