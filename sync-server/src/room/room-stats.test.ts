/** Each count moves for its own reason, and for no other. */
import { openStore, StoreError } from '@weft/persistence'
import { heldStore, StoreWrapper } from '@weft/persistence/testing'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { RoomStats } from './room-stats.ts'
import { eventually, type OpenRooms, openRooms } from './testing/open-rooms.ts'
import { isSynced, type TestClient } from './testing/test-client.ts'

async function openTwo(options: Parameters<typeof openRooms>[0] = {}) {
  const opened = await openRooms(options)
  const [writer, reader] = [opened.join(), opened.join()]
  await opened.until(() => isSynced(writer) && isSynced(reader))
  return { ...opened, writer, reader }
}

describe('durations', () => {
  it('are from the frame to the disk, to the readers and to the ack', async () => {
    const held = heldStore(await openStore({ kind: 'memory' }))
    const { writer, until, clock, rooms } = await openTwo({ store: held })
    await until(() => writer.durable === writer.sent)
    const { durations } = rooms.stats()
    const secondsOf = () => [durations.commit, durations.relay, durations.ack].map(({ seconds }) => seconds)
    const before = secondsOf()
    writer.type('x')
    clock.advance(30)
    await held.whenHeld()
    clock.advance(200)
    await held.release()
    await until(() => writer.durable === writer.sent)
    const [commit = 0, relay = 0, ack = 0] = secondsOf().map(
      (seconds, index) => seconds - (before[index] ?? 0),
    )
    expect(durations.commit.count).toBe(1)
    expect(commit).toBeCloseTo(0.2, 3)
    expect(relay).toBeCloseTo(0.23, 3)
    expect(ack).toBeCloseTo(0.23, 3)
  })

  it('of compactions are counted when they succeed, failures apart', async () => {
    class FullStore extends StoreWrapper {
      isFull = true

      override putSnapshot(...snapshot: Parameters<StoreWrapper['putSnapshot']>): Promise<void> {
        if (this.isFull) return Promise.reject(new StoreError('full', 'no space'))
        return super.putSnapshot(...snapshot)
      }
    }
    const store = new FullStore(await openStore({ kind: 'memory' }))
    const { writer, reader, until, clock, rooms } = await openTwo({ store })
    writer.type('x')
    await until(() => writer.durable === writer.sent)
    for (const client of [writer, reader]) client.disconnect()
    clock.advance(6_000)
    await eventually(() => rooms.stats().compactionFailures === 1, 'a failure')
    const { compactions, durations, fenced } = rooms.stats()
    expect([compactions, durations.compaction.count, fenced]).toEqual([0, 0, []])
    store.isFull = false
    clock.advance(1_000)
    await eventually(() => rooms.stats().compactions === 1, 'a compaction')
    expect([rooms.stats().compactionFailures, durations.compaction.count]).toEqual([1, 1])
  })
})

describe('gauges', () => {
  it('rise and fall with sessions, slow readers and documents', async () => {
    const { writer, reader, until, clock, rooms, join } = await openTwo({ limits: { slowBytes: 1_000 } })
    expect(rooms.stats()).toMatchObject({ rooms: 1, sessions: 2, slowSessions: 0 })
    reader.socket.stick()
    writer.type('x'.repeat(2_000))
    await until(() => writer.durable === writer.sent)
    expect(rooms.stats().slowSessions).toBe(1)
    expect(rooms.stats().residentBytes).toBeGreaterThan(2_000)
    expect(rooms.stats().waitingBytes).toBeGreaterThan(2_000)
    reader.socket.drain()
    expect(rooms.stats()).toMatchObject({ slowSessions: 0, waitingBytes: 0 })
    const other = join({ documentId: 'other' })
    await until(() => isSynced(other))
    expect(rooms.stats()).toMatchObject({ rooms: 2, sessions: 3, roomsWithoutSessions: 0 })
    other.disconnect()
    expect(rooms.stats()).toMatchObject({ rooms: 2, sessions: 2, roomsWithoutSessions: 1 })
    clock.advance(100_000)
    expect(rooms.stats().rooms).toBe(1)
  })
})

describe('refusals', () => {
  const gap = (): Uint8Array => {
    const doc = new Y.Doc()
    doc.getText('text').insert(0, 'a')
    const half = Y.encodeStateVector(doc)
    doc.getText('text').insert(1, 'b')
    return Y.encodeStateAsUpdate(doc, half)
  }
  const cases: [
    reason: keyof RoomStats['refusals'],
    limits: object,
    refuse: (opened: OpenRooms) => TestClient,
  ][] = [
    [
      'malformed',
      {},
      ({ join }) => {
        const client = join()
        client.send(new Uint8Array([99]))
        return client
      },
    ],
    [
      'gap',
      {},
      ({ join }) => {
        const client = join({ weft: false })
        client.sendUpdate(gap())
        return client
      },
    ],
    [
      'read-only',
      {},
      ({ join }) => {
        const client = join({ role: 'view' })
        client.type('x')
        return client
      },
    ],
    [
      'rate',
      { framesPerSecond: 2, burstSeconds: 1 },
      ({ join }) => {
        const client = join()
        for (let count = 0; count < 3; count++) client.type('x')
        return client
      },
    ],
    [
      'schema',
      {},
      ({ join }) => {
        const client = join({ documentId: 'guarded', schema: 2 })
        client.doc.getText('text').insert(0, 'no guarded document has it')
        return client
      },
    ],
    [
      'queue-full',
      { maxQueuedBytes: 10 },
      ({ join }) => {
        const client = join()
        client.type('more than there is room for')
        client.type('x')
        return client
      },
    ],
    [
      'too-large',
      { maxDocumentBytes: 100 },
      ({ join }) => {
        const client = join()
        client.type('x'.repeat(200))
        return client
      },
    ],
  ]
  it.each(cases)('count %s when that is why', async (reason, limits, refuse) => {
    const opened = await openRooms({ limits })
    await opened.store.create({ id: 'doc', kind: 'yjs' })
    const client = refuse(opened)
    await opened.until(() => opened.rooms.stats().refusals[reason] > 0 || client.closedWith !== undefined)
    const counted = Object.entries(opened.rooms.stats().refusals).filter(([, count]) => count > 0)
    expect(counted.map(([counted]) => counted)).toEqual([reason])
  })
})
