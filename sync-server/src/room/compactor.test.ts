/** When logs are folded into snapshots, that nobody notices, and what becomes of a document that cannot be. */
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { sameContent } from './content.ts'
import { knowledgeOf } from './held-snapshot.ts'
import { decodeSummary } from './summary.ts'
import { eventually, openRooms } from './testing/open-rooms.ts'
import { editRandomly, randomNumbers, seeds } from './testing/random-edits.ts'
import { isSynced } from './testing/test-client.ts'

describe('rooms', () => {
  it('fold no idle document whose tail is short, and one whose tail is long', async () => {
    const { join, until, rooms, clock, store } = await openRooms({
      limits: { idleTailRecords: 3, idleTailBytes: 1_000 },
    })
    const writer = join()
    await until(() => isSynced(writer))
    const write = async (): Promise<void> => {
      writer.type('word ')
      await until(() => writer.durable === writer.sent)
    }
    for (let record = 0; record < 2; record++) await write()
    writer.disconnect()
    clock.advance(30_000)
    const again = join({ doc: writer.doc })
    await until(() => isSynced(again))
    for (let record = 0; record < 4; record++) {
      again.type('word ')
      await until(() => again.durable === again.sent)
    }
    again.disconnect()
    clock.advance(6_000)
    await eventually(() => rooms.stats().compactions > 0, 'a compaction')
    const { lastSeq } = (await store.get('doc')) ?? {}
    expect(lastSeq).toBeGreaterThan(3)
    // Of the long tail: the short one was left alone.
    expect((await store.load('doc')).snapshot?.through).toBe(lastSeq)
    expect(rooms.stats().compactions).toBe(1)
  })

  it('fold an idle document into a snapshot, let it leave memory, and open it as it was', async () => {
    for (const seed of seeds(3)) {
      const random = randomNumbers(seed)
      const { join, until, store, rooms, clock } = await openRooms()
      const writer = join()
      await until(() => isSynced(writer))
      for (let edit = 0; edit < 80; edit++) editRandomly(writer.doc, random)
      await until(() => writer.durable === writer.sent)
      const records = (await store.get('doc'))?.lastSeq
      writer.disconnect()
      clock.advance(6_000)
      await eventually(() => rooms.stats().compactions === 1, 'a compaction')
      const { snapshot, tail } = await store.load('doc')
      expect([tail.length, snapshot?.through]).toEqual([0, records])
      expect(rooms.stats().fenced).toEqual([])
      expect(decodeSummary(snapshot?.summary ?? new Uint8Array())?.encodeVector()).toEqual(
        Y.encodeStateVector(writer.doc),
      )
      clock.advance(61_000)
      expect(rooms.stats().rooms).toBe(0)
      const cold = join()
      await until(() => isSynced(cold) && sameContent(cold.doc, writer.doc), `SEED=${seed}`)
      // Who comes back with all of it brings and gets nothing.
      const back = join({ doc: writer.doc })
      await until(() => isSynced(back) && back.durable === back.sent)
      expect((await store.load('doc')).tail).toEqual([])
    }
  })

  it('give who missed the fold of the log only what is missing, also by a worker for a long document', async () => {
    for (const inlineDiffBytes of [1_000_000, 10]) {
      const { join, until, rooms, clock } = await openRooms({ limits: { inlineDiffBytes } })
      const writer = join()
      writer.type('x'.repeat(20_000))
      await until(() => writer.durable === writer.sent)
      const away = join()
      await until(() => away.text.length === 20_000)
      away.disconnect()
      writer.type(' and more')
      writer.text.delete(0, 10)
      await until(() => writer.durable === writer.sent)
      writer.disconnect()
      clock.advance(6_000)
      await eventually(() => rooms.stats().compactions === 1, 'a compaction')
      const late = join()
      late.type('tail ')
      await until(() => late.durable === late.sent && late.text.length > 20_000)
      const back = join({ doc: away.doc })
      await until(() => isSynced(back) && sameContent(back.doc, late.doc))
      expect(back.bytesReceived).toBeLessThan(1_000)
      await rooms.drain()
    }
  })

  it('compact and load again a document of which more was deleted than one update may bring', async () => {
    const unlimited = { framesPerSecond: Infinity, bytesPerSecond: Infinity }
    const { join, until, rooms, store, clock } = await openRooms({ limits: unlimited })
    const writer = join()
    await until(() => isSynced(writer))
    // 2^31 collected clocks of client 5, and as many again after them.
    const many = [0x80, 0x80, 0x80, 0x80, 8]
    for (const first of [[0], many]) {
      writer.sendUpdate(Uint8Array.from([1, 1, 5, ...first, 0, ...many, 0]))
      await until(() => writer.durable === writer.sent)
    }
    writer.type('short')
    await until(() => writer.durable === writer.sent)
    writer.disconnect()
    clock.advance(20_000)
    await eventually(() => rooms.stats().compactions > 0 || rooms.stats().fenced.length > 0)
    expect(rooms.stats().fenced).toEqual([])
    const { snapshot } = await store.load('doc')
    // As when the summary is of another version: the bytes are read instead.
    const reread = snapshot && knowledgeOf({ ...snapshot, summary: new Uint8Array(0) })
    expect(reread?.clock(5)).toBe(2 ** 32)
    const restarted = await openRooms({ store })
    const reader = restarted.join()
    await restarted.until(() => reader.text.toString() === 'short')
  })

  it('fence a document that cannot be compacted: it still takes edits', async () => {
    const { join, until, rooms, store, clock } = await openRooms()
    await store.create({ id: 'doc', kind: 'yjs' })
    // Well-formed, but it leans on what is not stored: no guard has seen it.
    const doc = new Y.Doc()
    doc.getText('text').insert(0, 'a')
    const half = Y.encodeStateVector(doc)
    doc.getText('text').insert(1, 'b')
    await store.append('doc', [{ bytes: Y.encodeStateAsUpdate(doc, half), principal: 'p' }])
    const first = join()
    await until(() => isSynced(first))
    first.disconnect()
    clock.advance(6_000)
    await eventually(() => rooms.stats().fenced.length === 1)
    const writer = join()
    writer.doc.getMap('map').set('still', 'works')
    await until(() => writer.durable === writer.sent)
    expect(rooms.stats()).toMatchObject({ fenced: ['doc'], compactions: 0 })
  })

  it('fence a document that takes more memory than compacting may, and go on with every other', async () => {
    const { join, until, rooms, store, clock } = await openRooms({
      limits: { maxWorkerBytes: 32 * 1_048_576, idleRoomMs: 600_000 },
    })
    const large = new Y.Doc()
    // Written backwards, so that every character is an object of its own.
    large.transact(() => {
      for (let count = 0; count < 200_000; count++) large.getText('text').insert(0, 'x')
    })
    await store.create({ id: 'large', kind: 'yjs' })
    await store.append('large', [{ bytes: Y.encodeStateAsUpdate(large), principal: 'p' }])
    const [reader, writer] = [join({ documentId: 'large' }), join({ documentId: 'small' })]
    writer.type('small')
    await until(() => isSynced(reader) && writer.durable === writer.sent)
    for (const client of [reader, writer]) client.disconnect()
    clock.advance(6_000)
    await eventually(() => rooms.stats().fenced.length === 1 && rooms.stats().compactions === 1)
    expect(rooms.stats().fenced).toEqual(['large'])
  })

  it('fold a live document in its first minute only when opening it cold would take long', async () => {
    const { join, until, rooms, store } = await openRooms()
    for (const [id, records] of [
      ['short', 1_000],
      ['long', 8_100],
    ] as const) {
      await store.create({ id, kind: 'yjs' })
      const doc = new Y.Doc()
      const updates: { bytes: Uint8Array; principal: string }[] = []
      doc.on('update', (bytes: Uint8Array) => updates.push({ bytes, principal: 'p' }))
      for (let record = 0; record < records; record++) doc.getText('text').insert(record, 'x')
      for (let from = 0; from < records; from += 1_000)
        await store.append(id, updates.slice(from, from + 1_000))
    }
    const [short, long] = [join({ documentId: 'short' }), join({ documentId: 'long' })]
    await until(() => isSynced(short) && isSynced(long))
    for (const client of [short, long]) client.type('!')
    await until(() => [short, long].every(({ durable, sent }) => durable === sent))
    await eventually(() => rooms.stats().compactions === 1, 'a compaction')
    expect((await store.load('long')).tail).toEqual([])
    expect((await store.load('short')).snapshot).toBeUndefined()
  })
})
