/** Stock y-websocket clients, unchanged, over real sockets. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { openStore } from '@weft/persistence'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { systemClock } from './clock.ts'
import { createRooms } from './room-registry.ts'

const silent = () => undefined
const logger = { debug: silent, info: silent, warn: silent, error: silent, fatal: silent }
const undo: (() => unknown)[] = []

afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run()
})

async function serve() {
  const store = await openStore({ kind: 'memory' })
  const rooms = createRooms({
    store,
    logger,
    clock: systemClock,
    limits: { framesPerSecond: Number.POSITIVE_INFINITY },
  })
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket, request) =>
    rooms.attach(socket, {
      documentId: (request.url ?? '').slice(1),
      principal: 'somebody',
      role: 'edit',
      weft: false,
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
})
