import { CLOSE, decodeMessage, encodeAwareness, encodeAwarenessEntries, encodeUpdate } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { eventually, openRooms } from '../room/testing/open-rooms.ts'
import { isSynced } from '../room/testing/test-client.ts'

const unlimited = { framesPerSecond: Number.POSITIVE_INFINITY, bytesPerSecond: Number.POSITIVE_INFINITY }

describe('a slow reader', () => {
  it('is not written to above a megabyte, and is caught up in one message when it drains', async () => {
    const { join, until, rooms } = await openRooms({ limits: unlimited })
    const [writer, slow] = [join(), join()]
    await until(() => isSynced(writer) && isSynced(slow))
    slow.socket.stick()
    let highest = 0
    for (let page = 0; page < 40; page++) {
      writer.type('x'.repeat(100_000))
      await until(() => writer.durable === writer.sent)
      highest = Math.max(highest, slow.socket.bufferedAmount)
    }
    expect(highest).toBeLessThan(1_400_000)
    expect(rooms.stats().slowSessions).toBe(1)
    const before = slow.received('update').length
    slow.socket.drain()
    await until(() => slow.text.length === 4_000_000)
    // What waited in the socket, and one for all the rest.
    expect(slow.received('update').length - before).toBeLessThanOrEqual(highest / 100_000 + 2)
    expect(rooms.stats().slowSessions).toBe(0)
    writer.type('and on')
    await until(() => slow.text.length === 4_000_006)
  })

  it('is caught up from the snapshot when the log was folded meanwhile', async () => {
    const { join, until, rooms, clock } = await openRooms({ limits: unlimited })
    const [writer, slow] = [join(), join()]
    await until(() => isSynced(writer) && isSynced(slow))
    // A room that has just been opened is not folded yet.
    clock.advance(61_000)
    slow.socket.stick()
    for (let page = 0; page < 30; page++) {
      writer.type('x'.repeat(60_000))
      await until(() => writer.durable === writer.sent)
    }
    await eventually(() => rooms.stats().compactions > 0, 'a compaction')
    slow.socket.drain()
    await until(() => slow.text.length === 1_800_000)
    expect(slow.doc.store.pendingStructs).toBeNull()
  })

  it('that says goodbye while frames for it wait costs nobody anything', async () => {
    const { join, until, rooms } = await openRooms({ limits: unlimited })
    const [writer, slow] = [join(), join()]
    await until(() => isSynced(writer) && isSynced(slow))
    slow.type('so that it has an acknowledgement')
    await until(() => slow.durable === slow.sent)
    slow.socket.stick()
    for (let page = 0; page < 40; page++) {
      writer.type('x'.repeat(100_000))
      await until(() => writer.durable === writer.sent)
    }
    slow.socket.beginClosing()
    // What is sent from here on fails in the next tick; sending again for each failure would starve the event loop.
    const before = rooms.stats().framesOut
    slow.socket.drain()
    writer.type('others go on')
    await until(() => writer.durable === writer.sent)
    expect(rooms.stats().framesOut - before).toBeLessThan(10)
  })

  it('is closed with 1013 when it has read nothing for thirty seconds', async () => {
    const { join, until, clock } = await openRooms({ limits: unlimited })
    const [writer, slow] = [join(), join()]
    await until(() => isSynced(writer) && isSynced(slow))
    slow.socket.stick()
    writer.type('x'.repeat(2_000_000))
    await until(() => writer.durable === writer.sent)
    clock.advance(29_000)
    expect(slow.closedWith).toBeUndefined()
    clock.advance(3_000)
    expect(slow.closedWith).toBe(CLOSE.overloaded)
    writer.type('others go on')
    await until(() => writer.durable === writer.sent)
  })
})

