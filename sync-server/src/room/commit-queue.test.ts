import { openStore } from '@weft/persistence'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { CommitQueue } from './commit-queue.ts'
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

it('keeps a batch that is on disk but cannot be merged as it was stored', async () => {
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
    committed: (entry) => entries.push(entry),
    stateChanged: () => undefined,
    drained: () => undefined,
    lost: (error) => lost.push(error),
  })
  const [one, two] = [typed('one'), typed('two')]
  // It announces a struct of no bytes: put together with another, nobody can read it.
  const misread = { ...two, sections: two.sections.map((section) => ({ ...section, from: section.to })) }
  queue.push({ update: one, principal: 'p', author: 1 })
  queue.push({ update: misread, principal: 'p', author: 2 })
  await queue.whenIdle()
  expect(lost).toEqual([])
  expect(entries.map(({ seq, records, author }) => ({ seq, records, author }))).toEqual([
    { seq: 1, records: 1, author: 1 },
    { seq: 2, records: 1, author: 2 },
  ])
  expect(queue.committed).toBe(2)
})
