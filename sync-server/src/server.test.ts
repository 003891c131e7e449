import { once } from 'node:events'
import { createServer } from 'node:net'
import { type DocumentStore, openStore, StoreError } from '@weft/persistence'
import { type HeldStore, heldStore, StoreWrapper } from '@weft/persistence/testing'
import { decodeMessage, encodeUpdate, type Message, SUBPROTOCOL } from '@weft/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import { Doc, encodeStateAsUpdate } from 'yjs'
import { fields } from '../test/open-app.ts'
import { handshake, openRaw } from '../test/raw-connection.ts'
import { configOf } from './config.ts'
import { createLogger } from './observe/logger.ts'
import { startServer } from './server.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

interface Options {
  readonly store?: DocumentStore
  readonly onFatal?: (error: StoreError) => void
  readonly maxJsonBytes?: number
}

async function start({ maxJsonBytes, ...options }: Options = {}) {
  const limits = maxJsonBytes === undefined ? {} : { maxJsonBytes }
  const store = options.store ?? (await openStore({ kind: 'memory' }))
  const server = await startServer(configOf({ port: 0, ...limits }), {
    logger: createLogger('silent'),
    ...options,
    store,
  })
  undo.push(async () => void (await server.close()))
  const api = async (method: string, path: string, body?: unknown) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    const headers = { 'Content-Type': 'application/json' }
    return fetch(`${server.url}/api/v1/documents${path}`, { method, headers, ...json })
  }
  return { server, store, api }
}

/** A stock client and what it has. */
function stockClient(url: string, documentId: string) {
  const doc = new Doc()
  const provider = new WebsocketProvider(`${url.replace('http', 'ws')}/sync`, documentId, doc, {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  })
  undo.push(() => provider.destroy())
  return { doc, text: doc.getText('text'), provider }
}

