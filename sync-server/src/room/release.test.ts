/** Documents that leave memory although people are in them. */
import { openStore, type StoredDocument, StoreError } from '@weft/persistence'
import { StoreWrapper } from '@weft/persistence/testing'
import { CLOSE } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { eventually, openRooms } from './testing/open-rooms.ts'
import { isSynced } from './testing/test-client.ts'

class FailingStore extends StoreWrapper {
  loads = 0
  fails = false

  override load(documentId: string): Promise<StoredDocument> {
    this.loads++
    if (this.fails) return Promise.reject(new StoreError('unavailable', 'gone for now'))
    return super.load(documentId)
  }
}

/** Two people in a document that is larger than the process may hold, and one who reads nothing. */
async function openTooLarge() {
  const store = new FailingStore(await openStore({ kind: 'memory' }))
  const opened = await openRooms({
    store,
    limits: { maxResidentBytes: 10_000, slowBytes: 5_000, bytesPerSecond: Infinity },
  })
  const [alice, bob, slow] = [opened.join(), opened.join(), opened.join()]
  await opened.until(() => [alice, bob, slow].every(isSynced))
  slow.socket.stick()
  const type = async (words: string): Promise<void> => {
    alice.type(words)
    await opened.until(() => alice.durable === alice.sent && bob.text.length === alice.text.length)
  }
  await type('a'.repeat(8_000))
  for (let line = 0; line < 4; line++) await type('a'.repeat(2_000))
  opened.clock.advance(1_000)
  return { ...opened, store, alice, bob, slow, type }
}

describe('a document that is too large for memory', () => {
  it('leaves it while people go on writing, and newcomers get all of it', async () => {
    const { rooms, store, alice, type, join, until } = await openTooLarge()
    const { residentBytes } = rooms.stats()
    expect(rooms.stats()).toMatchObject({ rooms: 1, roomsReleased: 1 })
    // Which list everything is in, because that was needed a moment ago.
    expect(residentBytes).toBeLessThan(2_000)
    const { loads } = store
    await type(' goes on')
    expect([store.loads, rooms.stats().residentBytes > residentBytes]).toEqual([loads, true])
    const crowd = Array.from({ length: 10 }, () => join())
    await until(() => crowd.every(isSynced))
    expect(crowd.map(({ text }) => text.toString())).toEqual(crowd.map(() => alice.text.toString()))
    expect(store.loads).toBe(loads + 1)
    await until(() => rooms.stats().roomsReleased === 1, 'it to leave again')
  })

  it('gives one who comes back a difference that a worker must compute, however long that takes', async () => {
    const store = new FailingStore(await openStore({ kind: 'memory' }))
    const limits = { maxResidentBytes: 10_000, inlineDiffBytes: 1_000, bytesPerSecond: Infinity }
    const { join, until, clock, rooms } = await openRooms({ store, limits })
    const [writer, away] = [join(), join()]
    await until(() => isSynced(writer) && isSynced(away))
    writer.type('seen ')
    await until(() => away.text.length === 5)
    away.disconnect()
    // More than answers that are kept for a crowd may take.
    for (let page = 0; page < 12; page++) writer.type('x'.repeat(100_000))
    await until(() => writer.durable === writer.sent)
    clock.advance(61_000)
    writer.type('!')
    await eventually(() => rooms.stats().compactions > 0, 'a compaction')
    clock.advance(1_000)
    expect(rooms.stats().roomsReleased).toBe(1)
    const { loads } = store
    const back = join({ doc: away.doc })
    await until(() => isSynced(back), 'its difference')
    expect(back.text.length).toBe(1_200_006)
    // It stays while somebody waits for what is made of it, and then leaves.
    expect(store.loads - loads).toBe(1)
    await until(() => rooms.stats().roomsReleased === 1, 'it to leave again')
  })

  it('gives one who comes back what was missed', async () => {
    const { alice, bob, type, join, until } = await openTooLarge()
    bob.disconnect()
    alice.type(' while away')
    await until(() => alice.durable === alice.sent)
    const back = join({ doc: bob.doc })
    await until(() => isSynced(back) && back.text.toString() === alice.text.toString())
    expect(back.bytesReceived).toBeLessThan(1_000)
    await type(' and on')
  })

  it('gives a slow reader what it missed once it reads again', async () => {
    const { alice, slow, store, type, until } = await openTooLarge()
    await type(' more')
    const { loads } = store
    slow.socket.drain()
    await until(() => slow.text.toString() === alice.text.toString())
    expect(store.loads).toBe(loads + 1)
    await type(' together')
    await until(() => slow.text.toString() === alice.text.toString())
  })

  it('lets go, to come back, whoever needs it while it cannot be read, and nobody else', async () => {
    const { alice, bob, slow, store, type, join, until } = await openTooLarge()
    store.fails = true
    const newcomer = join()
    slow.socket.drain()
    await until(() => newcomer.closedWith !== undefined && slow.closedWith !== undefined)
    expect([newcomer.closedWith, slow.closedWith]).toEqual([CLOSE.storeUnavailable, CLOSE.storeUnavailable])
    await type(' still works')
    expect([alice.closedWith, bob.closedWith]).toEqual([undefined, undefined])
    store.fails = false
    const back = join()
    await until(() => isSynced(back) && back.text.toString() === alice.text.toString())
  })

  it('is read again for what must be compared with it, and nobody loses what they wrote', async () => {
    const store = new FailingStore(await openStore({ kind: 'memory' }))
    const { join, until, clock, rooms } = await openRooms({ store, limits: { maxResidentBytes: 100 } })
    const [alice, bob] = [join(), join()]
    await until(() => isSynced(alice) && isSynced(bob))
    alice.type('a'.repeat(2_000))
    await until(() => alice.durable === alice.sent)
    clock.advance(12_000)
    expect(rooms.stats()).toMatchObject({ roomsReleased: 1, residentBytes: 0 })
    const { loads } = store
    alice.type('elsewhere', 3)
    await until(() => alice.durable === alice.sent && bob.text.toString() === alice.text.toString())
    expect([store.loads - loads, rooms.stats().refusals['queue-full']]).toEqual([1, 1])
    clock.advance(12_000)
    store.fails = true
    alice.type('nowhere', 5)
    await until(() => alice.closedWith !== undefined)
    expect([alice.closedWith, bob.closedWith]).toEqual([CLOSE.storeUnavailable, undefined])
    store.fails = false
    const back = join({ doc: alice.doc })
    await until(() => bob.text.toString() === alice.text.toString() && back.durable === back.sent)
  })

  it('is folded like any other, and people who were there see the same', async () => {
    const { alice, bob, join, until, rooms, clock, type } = await openTooLarge()
    const undo = new Y.UndoManager(alice.text)
    await type('x'.repeat(300_000))
    undo.undo()
    await until(() => bob.text.toString() === alice.text.toString())
    clock.advance(61_000)
    await type('!')
    await eventually(() => rooms.stats().compactions === 1, 'a compaction')
    clock.advance(1_000)
    const newcomer = join()
    await until(() => isSynced(newcomer) && newcomer.text.toString() === alice.text.toString())
  })
})