describe('a session', () => {
  it('whose machine has gone without a goodbye ends within two minutes, and others see it leave', async () => {
    const { join, until, clock } = await openRooms()
    const [gone, present] = [join(), join()]
    await until(() => isSynced(gone) && isSynced(present))
    const state = new TextEncoder().encode('{"name":"Gone"}')
    gone.send(encodeAwareness(encodeAwarenessEntries([{ clientId: 1, clock: 1, state }])))
    clock.advance(1_000)
    // Nothing is large enough to make it slow.
    gone.socket.stick()
    clock.advance(80_000)
    expect(gone.closedWith).toBeUndefined()
    clock.advance(30_000)
    expect([gone.closedWith, present.closedWith]).toEqual([CLOSE.overloaded, undefined])
    const left = encodeAwarenessEntries([{ clientId: 1, clock: 1, state: undefined }])
    expect(present.received('awareness')).toContainEqual({ kind: 'awareness', update: left })
  })

  it('that only reads stays for as long as its browser answers', async () => {
    const { join, until, clock } = await openRooms()
    const reader = join({ weft: false })
    await until(() => isSynced(reader))
    clock.advance(600_000)
    expect(reader.closedWith).toBeUndefined()
  })

  it('is sent an empty awareness message after twenty seconds without any other', async () => {
    const { join, until, clock } = await openRooms()
    const client = join({ weft: false })
    await until(() => isSynced(client))
    const before = client.messages.length
    clock.advance(19_000)
    expect(client.messages).toHaveLength(before)
    clock.advance(3_000)
    expect(client.messages.slice(before)).toEqual([{ kind: 'awareness', update: Uint8Array.of(0) }])
    clock.advance(60_000)
    expect(client.messages.length - before).toBeLessThanOrEqual(4)
  })

  it('is told who is here before its step 2, and that somebody has left when their socket ends', async () => {
    const { join, until, clock } = await openRooms()
    const alice = join({ weft: false })
    await until(() => isSynced(alice))
    const state = new TextEncoder().encode('{"name":"Alice"}')
    alice.send(encodeAwareness(encodeAwarenessEntries([{ clientId: 1, clock: 1, state }])))
    const bob = join({ weft: false })
    await until(() => isSynced(bob))
    expect(bob.messages.map(({ kind }) => kind)).toEqual(['sync-step-1', 'awareness', 'sync-step-2'])
    clock.advance(100)
    alice.disconnect()
    clock.advance(100)
    expect(bob.received('awareness').at(-1)?.update).toEqual(
      encodeAwarenessEntries([{ clientId: 1, clock: 1, state: undefined }]),
    )
  })

  it('is closed with 4529 for a flood of frames, and nobody else is', async () => {
    const { join, until } = await openRooms()
    const [flood, alice, bob] = [join(), join(), join()]
    await until(() => [flood, alice, bob].every(isSynced))
    for (let frame = 0; frame < 10_000; frame++) flood.send(Uint8Array.of(3))
    expect(flood.closedWith).toBe(CLOSE.rateLimited)
    alice.type('fine')
    await until(() => bob.text.toString() === 'fine')
  })

  it('is read from more slowly, not closed, when it brings a large document', async () => {
    const { join, until, clock } = await openRooms()
    const client = join()
    await until(() => isSynced(client))
    client.type('x'.repeat(15_000_000))
    expect(client.socket.isPaused).toBe(true)
    client.type('and a word')
    await until(() => client.durable === client.sent - 1)
    clock.advance(10_000)
    await until(() => client.durable === client.sent)
    expect(client.closedWith).toBeUndefined()
  })

  it('is closed with 4413 when the document would become too large', async () => {
    const { join, until } = await openRooms({ limits: { ...unlimited, maxDocumentBytes: 100_000 } })
    const [greedy, alice] = [join(), join()]
    await until(() => isSynced(greedy) && isSynced(alice))
    greedy.type('x'.repeat(200_000))
    expect(greedy.closedWith).toBe(CLOSE.tooLarge)
    alice.type('small')
    await until(() => alice.durable === alice.sent)
  })

  it('may delete from a document that has reached its limit, and write again when that has been folded', async () => {
    const { join, until, rooms, clock } = await openRooms({
      limits: { ...unlimited, maxDocumentBytes: 100_000 },
    })
    const alice = join()
    await until(() => isSynced(alice))
    // What can still be folded counts half.
    for (let line = 0; line < 190; line++) alice.type('x'.repeat(1_000))
    await until(() => alice.durable === alice.sent)
    const bob = join()
    await until(() => bob.text.length === 190_000)
    bob.type('y'.repeat(5_000))
    expect(bob.closedWith).toBe(CLOSE.tooLarge)
    for (let word = 0; word < 1_000; word++) alice.text.delete(0, 180)
    await until(() => alice.durable === alice.sent)
    expect(alice.closedWith).toBeUndefined()
    alice.type('!')
    await until(() => alice.durable === alice.sent)
    alice.disconnect()
    clock.advance(6_000)
    await eventually(() => rooms.stats().compactions > 0, 'a compaction')
    const again = join({ doc: bob.doc })
    await until(() => again.durable === again.sent && isSynced(again))
    expect(again.text.length).toBe(190_000 - 180_000 + 5_000 + 1)
  })

  it('may not fill a document with holes without end', async () => {
    const { join, until } = await openRooms({ limits: { ...unlimited, maxDocumentBytes: 1_000 } })
    const alice = join()
    await until(() => isSynced(alice))
    alice.type('x'.repeat(900))
    await until(() => alice.durable === alice.sent)
    for (let at = 0; at < 450; at++) alice.text.delete(at, 1)
    expect(alice.closedWith).toBe(CLOSE.tooLarge)
  })

  it('relays a busy room at most sixty times a second, and a quiet one at once', async () => {
    const { join, until, clock } = await openRooms({ limits: unlimited })
    const [writer, reader] = [join(), join()]
    await until(() => isSynced(writer) && isSynced(reader))
    const from = clock.now()
    let typed = 0
    while (clock.now() - from < 1_000) {
      writer.type('x')
      typed++
      await until(() => clock.now() > from + typed)
    }
    await until(() => reader.text.length === typed)
    expect(typed).toBeGreaterThan(400)
    expect(reader.received('update').length).toBeLessThanOrEqual(75)
    clock.advance(1_000)
    const before = reader.received('update').length
    const at = clock.now()
    writer.type('!')
    await until(() => reader.received('update').length > before)
    expect(clock.now() - at).toBeLessThan(10)
  })

  it('keeps nothing of the buffer a frame arrived in', async () => {
    const { join, until, store } = await openRooms()
    const client = join()
    await until(() => isSynced(client))
    const doc = new Y.Doc()
    doc.getText('text').insert(0, 'as it was')
    const frame = Buffer.from(encodeUpdate(Y.encodeStateAsUpdate(doc)))
    client.socket.emit('message', frame, true)
    frame.fill(0)
    await until(async () => (await store.get('doc'))?.lastSeq === 1)
    const stored = (await store.load('doc')).tail[0]?.bytes ?? new Uint8Array()
    const cold = new Y.Doc()
    Y.applyUpdate(cold, stored)
    expect(cold.getText('text').toString()).toBe('as it was')
    expect(decodeMessage(encodeUpdate(stored)).kind).toBe('update')
  })
})

describe('a session that cannot be told what was committed', () => {
  it('is let go with its connection no longer held together, so that the goodbye leaves', async () => {
    const { join, until } = await openRooms()
    const writer = join()
    await until(() => isSynced(writer))
    let held = 0
    Object.assign(writer.socket, {
      cork: () => held++,
      uncork: () => held--,
      send: () => {
        throw new Error('a defect')
      },
    })
    writer.type('x')
    await until(() => writer.closedWith !== undefined)
    expect([writer.closedWith, held]).toEqual([CLOSE.internal, 0])
  })
})
