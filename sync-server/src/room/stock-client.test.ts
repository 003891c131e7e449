/** Stock y-websocket clients, unchanged, over real sockets. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { openStore } from '@weft/persistence'
import { encodeSyncStep1 } from '@weft/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { systemClock } from './clock.ts'
import { sameContent } from './content.ts'
import type { RoomLimits } from './room-limits.ts'
import { createRooms } from './room-registry.ts'

const silent = () => undefined
const logger = { debug: silent, info: silent, warn: silent, error: silent, fatal: silent }
const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run()
})

async function serve(limits: Partial<RoomLimits> = {}) {
  const store = await openStore({ kind: 'memory' })
  const rooms = createRooms({
    store,
    logger,
    clock: systemClock,
    limits: { framesPerSecond: Number.POSITIVE_INFINITY, ...limits },
  })
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket, request) =>
    rooms.attach(socket, {
      documentId: (request.url ?? '').slice(1),
      principal: 'somebody',
      role: 'edit',
      weft: false,
      schema: undefined,
      address: '127.0.0.1',
    }),
  )
  await once(server, 'listening')
  undo.push(async () => {
    await rooms.drain()
    for (const client of server.clients) client.terminate()
    server.close()
    await store.close()
  })
  return { rooms, store, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function connect(url: string, doc = new Y.Doc()) {
  const provider = new WebsocketProvider(url, 'doc', doc, {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  })
  undo.push(() => {
    provider.destroy()
    doc.destroy()
  })
  return { doc, provider, text: doc.getText('text') }
}

const synced = ({ provider }: ReturnType<typeof connect>): Promise<void> =>
  provider.synced ? Promise.resolve() : new Promise((resolve) => provider.once('sync', () => resolve()))

/** Resolves once `holds` is true after some update of `doc`. */
function whenDoc(doc: Y.Doc, holds: () => boolean): Promise<void> {
  if (holds()) return Promise.resolve()
  return new Promise((resolve) => {
    const look = (): void => {
      if (!holds()) return
      doc.off('update', look)
      resolve()
    }
    doc.on('update', look)
  })
}

/** Resolves once `holds` is true after some update of any of them. */
async function whenAll(clients: readonly ReturnType<typeof connect>[], holds: () => boolean): Promise<void> {
  while (!holds())
    await Promise.race(
      clients.map(({ doc }) => new Promise<void>((resolve) => doc.once('update', () => resolve()))),
    )
}

/** Resolves once `count` is fifty in the awareness of everybody. */
async function whenStates(
  people: readonly ReturnType<typeof connect>[],
  count: (states: Map<number, Record<string, unknown>>) => number,
): Promise<void> {
  for (const { provider } of people)
    while (count(provider.awareness.getStates()) < people.length)
      await new Promise((resolve) => provider.awareness.once('change', resolve))
}

/** Resolves once the server has handled everything that they have sent: it answers a step 1 that came after. */
async function handled(people: readonly ReturnType<typeof connect>[]): Promise<void> {
  await Promise.all(
    people.map(async ({ provider }) => {
      const socket = provider.ws as unknown as WebSocket
      const answered = new Promise<void>((resolve) => {
        // These sockets hand out ArrayBuffers.
        socket.on('message', (data: ArrayBuffer) => {
          const [type, kind] = new Uint8Array(data)
          if (type === 0 && kind === 1) resolve()
        })
      })
      socket.send(encodeSyncStep1(Uint8Array.of(0)))
      await answered
    }),
  )
}

/** A socket that says nothing of its own, and counts what it is told of the content once it has joined. */
async function watch(url: string) {
  const socket = new WebSocket(`${url}/doc`)
  undo.push(() => socket.terminate())
  let bytes = 0
  let answered: (() => void) | undefined
  socket.on('message', (frame: Buffer) => {
    if (frame[0] !== 0) return
    if (frame[1] === 1) answered?.()
    else if (frame[1] === 2) bytes += frame.length
  })
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      answered = resolve
      socket.send(encodeSyncStep1(Uint8Array.of(0)))
    })
  await once(socket, 'open')
  await ask()
  const joined = bytes
  return { ask, contentBytes: () => bytes - joined }
}

