/**
 * The link between a Yjs document and the server: y-websocket's provider, made to tell the truth.
 *
 * y-websocket does the handshake and the relay. Added here: what is on the server's disk (`save-state.ts`),
 * the copy on this device, the gate before every remote application, which comes once for each frame of the page
 * (`arrivals.ts`), when to try again and when to give up.
 *
 * A page that went back to an earlier state of itself, as on a machine that is restored from its image, has written
 * anew under clocks that the server knows otherwise. It shows when the server knows more of this page's client than
 * the page has written, when it refuses what the page says again (4409), or when Yjs takes another id. Then what nobody has confirmed is written anew
 * under other client ids (`rekey.ts`), and the document begins again with that.
 *
 * Rules it keeps: nothing remote reaches the document but through the gate; an edit is counted before it
 * is sent; the local copy is in the document before the handshake, so the handshake offers what it holds.
 */
import {
  CLOSE,
  type Hello,
  isDocumentId,
  isPermanentClose,
  mayWrite,
  type Notice,
  SCHEMA_PARAMETER,
  SYNC,
} from '@weft/protocol'
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding'
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding'
import { Awareness, applyAwarenessUpdate } from 'y-protocols/awareness'
import { messageAwareness, messageSync, WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import type { ApplyGate } from '../apply-gate.ts'
import { Arrivals } from './arrivals.ts'
import { retryDelayMs, STEADY_MS } from './backoff.ts'
import { type Clock, systemClock } from './clock.ts'
import { type ConnectionInfo, ConnectionMeter, type ConnectionStatus } from './connection-info.ts'
import { countingSocket, type SocketConstructor, type SocketObserver } from './counting-socket.ts'
import { SyncError } from './error.ts'
import { type Frames, pageFrames } from './frames.ts'
import type { LocalCopy } from './local-copy.ts'
import { OwnEdits } from './own-edits.ts'
import { browserPage, type PageEvents } from './page-events.ts'
import { forgetOthers, raiseOwn } from './presence-clocks.ts'
import { type ClockRange, type Move, rekey } from './rekey.ts'
import { leavingLoses, type SaveState, type WaitReason, waitingEdits } from './save-state.ts'
import { SaveTracker } from './save-tracker.ts'

/** Longest the first connection waits for the local copy: IndexedDB has been seen to hang. */
const COPY_PATIENCE_MS = 2_000
/** Nudges (a network is back, the page is looked at) make at most one attempt in this time. */
const NUDGE_MS = 1_000
/** Origin of the transaction that adds what was written anew: an edit like any other. */
const SEED = Symbol('written anew')

export interface WeftProviderOptions {
  /** `http(s)://host[:port][/base]`; the socket goes to `/sync/<documentId>` below it. */
  readonly server: string
  readonly documentId: string
  readonly doc: Y.Doc
  readonly gate: ApplyGate
  /** Version of the document schema that `doc` is written with: the server guards documents of one. Default: any content. */
  readonly schema?: number
  /** Default: one of its own, destroyed with the provider. */
  readonly awareness?: Awareness
  /** Closed with the provider. Default: none, edits made without a connection live on the page alone. */
  readonly localCopy?: LocalCopy
  /** Default: the platform's. */
  readonly WebSocketImpl?: SocketConstructor
  /** Connect at once; default true. */
  readonly connect?: boolean
  readonly clock?: Clock
  readonly page?: PageEvents
  /** When others' edits are applied. Default: with the page's next frame, at once where there is none. */
  readonly frames?: Frames
  /** What the page before wrote, and had to write anew: it is this one's first edit, unless the copy holds it already. */
  readonly seed?: Uint8Array
  /**
   * The document cannot go on: another one is to begin, with `seed`. Nothing is sent any more by this provider.
   * Default: none, the connection ends for good.
   */
  readonly onWentBack?: (again: Again) => void
  /** From 0 to below 1; spreads the attempts of many pages. */
  readonly random?: () => number
  /** What an administrator may want to know; by default nobody is told. */
  readonly log?: (message: string, facts: Readonly<Record<string, unknown>>) => void
}

/** What a document begins with that takes the place of one that went back. */
export interface Again {
  /** The edits that nobody has confirmed, under other client ids; undefined when there were none. */
  readonly seed: Uint8Array | undefined
  /** The local copy holds them, and nothing of how they were. */
  readonly copyIsClean: boolean
  /** Where what stood under the old ids is now. */
  readonly moves: readonly Move[]
}

export class WeftProvider {
  readonly awareness: Awareness
  readonly #options: WeftProviderOptions
  readonly #clock: Clock
  readonly #random: () => number
  readonly #link: WebsocketProvider
  readonly #arrivals: Arrivals
  readonly #save: SaveTracker
  readonly #own: OwnEdits
  /** Under which this page began to write. */
  readonly #client: number
  #seed: Uint8Array | undefined
  #isBeginningAgain = false
  readonly #meter: ConnectionMeter
  readonly #noticeListeners = new Set<(notice: Notice) => void>()
  readonly #connectionListeners = new Set<(status: ConnectionStatus) => void>()
  readonly #undo: (() => void)[] = []
  #status: ConnectionStatus = 'off'
  #hello: Hello | undefined
  #failures = 0
  #attempts = 0
  #attemptedAtMs = Number.NEGATIVE_INFINITY
  #cancelRetry: (() => void) | undefined
  /** Origin of the transaction that began the chain now running, see `#watchEdits`. */
  #chainOrigin: unknown
  #wanted = false
  #destroyed = false

  /** @throws {SyncError} `document-id`, `server-address`. */
  constructor(options: WeftProviderOptions) {
    if (!isDocumentId(options.documentId))
      throw new SyncError('document-id', `"${options.documentId}" cannot name a document`)
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#random = options.random ?? Math.random
    this.#save = new SaveTracker(this.#clock, options.localCopy === undefined ? 'off' : 'loading')
    this.#meter = new ConnectionMeter(this.#clock)
    const { clientID, store } = options.doc
    this.#client = clientID
    this.#own = new OwnEdits(clientID, Y.getState(store, clientID))
    this.#seed = options.seed
    this.awareness = options.awareness ?? new Awareness(options.doc)
    // Before y-websocket's own listener, so that an edit is counted when its message is.
    this.#watchEdits()
    this.#link = this.#createLink()
    this.#arrivals = this.#gather()
    this.#watchCopy()
    this.#watchPage()
    if (options.connect ?? true) this.connect()
  }

  get saveState(): SaveState {
    return this.#save.state
  }

  /** Closing the page now would lose something typed: the moment for a warning, and the only one. */
  get leavingLoses(): boolean {
    return leavingLoses(this.#save.model)
  }

  /** What the server said of this session, kept up to date by notices; undefined until it has. */
  get hello(): Hello | undefined {
    return this.#hello
  }

  get connection(): ConnectionStatus {
    return this.#status
  }

  get connectionInfo(): ConnectionInfo {
    return this.#meter.info({
      url: this.#link.url,
      status: this.#status,
      failures: this.#failures,
      editsWaiting: waitingEdits(this.#save.model),
      localCopy: this.#save.model.copy,
    })
  }

  /** @returns its undo. Told of changes only; ask `saveState` for what is true now. */
  onSaveState(listener: (state: SaveState) => void): () => void {
    return this.#save.onState(listener)
  }

  /** @returns its undo. */
  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener)
    return () => this.#noticeListeners.delete(listener)
  }

  /** @returns its undo. */
  onConnection(listener: (status: ConnectionStatus) => void): () => void {
    this.#connectionListeners.add(listener)
    return () => this.#connectionListeners.delete(listener)
  }

  /**
   * Resolves once there is a document to show, from the local copy or after the first sync: the moment
   * an editor may be mounted.
   *
   * @throws {SyncError} `refused`, `destroyed`.
   */
  whenLoaded(): Promise<'local-copy' | 'server'> {
    return this.#save.loaded()
  }

  /**
   * Resolves once everything typed until now, the editor's pending changes included, is on the server's disk;
   * with `durable: false`, once it is there or on this device.
   *
   * @throws {SyncError} `refused`, `destroyed`. While the server is away it waits.
   */
  async flush({ durable = true }: { readonly durable?: boolean } = {}): Promise<void> {
    this.#options.gate.run(() => {})
    void this.#options.localCopy?.flush()
    await (durable ? this.#save.durable() : this.#save.kept())
  }

  connect(): void {
    if (this.#destroyed || this.#isBeginningAgain) return
    this.#wanted = true
    if (this.#status === 'off' || this.#status === 'refused') this.#attempt()
  }

  disconnect(): void {
    this.#wanted = false
    this.#attempts++
    this.#cancelRetry?.()
    this.#link.disconnect()
    this.#save.dispatch({ kind: 'closed', reason: 'disconnected' })
    this.#setStatus('off')
  }

  /** Resolves when the local copy has written what it had. Safe to call twice. */
  async destroy(): Promise<void> {
    if (this.#destroyed) return
    this.#options.gate.run(() => {})
    this.disconnect()
    this.#destroyed = true
    this.#link.destroy()
    for (const undo of this.#undo) undo()
    if (this.#options.awareness === undefined) this.awareness.destroy()
    this.#save.close()
    await this.#options.localCopy?.close()
  }

  #createLink(): WebsocketProvider {
    const { doc, documentId, server, schema } = this.#options
    const Socket = this.#options.WebSocketImpl ?? WebSocket
    const link = new WebsocketProvider(syncAddress(server), documentId, doc, {
      connect: false,
      awareness: this.awareness,
      params: schema === undefined ? {} : { [SCHEMA_PARAMETER]: String(schema) },
      WebSocketPolyfill: countingSocket(Socket, this.#observer()),
      // Through a BroadcastChannel another tab would show an edit that is on nobody's disk, and would
      // never offer it to the server itself. Tabs meet on the server, or in the local copy.
      disableBc: true,
      // Never asked to stop: when to try again, and when not, is decided in `#closed`.
      shouldReconnect: () => true,
    })
    // There is no such channel, and what it would be told throws once Yjs has taken another client id.
    link.disconnectBc = () => undefined
    link.on('connection-close', (event) => this.#closed(event?.code ?? 1006, event?.reason ?? ''))
    link.on('status', ({ status }) => {
      if (status === 'connected') raiseOwn(this.awareness)
      if (status === 'disconnected') forgetOthers(this.awareness)
    })
    link.on('sync', (synced) => {
      if (!synced) return
      this.#meter.synced()
      this.#save.dispatch({ kind: 'synced' })
    })
    return link
  }

  /** Takes others' edits and places from y-websocket, which would apply each by itself. */
  #gather(): Arrivals {
    const link = this.#link
    const { doc, gate, frames, log } = this.#options
    const arrivals = new Arrivals({
      doc,
      gate,
      origin: link,
      frames: frames ?? pageFrames(this.#clock),
      clock: this.#clock,
      presence: (update) => applyAwarenessUpdate(this.awareness, update, link),
      failed: (cause) => log?.('what others sent could not be applied', { cause }),
    })
    const original = link.messageHandlers[messageSync]
    link.messageHandlers[messageSync] = (encoder, decoder, ...message) => {
      const { pos } = decoder
      const kind = readVarUint(decoder)
      if (kind === SYNC.update) {
        arrivals.update(readVarUint8Array(decoder))
        return
      }
      if (kind === SYNC.step1) {
        arrivals.settle()
        gate.run(() => {})
        const vector = Y.decodeStateVector(readVarUint8Array(decoder))
        const unconfirmed = this.#own.unconfirmed
        const isAhead = ({ client }: ClockRange) => (vector.get(client) ?? 0) > Y.getState(doc.store, client)
        if (unconfirmed.some(isAhead) && this.#beginAgain()) return
        decoder = createDecoder(askedFor(vector, unconfirmed))
      } else decoder.pos = pos
      // The handshake asks what this document has, and says that it has everything.
      arrivals.settle()
      gate.run(() => original?.(encoder, decoder, ...message))
      if (link.synced) this.#plant()
    }
    link.messageHandlers[messageAwareness] = (_encoder, decoder) =>
      arrivals.presence(readVarUint8Array(decoder))
    return arrivals
  }

  #observer(): SocketObserver {
    return {
      ownClient: () => this.#options.doc.clientID,
      opened: (confirms) => {
        this.#meter.opened()
        this.#save.dispatch({ kind: 'opened', confirms })
        this.#setStatus('connected')
      },
      asked: () => this.#save.dispatch({ kind: 'asked' }),
      sent: (message, step2) => {
        this.#meter.sent(message)
        this.#save.dispatch({ kind: 'sent', message, step2 })
      },
      durable: (count) => {
        this.#meter.durable(count)
        const before = this.#save.model
        this.#save.dispatch({ kind: 'durable', count })
        this.#own.confirmed(this.#save.model.confirmed)
        const { confirmed, found, foundConfirmed } = this.#save.model
        if (confirmed === before.confirmed && foundConfirmed === before.foundConfirmed) return
        this.#options.localCopy?.acknowledge(confirmed, found > 0 && foundConfirmed === found)
      },
      hello: (hello) => this.#greeted(hello),
      notice: (notice) => this.#noticed(notice),
      failed: (cause) => this.#options.log?.('a message from the server could not be handled', { cause }),
    }
  }

  #greeted(hello: Hello): void {
    const before = this.#hello
    this.#hello = hello
    this.#meter.greeted(hello)
    this.#save.dispatch({ kind: 'barred', why: barredBy(hello) })
    if (before === undefined || (before.epoch === hello.epoch && before.seq <= hello.seq)) return
    // The handshake that follows is a full one both ways, as always: it offers all the server has lost.
    this.#save.dispatch({ kind: 'server-went-back' })
    const { epoch, seq } = hello
    this.#options.log?.('the server was restored', { from: [before.epoch, before.seq], to: [epoch, seq] })
  }

  #noticed(notice: Notice): void {
    switch (notice.kind) {
      case 'storage':
        this.#save.dispatch({ kind: 'storage', state: notice.state })
        break
      case 'read-only':
        this.#save.dispatch({ kind: 'barred', why: 'read-only' })
        break
      case 'role':
        if (this.#hello) this.#hello = { ...this.#hello, role: notice.role, readOnly: !mayWrite(notice.role) }
        this.#save.dispatch({ kind: 'barred', why: mayWrite(notice.role) ? undefined : 'role' })
        break
      case 'renamed':
        if (this.#hello) this.#hello = { ...this.#hello, title: notice.title }
        break
      case 'limit':
        break
    }
    for (const listener of this.#noticeListeners) listener(notice)
  }

  #attempt(): void {
    this.#cancelRetry?.()
    this.#cancelRetry = undefined
    this.#attemptedAtMs = this.#clock.now()
    this.#setStatus('connecting')
    void this.#open(++this.#attempts)
  }

  async #open(attempt: number): Promise<void> {
    await this.#loadCopy()
    if (this.#wanted && attempt === this.#attempts) this.#link.connect()
  }

  /** Also before each later attempt: another tab may have been closed with edits that nobody else will send. */
  async #loadCopy(): Promise<void> {
    const { localCopy, doc, gate } = this.#options
    if (localCopy === undefined) return
    let late = false
    const load = async () => {
      try {
        const { found, waiting } = await localCopy.load(doc, gate)
        this.#save.dispatch({ kind: 'copy-loaded', found, waiting })
        if (late && waiting > 0) this.#renew()
      } catch (cause) {
        // A listener that throws must not keep the document from the server.
        this.#options.log?.('the local copy could not be loaded', { cause })
      }
    }
    const patience = Promise.withResolvers<void>()
    const enough = this.#clock.after(COPY_PATIENCE_MS, () => {
      late = true
      patience.resolve()
    })
    await Promise.race([load(), patience.promise])
    enough()
  }

  #closed(code: number, words: string): void {
    this.#arrivals.settle()
    // y-websocket would set its own timer; without this it would connect behind our back.
    this.#link.shouldConnect = false
    if (this.#meter.closed(code, words) >= STEADY_MS) this.#failures = 0
    this.#failures++
    if (code === CLOSE.foreignClient && this.#own.unconfirmed.length > 0 && this.#beginAgain()) return
    if (isPermanentClose(code)) {
      this.#wanted = false
      this.#save.dispatch({ kind: 'refused', refusal: { code, words } })
      this.#setStatus('refused')
      return
    }
    this.#save.dispatch({ kind: 'closed', reason: waitReason(code) })
    if (!this.#wanted) return
    this.#setStatus('waiting')
    const overloaded = code === CLOSE.overloaded || code === CLOSE.rateLimited
    const delayMs = retryDelayMs({ failures: this.#failures, overloaded, random: this.#random() })
    this.#cancelRetry = this.#clock.after(delayMs, () => this.#attempt())
  }

  /** Once there is a document: what the page before has written anew. */
  #plant(): void {
    const seed = this.#seed
    this.#seed = undefined
    if (seed !== undefined) this.#options.gate.run(() => Y.applyUpdate(this.#options.doc, seed, SEED))
  }

  /** @returns false when nobody takes over */
  #beginAgain(): boolean {
    const { onWentBack, log } = this.#options
    if (onWentBack === undefined || this.#destroyed) return false
    if (this.#isBeginningAgain) return true
    this.#isBeginningAgain = true
    log?.('the document went back to an earlier state of itself', { clients: this.#own.unconfirmed })
    this.disconnect()
    this.#save.dispatch({ kind: 'closed', reason: 'unreachable' })
    void this.#handOver(onWentBack)
    return true
  }

  async #handOver(onWentBack: (again: Again) => void): Promise<void> {
    const { doc, gate, localCopy } = this.#options
    const ids = new Map<number, number>()
    const moves = (): readonly Move[] =>
      this.#own.unconfirmed.map(({ client, from, end }) => {
        const to = ids.get(client) ?? generateNewClientId()
        ids.set(client, to)
        // Only under an id that Yjs has given up has anybody else written here.
        return { client, from, end: client === doc.clientID ? Y.getState(doc.store, client) : end, to }
      })
    const first = moves()
    const copyIsClean = (await localCopy?.rewrite((update) => rekey(update, first))) ?? true
    if (this.#destroyed) return
    // What was typed meanwhile is the end of it.
    gate.run(() => {})
    const last = moves()
    onWentBack({ seed: rekey(Y.encodeStateAsUpdate(doc), last).rewritten, copyIsClean, moves: last })
  }

  /** Takes a new socket for one that may be dead: a lost network shows only after 30 s of silence. */
  #renew(): void {
    if (this.#status === 'connected') this.#link.disconnect()
    else this.#nudge()
  }

  #nudge(): void {
    if (this.#status === 'waiting' && this.#clock.now() - this.#attemptedAtMs >= NUDGE_MS) this.#attempt()
  }

  #watchEdits(): void {
    const { doc, localCopy } = this.#options
    const copyOrigin: unknown = localCopy?.origin
    // Yjs tidies formatting after a foreign change, in a transaction of origin null that every replica makes
    // alike. Nobody typed it, so it must not count as somebody's edit; it is sent and kept like any other.
    let beginning = false
    const begun = () => {
      beginning = true
    }
    const opened = (transaction: Y.Transaction) => {
      if (beginning) this.#chainOrigin = transaction.origin
      beginning = false
    }
    const updated = (update: Uint8Array, origin: unknown) => {
      if (origin === copyOrigin && copyOrigin !== undefined) return
      // Yjs has seen its own id in what somebody else wrote, and took another one, of which awareness knows nothing.
      if (doc.clientID !== this.#client) queueMicrotask(() => this.#beginAgain())
      const foreign = this.#chainOrigin === this.#link || this.#chainOrigin === copyOrigin
      const typed = origin !== this.#link && !(origin === null && foreign)
      if (typed) {
        this.#arrivals.wrote()
        this.#save.dispatch({ kind: 'edited' })
        this.#own.made(this.#save.model.typed, doc.clientID, Y.getState(doc.store, doc.clientID))
      }
      localCopy?.record(update, typed ? this.#save.model.typed : undefined)
    }
    doc.on('beforeAllTransactions', begun)
    doc.on('beforeTransaction', opened)
    doc.on('update', updated)
    this.#undo.push(() => {
      doc.off('beforeAllTransactions', begun)
      doc.off('beforeTransaction', opened)
      doc.off('update', updated)
    })
  }

  #watchCopy(): void {
    const undo = this.#options.localCopy?.onEvent((event) => {
      switch (event.kind) {
        case 'kept':
          this.#save.dispatch({ kind: 'copy-kept', through: event.through })
          break
        case 'lost':
          this.#save.dispatch({ kind: 'copy-lost' })
          break
        case 'failed':
          if (event.cause !== undefined)
            this.#options.log?.('a listener failed while the local copy was added', { cause: event.cause })
          this.#save.dispatch({ kind: 'copy-failed', reason: event.reason })
          break
      }
    })
    if (undo !== undefined) this.#undo.push(undo)
  }

  #watchPage(): void {
    const page = this.#options.page ?? browserPage()
    this.#undo.push(
      page.onHidden(() => this.#arrivals.settle()),
      page.onShown(() => this.#nudge()),
      page.onOnline(() => this.#renew()),
    )
  }

  #setStatus(status: ConnectionStatus): void {
    if (status === this.#status) return
    this.#status = status
    for (const listener of this.#connectionListeners) listener(status)
  }
}

/**
 * The server's question with what nobody has confirmed of this page in it, although the server may have it: only so
 * does it tell when it has something else there.
 */
function askedFor(vector: Map<number, number>, unconfirmed: readonly ClockRange[]): Uint8Array {
  for (const { client, from } of unconfirmed) if ((vector.get(client) ?? 0) > from) vector.set(client, from)
  const encoder = createEncoder()
  writeVarUint(encoder, SYNC.step1)
  writeVarUint8Array(encoder, Y.encodeStateVector(vector))
  return toUint8Array(encoder)
}

function generateNewClientId(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}

function syncAddress(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new SyncError('server-address', `"${server}" is not an http or https address`)
  const base = url.pathname.replace(/\/+$/, '')
  return `${url.protocol === 'https:' ? 'wss:' : 'ws:'}//${url.host}${base}/sync`
}

function barredBy(hello: Hello): 'role' | 'read-only' | undefined {
  if (!mayWrite(hello.role)) return 'role'
  return hello.readOnly ? 'read-only' : undefined
}

function waitReason(code: number): WaitReason {
  switch (code) {
    case CLOSE.draining:
      return 'restarting'
    case CLOSE.overloaded:
    case CLOSE.rateLimited:
      return 'overloaded'
    case CLOSE.storeUnavailable:
      return 'server-storage'
    case CLOSE.expired:
      return 'signed-out'
    case CLOSE.internal:
      return 'server-fault'
    default:
      return 'unreachable'
  }
}
