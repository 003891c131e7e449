/** What all documents of a process may hold together, while the disk or the readers are slower than the writers. */
import { openStore, type StoredDocument } from '@weft/persistence'
import { StoreWrapper } from '@weft/persistence/testing'
import { CLOSE, encodeUpdate } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import { openHeldRooms, openRooms } from './testing/open-rooms.ts'
import { isSynced } from './testing/test-client.ts'

const unlimited = { framesPerSecond: Infinity, bytesPerSecond: Infinity }

describe('what waits for the store', () => {
  it('holds back who writes, not who reads, and everything arrives once the store goes on', async () => {
    const { held, join, until, rooms } = await openHeldRooms({
      limits: { ...unlimited, maxTotalQueuedBytes: 50_000 },
    })
    const writers = ['a', 'b', 'c'].map((documentId) => join({ documentId }))
    await until(() => writers.every(isSynced))
    for (let round = 0; round < 100; round++)
      for (const writer of writers) writer.type(`${round} `.repeat(200))
    await held.whenHeld(3)
    expect(writers.map(({ socket }) => socket.isPaused)).toEqual([true, true, true])
    const { queuedBytes, heldSessions, refusals } = rooms.stats()
    expect(heldSessions).toBe(3)
    // Each may have brought one frame too much.
    expect(queuedBytes).toBeLessThan(50_000 + 3 * 1_000)
    const reader = join({ documentId: 'a' })
    await until(() => isSynced(reader))
    await until(async () => {
      if (held.held > 0) await held.release()
      return writers.every(({ durable, sent }) => durable === sent)
    }, 'everything to be on disk')
    expect(rooms.stats()).toMatchObject({ queuedBytes: 0, heldSessions: 0, refusals })
    expect(writers.map(({ closedWith }) => closedWith)).toEqual([undefined, undefined, undefined])
    await until(() => reader.text.toString() === writers[0]?.text.toString())
  })

  it('is forgotten with the room that it was for', async () => {
    const { held, join, until, rooms } = await openHeldRooms({ limits: unlimited })
    const writer = join()
    await until(() => isSynced(writer))
    for (let round = 0; round < 10; round++) writer.type('x'.repeat(1_000))
    await held.whenHeld()
    expect(rooms.stats().queuedBytes).toBeGreaterThan(10_000)
    rooms.closeDocument('doc', CLOSE.deleted, 'gone')
    expect(rooms.stats().queuedBytes).toBe(0)
    await held.release()
    expect(rooms.stats().queuedBytes).toBe(0)
  })
})

describe('what waits in sockets', () => {
  async function openSlow(maxTotalBufferedBytes: number) {
    const opened = await openRooms({ limits: { ...unlimited, slowBytes: 20_000, maxTotalBufferedBytes } })
    const writer = opened.join()
    await opened.until(() => isSynced(writer))
    const type = async (words: string): Promise<void> => {
      writer.type(words)
      await opened.until(() => writer.durable === writer.sent)
    }
    return { ...opened, writer, type }
  }

  it('closes with 1013 who has been slow longest, and no more than it must', async () => {
    const { join, until, clock, type, writer } = await openSlow(100_000)
    const slow = Array.from({ length: 3 }, () => join())
    await until(() => slow.every(isSynced))
    for (const reader of slow) {
      reader.socket.stick()
      await type('x'.repeat(30_000))
    }
    clock.advance(1_000)
    expect(slow.map(({ closedWith }) => closedWith)).toEqual([undefined, undefined, undefined])
    // The first is far behind and holds one frame; only what the others still take makes it too much.
    for (let round = 0; round < 3; round++) {
      const reader = join()
      await until(() => isSynced(reader))
      reader.socket.stick()
      await type('y'.repeat(20_000))
      slow.push(reader)
    }
    clock.advance(1_000)
    const codes = slow.map(({ closedWith }) => closedWith)
    expect(codes.slice(0, codes.indexOf(undefined)).every((code) => code === CLOSE.overloaded)).toBe(true)
    expect([codes[0], codes.at(-1)]).toEqual([CLOSE.overloaded, undefined])
    expect(writer.closedWith).toBeUndefined()
  })

  it('counts a document once that thirty people are waiting for', async () => {
    const { join, until, clock, rooms, type } = await openSlow(1_000_000)
    await type('x'.repeat(400_000))
    const crowd = Array.from({ length: 30 }, () => {
      const client = join()
      client.socket.stick()
      return client
    })
    await until(() => rooms.stats().slowSessions === 30)
    clock.advance(1_000)
    expect(rooms.stats().waitingBytes).toBeLessThan(500_000)
    for (const { socket } of crowd) socket.drain()
    await until(() => crowd.every(isSynced))
    expect(rooms.stats().waitingBytes).toBe(0)
  })
})

it('what comes before a document is loaded is bounded', async () => {
  const gate = Promise.withResolvers<void>()
  class SlowStore extends StoreWrapper {
    override async load(documentId: string): Promise<StoredDocument> {
      await gate.promise
      return super.load(documentId)
    }
  }
  const { join, until, rooms } = await openRooms({
    store: new SlowStore(await openStore({ kind: 'memory' })),
    limits: { ...unlimited, maxFrameBytes: 10_000 },
  })
  const [modest, greedy] = [join(), join()]
  const frame = Buffer.from(encodeUpdate(new Uint8Array(4_000)))
  // Received before the pause took effect.
  for (let count = 0; count < 3; count++) greedy.socket.emit('message', frame, true)
  expect(greedy.closedWith).toBe(CLOSE.overloaded)
  gate.resolve()
  await until(() => isSynced(modest))
  expect(rooms.stats().sessions).toBe(1)
})