/** A socket that speaks weft.1, with everything it was sent. */
async function weftSocket(url: string, documentId: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/sync/${documentId}`, [SUBPROTOCOL])
  socket.on('error', () => {})
  undo.push(() => socket.terminate())
  const received: Message[] = []
  socket.on('message', (data: Buffer) => received.push(decodeMessage(new Uint8Array(data))))
  const closed = once(socket, 'close').then(([code]) => code as number)
  await once(socket, 'open')
  return { socket, received, closed }
}

function updateOf(text: string): Uint8Array {
  const doc = new Doc()
  doc.getText('text').insert(0, text)
  return encodeStateAsUpdate(doc)
}

describe('a running server', () => {
  it('brings two stock clients together, and keeps what they wrote for a third', async () => {
    const { server } = await start()
    const [alice, bob] = [stockClient(server.url, 'shared'), stockClient(server.url, 'shared')]
    alice.text.insert(0, 'one ')
    await expect.poll(() => bob.text.toJSON()).toBe('one ')
    bob.text.insert(4, 'two')
    await expect.poll(() => alice.text.toJSON()).toBe('one two')
    alice.provider.destroy()
    bob.provider.destroy()
    const third = stockClient(server.url, 'shared')
    await expect.poll(() => third.text.toJSON()).toBe('one two')
  })

  it('tells those who have a document open its new title', async () => {
    const { server, api } = await start()
    const id = String((await fields(await api('POST', '', { title: 'Old' })))['id'])
    const { received } = await weftSocket(server.url, id)
    await expect
      .poll(() => received.find(({ kind }) => kind === 'hello'))
      .toMatchObject({ hello: { title: 'Old' } })
    await api('PATCH', `/${id}`, { title: 'New' })
    await expect
      .poll(() => received.filter(({ kind }) => kind === 'notice'))
      .toEqual([{ kind: 'notice', notice: { kind: 'renamed', title: 'New' } }])
  })

  it('closes a document that goes to the trash with 4404, for those inside and those who come', async () => {
    const { server, api } = await start()
    const id = String((await fields(await api('POST', '', {})))['id'])
    const { closed, received } = await weftSocket(server.url, id)
    await expect.poll(() => received.some(({ kind }) => kind === 'hello')).toBe(true)
    expect((await api('DELETE', `/${id}`)).status).toBe(200)
    expect(await closed).toBe(4404)
    expect(await (await weftSocket(server.url, id)).closed).toBe(4404)
    await api('POST', `/${id}/restore`)
    const back = await weftSocket(server.url, id)
    await expect.poll(() => back.received.some(({ kind }) => kind === 'hello')).toBe(true)
  })

  it('closes a socket that sends nonsense with 4400, and nobody else notices', async () => {
    const { server } = await start()
    const reader = stockClient(server.url, 'doc')
    const writer = stockClient(server.url, 'doc')
    const { socket, closed } = await weftSocket(server.url, 'doc')
    socket.send(Uint8Array.of(0, 2, 5, 1, 2, 3))
    expect(await closed).toBe(4400)
    writer.text.insert(0, 'still here')
    await expect.poll(() => reader.text.toJSON()).toBe('still here')
  })

  it('refuses a body above the limit however it is sent, and answers the next request', async () => {
    const { server, api } = await start({ maxJsonBytes: 1_024 })
    const body = JSON.stringify({ title: 'x'.repeat(2_000) })
    const request = { method: 'POST', headers: { 'Content-Type': 'application/json' } }
    const address = `${server.url}/api/v1/documents`
    expect((await fetch(address, { ...request, body })).status).toBe(413)
    // In pieces, so that nothing says beforehand how long it is.
    const pieces = new Blob([body]).stream()
    expect((await fetch(address, { ...request, body: pieces, duplex: 'half' })).status).toBe(413)
    expect(await fields(await api('GET', ''))).toMatchObject({ total: 0 })
  })

  it('passes on that the storage failed for good', async () => {
    let fail: (error: StoreError) => void = () => {}
    class Failing extends StoreWrapper {
      override onFatal(listener: (error: StoreError) => void): () => void {
        fail = listener
        return () => {}
      }
    }
    const seen: StoreError[] = []
    await start({
      store: new Failing(await openStore({ kind: 'memory' })),
      onFatal: (error) => seen.push(error),
    })
    const error = new StoreError('closed', 'planted')
    fail(error)
    expect(seen).toEqual([error])
  })
})

describe('stopping', () => {
  it('turns newcomers away while the last edits reach the disk, then closes with 1001 and is gone', async () => {
    const store: HeldStore = heldStore(await openStore({ kind: 'memory' }))
    const { server } = await start({ store })
    const { socket, received, closed } = await weftSocket(server.url, 'doc')
    socket.send(encodeUpdate(updateOf('last words')))
    await store.whenHeld()

    const stopped = server.close()
    const ready = await fetch(`${server.url}/readyz`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ error: { code: 'draining', retryable: true } })
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    const raw = await openRaw(server.port)
    raw.write(handshake('/sync/doc'))
    expect(await raw.closed).toMatch(/^HTTP\/1\.1 503 /)
    expect(socket.readyState).toBe(WebSocket.OPEN)

    await store.release()
    expect(await closed).toBe(1001)
    expect(received).toContainEqual({ kind: 'durable', count: 1 })
    await stopped
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed')
  })

  it('takes no longer than it may when the storage hangs', async () => {
    const store = heldStore(await openStore({ kind: 'memory' }))
    const server = await startServer(configOf({ port: 0, drainMs: 300 }), {
      store,
      logger: createLogger('silent'),
    })
    const { socket, closed } = await weftSocket(server.url, 'doc')
    socket.send(encodeUpdate(updateOf('never')))
    await store.whenHeld()
    await server.close()
    expect([1001, 1006]).toContain(await closed)
  })

  it('can be asked for twice', async () => {
    const { server } = await start()
    await Promise.all([server.close(), server.close()])
    await server.close()
  })
})

describe('a server that cannot listen', () => {
  it('says why, and lets the store go', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    undo.push(() => void other.close())
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const store = await openStore({ kind: 'memory' })
    await expect(startServer(configOf({ port }), { store })).rejects.toMatchObject({
      code: 'address-in-use',
      message: expect.stringContaining(`port ${port} on 127.0.0.1`),
    })
    await expect(store.list()).rejects.toMatchObject({ code: 'closed' })
  })
})
