import { setImmediate } from 'node:timers/promises'
import { openStore } from '@weft/persistence'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { CommitQueue } from './commit-queue.ts'
import { Intake } from './intake.ts'
import type { LogEntry } from './log.ts'
import { ROOM_LIMITS, type RoomLimits } from './room-limits.ts'
import { RoomCounters } from './room-stats.ts'
import { ManualClock } from './testing/manual-clock.ts'
import { aFewTurns } from './testing/open-rooms.ts'
import { readLayout, type UpdateLayout } from './update-layout.ts'

function typed(text: string): UpdateLayout {
  const doc = new Y.Doc()
  doc.getText('text').insert(0, text)
  return readLayout(Y.encodeStateAsUpdate(doc))
}

async function openQueue(limits: Partial<RoomLimits> = {}) {
  const store = await openStore({ kind: 'memory' })
  await store.create({ id: 'doc', kind: 'weft' })
  const entries: LogEntry[] = []
  const lost: unknown[] = []
  let drained = 0
  const clock = new ManualClock()
  const queue = new CommitQueue({
    store,
    documentId: 'doc',
    clock,
    limits: { ...ROOM_LIMITS, ...limits },
    counters: new RoomCounters(),
    intake: new Intake(Number.POSITIVE_INFINITY),
    committed: (committed) => entries.push(...committed),
    stateChanged: () => undefined,
    drained: () => drained++,
    lost: (error) => lost.push(error),
  })
  return { store, queue, entries, lost, clock, drained: () => drained }
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

const { busyCommits, busyWithinMs, gatherMs, gatherUpdates } = ROOM_LIMITS
const alone = { principal: 'p', author: 1 }

/** A queue in which so many commits have just followed each other, a ms between them. */
async function openBusyQueue(commits: number) {
  const opened = await openQueue()
  for (let commit = 0; commit < commits; commit++) {
    opened.queue.push(typed('x'), alone)
    await opened.queue.whenIdle()
    opened.clock.advance(1)
  }
  expect(opened.entries).toHaveLength(commits)
  return opened
}

it('never waits in a quiet room', async () => {
  const { queue, entries, clock } = await openBusyQueue(busyCommits - 1)
  queue.push(typed('y'), alone)
  await queue.whenIdle()
  expect(entries).toHaveLength(busyCommits)
  clock.advance(busyWithinMs)
  for (let commit = 0; commit < 20; commit++) {
    clock.advance(busyWithinMs / (busyCommits - 1))
    queue.push(typed('z'), alone)
    await queue.whenIdle()
  }
  expect(entries).toHaveLength(busyCommits + 20)
})

it('gathers in a busy room, from the first update on and not longer', async () => {
  const { queue, entries, clock } = await openBusyQueue(busyCommits)
  queue.push(typed('a'), alone)
  await aFewTurns()
  clock.advance(gatherMs - 1)
  queue.push(typed('b'), alone)
  await aFewTurns()
  expect(entries).toHaveLength(busyCommits)
  clock.advance(1)
  await queue.whenIdle()
  expect(entries).toHaveLength(busyCommits + 1)
  expect(queue.updates).toBe(0)
})

it('does not wait in a busy room once enough has come', async () => {
  const { queue, entries } = await openBusyQueue(busyCommits)
  for (let update = 1; update < gatherUpdates; update++) queue.push(typed('c'), alone)
  await aFewTurns()
  expect(entries).toHaveLength(busyCommits)
  queue.push(typed('d'), alone)
  await queue.whenIdle()
  expect(entries).toHaveLength(busyCommits + 1)
})

it('tells that there is room again although others go on writing, and tells it once', async () => {
  const { queue, entries, drained } = await openQueue({ maxQueuedBytes: 1_000, gatherMs: 0 })
  queue.push(typed('x'.repeat(2_000)), alone)
  expect(queue.isFull).toBe(true)
  // Somebody who always has another key under way: the queue is never empty.
  for (let commits = 0; commits < 20; ) {
    queue.push(typed('y'), alone)
    await setImmediate()
    commits = entries.length
    expect(queue.updates).toBeGreaterThan(0)
  }
  expect(drained()).toBe(1)
  await queue.whenIdle()
  expect(drained()).toBe(1)
})
