import { setImmediate } from 'node:timers/promises'
import { encodeSyncStep1 } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { sameContent } from './content.ts'
import { aFewTurns, openHeldRooms, openRooms } from './testing/open-rooms.ts'
import { editRandomly, randomNumbers, seeds } from './testing/random-edits.ts'
import { isSynced, type TestClient } from './testing/test-client.ts'

const updateFrames = (client: TestClient): number => client.received('update').length

describe('a room', () => {
  it('acknowledges an update only once the store has made it durable', async () => {
    const { held, join, until } = await openHeldRooms()
    const alice = join()
    await until(() => isSynced(alice))
    alice.type('hi')
    await held.whenHeld()
    await aFewTurns()
    expect(alice.durable).toBeLessThan(alice.sent)
    await held.release()
    await until(() => alice.durable === alice.sent)
  })

  it('shows nobody an update that is not on disk', async () => {
    const { held, join, until } = await openHeldRooms()
    const [alice, bob] = [join(), join()]
    await until(() => isSynced(alice) && isSynced(bob))
    alice.type('hi')
    await held.whenHeld()
    const carol = join()
    await until(() => isSynced(carol))
    await aFewTurns()
    expect([bob.text.toString(), carol.text.toString()]).toEqual(['', ''])
    await held.release()
    await until(() => bob.text.toString() === 'hi' && carol.text.toString() === 'hi')
  })

  it('commits what arrives during a commit together, and relays it as one message', async () => {
    const { held, join, until } = await openHeldRooms()
    const [alice, bob] = [join(), join()]
    await until(() => isSynced(alice) && isSynced(bob))
    alice.type('a')
    await held.whenHeld()
    for (const letter of 'bcdef') alice.type(letter)
    await held.release()
    await held.whenHeld()
    await held.release()
    await until(() => bob.text.toString() === 'abcdef' && alice.durable === alice.sent)
    expect(updateFrames(bob)).toBe(2)
    expect(alice.received('durable').map(({ count }) => count)).toEqual([1, 2, 7])
  })

  it('commits together what is each as much deleted content as one update may bring', async () => {
    const { join, until, store } = await openRooms()
    const clients = [join(), join()]
    await until(() => clients.every(isSynced))
    // 2^31 collected clocks of client 5, and of client 6.
    for (const [index, client] of clients.entries())
      client.sendUpdate(Uint8Array.from([1, 1, 5 + index, 0, 0, 0x80, 0x80, 0x80, 0x80, 8, 0]))
    await until(() =>
      clients.every((client) => client.durable === client.sent || client.closedWith !== undefined),
    )
    expect(clients.map(({ closedWith }) => closedWith)).toEqual([undefined, undefined])
    expect((await store.get('doc'))?.lastSeq).toBe(1)
  })

  it('does not send a writer what it alone has written', async () => {
    const { join, until } = await openRooms()
    const alice = join()
    await until(() => isSynced(alice))
    for (const letter of 'mine') alice.type(letter)
    await until(() => alice.durable === alice.sent)
    expect(updateFrames(alice)).toBe(0)
  })

  it('says nothing of its own to a client that does not speak weft.1', async () => {
    const { join, until } = await openRooms()
    const [stock, weft] = [join({ weft: false }), join()]
    stock.type('hi')
    await until(() => weft.text.toString() === 'hi')
    await aFewTurns()
    const ours = stock.messages.filter(({ kind }) => ['hello', 'durable', 'notice'].includes(kind))
    expect(ours).toEqual([])
    expect(weft.received('hello')).toHaveLength(1)
  })

  it('asks at once what a client holds, and sends step 2 last', async () => {
    const { join, until } = await openRooms()
    const offline = new Y.Doc()
    offline.getText('text').insert(0, 'written offline')
    const alice = join({ doc: offline })
    await until(() => alice.durable === 1)
    const bob = join()
    await until(() => bob.text.toString() === 'written offline')
    const kinds = bob.messages.map(({ kind }) => kind)
    expect(kinds.slice(0, 2)).toEqual(['hello', 'sync-step-1'])
    expect(kinds.indexOf('sync-step-2')).toBe(2)
  })

  it('brings everybody to the same content, whatever they write at the same time', async () => {
    for (const seed of seeds(6)) {
      const random = randomNumbers(seed)
      const { join, until, store } = await openRooms({
        limits: { framesPerSecond: Number.POSITIVE_INFINITY },
      })
      const clients = [join(), join({ weft: false }), join(), join({ weft: false })]
      for (let edit = 0; edit < 150; edit++) {
        const client = clients[Math.floor(random() * clients.length)]
        if (client !== undefined) editRandomly(client.doc, random)
        if (random() < 0.3) await setImmediate()
      }
      const [alice] = clients
      await until(
        () => clients.every((client) => alice !== undefined && sameContent(client.doc, alice.doc)),
        `equal content, SEED=${seed}`,
      )
      await until(() => clients.every((client) => client.durable === client.sent || client.durable === 0))
      const stored = await store.load('doc')
      const cold = new Y.Doc()
      for (const { bytes } of stored.tail) Y.applyUpdate(cold, bytes)
      expect(alice !== undefined && sameContent(cold, alice.doc), `SEED=${seed}`).toBe(true)
    }
  })

  it('adds no record and relays no byte when unchanged clients come back a hundred times', async () => {
    const { join, until, store } = await openRooms()
    const writers = [join(), join()]
    await until(() => writers.every(isSynced))
    // Concurrent formatting and assignments: each replica cleans up for itself, and says so.
    for (const [index, writer] of writers.entries()) {
      writer.type('some words to format ')
      writer.text.format(index * 3, 9, { bold: true })
      writer.doc.getMap('map').set('key', index)
    }
    const [alice, bob] = writers
    await until(() => alice !== undefined && bob !== undefined && sameContent(alice.doc, bob.doc))
    await until(() => writers.every((writer) => writer.durable === writer.sent))
    for (const writer of writers) writer.disconnect()
    // What the clean-up deletes is said once.
    for (const { doc } of writers) {
      const again = join({ doc })
      await until(() => again.durable === again.sent && isSynced(again))
      again.disconnect()
    }
    const watcher = join()
    await until(() => isSynced(watcher) && watcher.durable === 1)
    const records = (await store.get('doc'))?.lastSeq
    const bytes = watcher.bytesReceived
    for (let round = 0; round < 50; round++)
      for (const { doc } of writers) {
        const again = join({ doc, weft: false })
        await until(() => isSynced(again))
        again.disconnect()
      }
    await aFewTurns()
    expect((await store.get('doc'))?.lastSeq).toBe(records)
    expect(watcher.bytesReceived).toBe(bytes)
  })

  it('stores nothing of a gap, asks for what is missing, and then has both', async () => {
    const { join, until, store } = await openRooms()
    const tabs = [join(), join()]
    await until(() => tabs.every(isSynced))
    const [first, second] = tabs
    if (first === undefined || second === undefined) throw new Error('no tabs')
    // The first tab is offline; the second hears of its words directly and goes on after them.
    const offline = new Y.Doc()
    offline.getText('text').insert(0, 'from the other tab')
    Y.applyUpdate(second.doc, Y.encodeStateAsUpdate(offline), second)
    second.doc.on('update', () => undefined)
    second.type(', and mine')
    await aFewTurns()
    expect((await store.load('doc')).tail).toEqual([])
    expect(second.durable).toBeLessThan(second.sent)
    first.sendUpdate(Y.encodeStateAsUpdate(offline))
    await until(() => second.durable === second.sent)
    await until(() => first.text.toString() === 'from the other tab, and mine')
  })

  it('does not go round in circles with a client whose gap never closes', async () => {
    const { join, until, rooms } = await openRooms()
    const alice = join()
    await until(() => isSynced(alice) && alice.durable === 1)
    const never = new Y.Doc()
    never.getText('text').insert(0, 'never arrives')
    Y.applyUpdate(alice.doc, Y.encodeStateAsUpdate(never), alice)
    const bob = join()
    for (let round = 0; round < 50; round++) {
      alice.type('x')
      bob.type('y', 0)
      await setImmediate()
    }
    await until(() => bob.durable === bob.sent)
    // At the start, and at most once a second for new gaps.
    expect(alice.received('sync-step-1').length).toBeLessThanOrEqual(3)
    expect(alice.durable).toBe(1)
    expect(rooms.stats().refusals.gap).toBeGreaterThan(0)
  })

  it('drops a viewer’s write undecoded, with one notice, and goes on serving it', async () => {
    const { join, until, store } = await openRooms()
    const doc = new Y.Doc()
    doc.clientID = 5
    const editor = join({ doc })
    await until(() => isSynced(editor))
    const viewer = join({ role: 'view' })
    await until(() => isSynced(viewer))
    viewer.type('not allowed')
    viewer.sendUpdate(Uint8Array.of(9, 9, 9, 9))
    viewer.sendStep2(Y.encodeStateAsUpdate(viewer.doc))
    viewer.sendUpdate(Uint8Array.of(0, 0))
    // A delete and nothing else, of what the editor writes next.
    viewer.sendUpdate(Uint8Array.of(0, 1, 5, 1, 0, 7))
    editor.type('allowed')
    await until(() => viewer.text.toString().includes('allowed') && editor.durable === editor.sent)
    expect(viewer.closedWith).toBeUndefined()
    expect(viewer.received('notice')).toEqual([{ kind: 'notice', notice: { kind: 'read-only' } }])
    expect(viewer.received('hello')[0]?.hello.readOnly).toBe(true)
    expect(viewer.durable).toBe(0)
    expect(editor.text.toString()).toBe('allowed')
    expect((await store.get('doc'))?.lastSeq).toBe(1)
  })

  it('merges an amplifier’s hundred step 1 into at most six answers a burst', async () => {
    const { join, until, clock } = await openRooms()
    const alice = join()
    await until(() => isSynced(alice))
    alice.type('x'.repeat(10_000))
    await until(() => alice.durable === alice.sent)
    const greedy = join()
    for (let round = 0; round < 100; round++) greedy.send(encodeSyncStep1(Uint8Array.of(0)))
    await until(() => isSynced(greedy))
    expect(greedy.received('sync-step-2').length).toBeLessThanOrEqual(6)
    const before = greedy.received('sync-step-2').length
    clock.advance(5_000)
    // The last one is answered all the same, once.
    expect(greedy.received('sync-step-2').length).toBe(before + 1)
  })
})
