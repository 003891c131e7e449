/**
 * One person of thousands: a plain socket that does what a client does, and as little of it as it can, so that the
 * machine's time is the server's.
 *
 * It asks for the document, answers what it is asked, counts what is acknowledged, and applies what arrives to a
 * Yjs document if it was given one. It never comes back by itself: when is the test's business.
 */
import { connect, type Socket } from 'node:net'
import { createDecoder, readVarUint } from 'lib0/decoding'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { weftWire } from '../load/wire.ts'

export interface VisitorOptions {
  /** `http://host:port` */
  readonly server: string
  readonly documentId: string
  /** Takes what arrives, and is offered to the server; without one the person holds nothing and only counts. */
  readonly doc?: Y.Doc
  /** Called with every update that arrives. */
  readonly heard?: (update: Uint8Array) => void
  /** The number of update-bearing messages that are on disk has risen. */
  readonly durable?: (count: number) => void
  /** The connection has ended, by whomever. */
  readonly gone?: (code: number) => void
}

const DURABLE = 100
const AWARENESS = 1
/** Of a client: a catch-up after a long pause is one large frame. */
const MAX_PAYLOAD = 512 * 1_048_576

export class Visitor {
  readonly documentId: string
  readonly doc: Y.Doc | undefined
  readonly openedAt = performance.now()
  /** When its first step 2 had been taken, by `performance.now()`. */
  syncedAt: number | undefined
  closed: { readonly code: number; readonly at: number } | undefined
  /** Update-bearing messages sent, and how many of them are on disk. */
  sent = 0
  durable = 0
  updates = 0
  bytes = 0
  /** Awareness messages without a word: the server's keep-alive. */
  keepAlives = 0
  readonly #socket: WebSocket
  #connection: Socket | undefined
  readonly #wire
  readonly #options: VisitorOptions

  constructor(options: VisitorOptions) {
    const { server, documentId, doc } = options
    this.documentId = documentId
    this.doc = doc
    this.#options = options
    this.#wire = weftWire(server, documentId)
    const { hostname, port } = new URL(server)
    this.#socket = new WebSocket(this.#wire.address, [...this.#wire.subprotocols], {
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD,
      // Its own, to see how much was taken from the network.
      createConnection: (() => {
        this.#connection = connect({ host: hostname, port: Number(port) })
        return this.#connection
      }) as typeof connect,
    })
    this.#socket.on('open', () => {
      if (doc === undefined) for (const frame of this.#wire.greeting) this.#socket.send(frame)
      else this.#socket.send(this.#wire.ask(Y.encodeStateVector(doc)))
    })
    this.#socket.on('message', (frame: Buffer) => this.#receive(frame))
    // A close always follows.
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', (code) => {
      this.closed = { code, at: performance.now() }
      options.gone?.(code)
    })
  }

  get synced(): boolean {
    return this.syncedAt !== undefined
  }

  /** Nothing that was sent waits for the disk. */
  get saved(): boolean {
    return this.durable === this.sent
  }

  send(update: Uint8Array): void {
    this.sent++
    this.#socket.send(this.#wire.update(update))
  }

  /** Says that this person is here. @param clock above that of the time before */
  announce(clock: number, state: string): void {
    this.#socket.send(this.#wire.presence(this.doc?.clientID ?? 0, clock, state))
  }

  /** Edits the person's own document and sends what that made. */
  edit(change: (doc: Y.Doc) => void): void {
    const { doc } = this
    if (doc === undefined) throw new Error('this person holds no document')
    const made: Uint8Array[] = []
    const keep = (update: Uint8Array) => made.push(update)
    doc.on('update', keep)
    doc.transact(() => change(doc))
    doc.off('update', keep)
    for (const update of made) this.send(update)
  }

  /** Reads nothing more from the network until `resume`. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** From now on takes so much from the network, on average: the system hands out 64 KiB at a time. @returns stops it */
  crawl(bytesPerSecond: number): () => void {
    const connection = this.#connection
    if (connection === undefined) throw new Error('there is no connection yet')
    const from = connection.bytesRead
    const startedAt = performance.now()
    const keepPace = (): void => {
      const allowed = ((performance.now() - startedAt) / 1_000) * bytesPerSecond
      if (connection.bytesRead - from > allowed) this.pause()
      else this.resume()
    }
    connection.on('data', keepPace)
    const timer = setInterval(keepPace, 100)
    keepPace()
    return () => {
      clearInterval(timer)
      connection.off('data', keepPace)
      this.resume()
    }
  }

  close(): void {
    this.#socket.close()
  }

  /** Without a goodbye. */
  drop(): void {
    this.#socket.terminate()
  }

  #receive(frame: Buffer): void {
    this.bytes += frame.length
    const incoming = this.#wire.read(frame)
    switch (incoming.kind) {
      case 'question': {
        this.sent++
        const { doc } = this
        // What is asked for is what the server lacks, and the vector says what that is.
        if (doc === undefined) this.#socket.send(this.#wire.nothingNew)
        else this.#socket.send(this.#wire.answer(Y.encodeStateAsUpdate(doc, incoming.vector)))
        return
      }
      case 'state':
      case 'update':
        this.updates++
        if (this.doc !== undefined) Y.applyUpdate(this.doc, incoming.update, this)
        if (incoming.kind === 'state') this.syncedAt ??= performance.now()
        this.#options.heard?.(incoming.update)
        return
      case 'other':
        if (frame[0] === AWARENESS) this.keepAlives++
        if (frame[0] === DURABLE) {
          const decoder = createDecoder(frame)
          readVarUint(decoder)
          this.durable = readVarUint(decoder)
          this.#options.durable?.(this.durable)
        }
    }
  }
}

/**
 * Makes `count` of them, not more than `atOnce` at a time on their way, so that making them is not what is measured.
 * @param ready when one counts as arrived
 */
export async function arrive(
  count: number,
  make: (index: number) => Visitor,
  { atOnce = 200, ready = (visitor: Visitor) => visitor.synced, withinMs = 30_000 } = {},
): Promise<Visitor[]> {
  const visitors: Visitor[] = []
  let waiting: Visitor[] = []
  const deadline = performance.now() + withinMs
  while (visitors.length < count || waiting.length > 0) {
    waiting = waiting.filter((visitor) => !ready(visitor))
    const lost = waiting.find((visitor) => visitor.closed !== undefined && !ready(visitor))
    if (lost !== undefined) throw new Error(`shut out of ${lost.documentId} with ${lost.closed?.code}`)
    if (performance.now() > deadline)
      throw new Error(
        `not within ${withinMs} ms: ${visitors.length} of ${count} came, ${waiting.length} wait`,
      )
    while (visitors.length < count && waiting.length < atOnce) {
      const visitor = make(visitors.length)
      visitors.push(visitor)
      waiting.push(visitor)
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return visitors
}