describe('stock clients', () => {
  it('write together, and a third finds everything', async () => {
    const { url } = await serve()
    const [alice, bob] = [connect(url), connect(url)]
    await Promise.all([synced(alice), synced(bob)])
    for (let letter = 0; letter < 300; letter++) {
      alice.text.insert(alice.text.length, 'a')
      bob.text.insert(0, 'b')
    }
    await Promise.all([alice, bob].map(({ doc, text }) => whenDoc(doc, () => text.length === 600)))
    expect(alice.text.toString()).toBe(bob.text.toString())
    const carol = connect(url)
    await synced(carol)
    expect(carol.text.toString()).toBe(alice.text.toString())
  })

  it('bring what was written offline, and get what others wrote meanwhile', async () => {
    const { url } = await serve()
    const [alice, bob] = [connect(url), connect(url)]
    await Promise.all([synced(alice), synced(bob)])
    alice.provider.disconnect()
    alice.text.insert(0, 'offline ')
    bob.text.insert(0, 'online ')
    alice.provider.connect()
    await Promise.all([alice, bob].map(({ doc, text }) => whenDoc(doc, () => text.length === 15)))
    expect(alice.text.toString()).toBe(bob.text.toString())
  })

  it('see each other, and see each other leave', async () => {
    const { url } = await serve()
    const [alice, bob] = [connect(url), connect(url)]
    await Promise.all([synced(alice), synced(bob)])
    const changed = (): Promise<unknown> =>
      new Promise((resolve) => bob.provider.awareness.once('change', resolve))
    const name = (): unknown => bob.provider.awareness.getStates().get(alice.doc.clientID)?.['name']
    alice.provider.awareness.setLocalStateField('name', 'Alice')
    while (name() !== 'Alice')
      await changed()
      // Without a goodbye, as when a laptop is shut.
    ;(alice.provider.ws as unknown as WebSocket).terminate()
    alice.provider.shouldConnect = false
    while (bob.provider.awareness.getStates().has(alice.doc.clientID)) await changed()
    expect(bob.provider.awareness.getStates().has(bob.doc.clientID)).toBe(true)
  })
  it('come back a hundred times unchanged, and add no record and relay no byte of content', async () => {
    const { url, store } = await serve()
    const writers = [connect(url), connect(url)]
    await Promise.all(writers.map(synced))
    // Concurrent formatting and assignments, after which every replica cleans up for itself.
    for (const [index, { doc, text }] of writers.entries()) {
      text.insert(0, 'some words to format ')
      text.format(index * 3, 9, { bold: true })
      doc.getMap('map').set('key', index)
    }
    const [ada, bob] = writers
    await whenAll(writers, () => ada !== undefined && bob !== undefined && sameContent(ada.doc, bob.doc))
    const reconnect = async (client: ReturnType<typeof connect>): Promise<void> => {
      client.provider.disconnect()
      client.provider.connect()
      await synced(client)
    }
    // What the clean-up deletes is said once; the second round asks for nothing that is not on disk.
    for (const client of [...writers, ...writers]) await reconnect(client)
    const watcher = await watch(url)
    const records = (await store.get('doc'))?.lastSeq
    for (let round = 0; round < 50; round++) for (const client of writers) await reconnect(client)
    // Whatever had been relayed before the answer to this has arrived before it.
    await watcher.ask()
    expect((await store.get('doc'))?.lastSeq).toBe(records)
    expect(watcher.contentBytes()).toBe(0)
  })

  it('fifty in one room that all move at once are told of it in as many messages as the rate allows', async () => {
    const { url, rooms } = await serve()
    const people = Array.from({ length: 50 }, () => connect(url))
    await Promise.all(people.map(synced))
    const startedAt = performance.now()
    const before = rooms.stats()
    for (const { provider } of people) provider.awareness.setLocalStateField('at', 1)
    await whenStates(people, (states) => [...states.values()].filter((state) => state['at'] === 1).length)
    const seconds = (performance.now() - startedAt) / 1_000
    const sent = rooms.stats().framesOut - before.framesOut
    expect(sent).toBeLessThanOrEqual(50 * (2 + 20 * seconds))
  })

  it('fifty in one room cost one message a reader for each move, however often each repeats everybody', async () => {
    // Nothing is held back here: whatever is not dropped is counted.
    const { url, rooms } = await serve({ awarenessPerSecond: 1_000_000 })
    const people = Array.from({ length: 50 }, () => connect(url))
    // Each would say again that it is here every fifteen seconds, which is no move.
    for (const { provider } of people) clearInterval(provider.awareness._checkInterval as NodeJS.Timeout)
    await Promise.all(people.map(synced))
    for (const { provider } of people) provider.awareness.setLocalStateField('at', 0)
    await whenStates(people, (states) => states.size)
    await handled(people)
    const settled = rooms.stats()
    const [mover] = people
    for (let move = 1; move <= 20; move++) {
      mover?.provider.awareness.setLocalStateField('move', move)
      await whenStates(people, (states) => (states.get(mover?.doc.clientID ?? 0)?.['move'] === move ? 50 : 0))
    }
    await handled(people)
    const moved = rooms.stats()
    const answers = 50
    expect(moved.framesOut - settled.framesOut).toBeLessThanOrEqual(20 * 49 + answers)
    // It is not that nothing was repeated.
    expect(moved.framesIn - settled.framesIn).toBeGreaterThan(20 * 25)
  })
})
