import { openStore, type StoredDocument, StoreError } from '@weft/persistence'
import { StoreWrapper } from '@weft/persistence/testing'
import { CLOSE } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import { openHeldRooms, openRooms } from './testing/open-rooms.ts'
import { isSynced } from './testing/test-client.ts'

/** Loads wait until the test lets them go, or fail with what it says. */
class SlowLoadStore extends StoreWrapper {
  loads = 0
  readonly gate = Promise.withResolvers<void>()

  override async load(documentId: string): Promise<StoredDocument> {
    this.loads++
    await this.gate.promise
    return super.load(documentId)
  }
}

describe('rooms', () => {
  it('load a document once however many come, and serve or accept nothing before it is there', async () => {
    const inner = await openStore({ kind: 'memory' })
    const first = await openRooms({ store: inner })
    const writer = first.join()
    writer.type('stored')
    await first.until(() => writer.durable === 2)
    const store = new SlowLoadStore(inner)
    const { join, until } = await openRooms({ store })
    const crowd = Array.from({ length: 20 }, () => join())
    await until(() => store.loads > 0)
    crowd[0]?.type('early ', 0)
    expect(crowd.flatMap(({ messages }) => messages)).toEqual([])
    expect((await inner.get('doc'))?.lastSeq).toBe(1)
    store.gate.resolve()
    await until(() => crowd.every(({ text }) => ['early stored', 'storedearly '].includes(text.toString())))
    expect(store.loads).toBe(1)
  })

  it('make the document that a client asks for: of the guarded kind when it knows the schema, whatever it speaks', async () => {
    const { join, until, store } = await openRooms()
    const clients = [
      join({ documentId: 'a', schema: 1 }),
      join({ documentId: 'b' }),
      join({ documentId: 'c', weft: false }),
      join({ documentId: 'a' }),
    ]
    await until(() => clients.every(isSynced))
    const kinds = await Promise.all(['a', 'b', 'c'].map(async (id) => (await store.get(id))?.kind))
    expect(kinds).toEqual(['weft', 'yjs', 'yjs'])
  })

  it('do not make one for somebody who may only read', async () => {
    const { join, until, store } = await openRooms()
    const viewer = join({ role: 'view' })
    await until(() => viewer.closedWith === CLOSE.deleted)
    expect(await store.get('doc')).toBeUndefined()
  })

  it('close a document in the trash with 4404, and open it again once it is restored', async () => {
    const { join, until, store, rooms } = await openRooms()
    const writer = join()
    writer.type('kept')
    await until(() => writer.durable === 2)
    await store.trash('doc')
    rooms.closeDocument('doc', CLOSE.deleted, 'in the trash')
    expect(writer.closedWith).toBe(CLOSE.deleted)
    const again = join()
    await until(() => again.closedWith === CLOSE.deleted)
    await store.untrash('doc')
    const restored = join()
    await until(() => restored.text.toString() === 'kept')
  })

  it('do not make a removed document again because somebody comes back to it', async () => {
    const { join, until, store, rooms } = await openRooms()
    const writer = join()
    await until(() => isSynced(writer))
    await store.trash('doc')
    await store.remove('doc')
    rooms.closeDocument('doc', CLOSE.deleted, 'deleted')
    const again = join()
    await until(() => again.closedWith === CLOSE.deleted)
    expect(await store.get('doc')).toBeUndefined()
  })

  it('close a document whose storage is damaged with 4503, and no other', async () => {
    class DamagedStore extends StoreWrapper {
      override load(documentId: string): Promise<StoredDocument> {
        if (documentId === 'bad')
          return Promise.reject(new StoreError('corrupt', 'checksum of record 3 differs'))
        return super.load(documentId)
      }
    }
    const { join, until, lines } = await openRooms({
      store: new DamagedStore(await openStore({ kind: 'memory' })),
    })
    const [bad, good] = [join({ documentId: 'bad' }), join({ documentId: 'good' })]
    await until(() => bad.closedWith === CLOSE.storeUnavailable)
    good.type('fine')
    await until(() => good.durable === good.sent)
    expect(lines).toEqual([{ level: 'error', message: 'a document could not be opened' }])
  })

  it('let idle documents leave before their time when there are many, however small', async () => {
    const { join, until, rooms, clock } = await openRooms({ limits: { idleRoomsBytes: 65_536 } })
    const visitors = Array.from({ length: 50 }, (_, index) => join({ documentId: `small-${index}` }))
    await until(() => visitors.every(isSynced))
    for (const visitor of visitors) visitor.disconnect()
    clock.advance(1_000)
    expect(rooms.stats().rooms).toBeGreaterThan(0)
    expect(rooms.stats().rooms).toBeLessThanOrEqual(10)
  })

  it('keep an idle document whose edits are not on disk yet', async () => {
    const { held, join, until, rooms, clock } = await openHeldRooms()
    const writer = join()
    await until(() => isSynced(writer))
    writer.type('slowly')
    await held.whenHeld()
    writer.disconnect()
    clock.advance(200_000)
    expect(rooms.stats()).toMatchObject({ rooms: 1, uncommitted: 1 })
    await held.release()
    await until(() => rooms.stats().uncommitted === 0)
    await until(() => rooms.stats().rooms === 0)
  })

  it('tell the people of a document, and only them', async () => {
    const { join, until, rooms } = await openRooms()
    const [alice, other, stock] = [join(), join({ documentId: 'other' }), join({ weft: false })]
    await until(() => [alice, other, stock].every(isSynced))
    rooms.notify('doc', { kind: 'renamed', title: 'A title' })
    expect(alice.received('notice')).toEqual([
      { kind: 'notice', notice: { kind: 'renamed', title: 'A title' } },
    ])
    expect([other.received('notice'), stock.received('notice')]).toEqual([[], []])
    const newcomer = join()
    await until(() => isSynced(newcomer))
    expect(newcomer.received('hello')[0]?.hello.title).toBe('A title')
  })
})
