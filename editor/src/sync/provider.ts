/**
 * The link between a Yjs document and the server: y-websocket's provider, made to tell the truth.
 *
 * y-websocket does the handshake and the relay (`link.ts`). Added here: what is on the server's disk (`save-state.ts`),
 * the copy on this device, the gate before every remote application, which comes for many at once
 * (`arrivals.ts`), when to try again (`attempts.ts`) and when to give up, and what becomes of a page that went back to an
 * earlier state of itself (`went-back.ts`).
 *
 * Rules it keeps: nothing remote reaches the document but through the gate; an edit is counted before it
 * is sent; the local copy is in the document before the handshake, so the handshake offers what it holds.
 */
import { CLOSE, type Hello, isDocumentId, isPermanentClose, type Notice } from '@weft/protocol'
import { Awareness } from 'y-protocols/awareness'
import type { WebsocketProvider } from 'y-websocket'
import type * as Y from 'yjs'
import type { ApplyGate } from '../apply-gate.ts'
import { AfterDrawing } from './after-drawing.ts'
import type { Arrivals } from './arrivals.ts'
import { Attempts } from './attempts.ts'
import { type Clock, systemClock } from './clock.ts'
import { type ConnectionInfo, ConnectionMeter, type ConnectionStatus } from './connection-info.ts'
import { withPatience } from './copy-patience.ts'
import { countingSocket, type SocketConstructor, type SocketObserver } from './counting-socket.ts'
import { SyncError } from './error.ts'
import { type Frames, pageFrames } from './frames.ts'
import { barredBy, isEarlier, meaningOf, updated } from './greeting.ts'
import { type Link, type LinkEvents, openLink } from './link.ts'
import type { LocalCopy } from './local-copy.ts'
import { browserPage, type PageEvents } from './page-events.ts'
import { leavingLoses, type SaveState, waitingEdits } from './save-state.ts'
import { SaveTracker } from './save-tracker.ts'
import { watchTyping } from './typed-here.ts'
import { waitReason } from './wait-reason.ts'
import { type Again, WentBack } from './went-back.ts'

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
  /** When edits are sent, and whether others' wait for each other. Default: the page's; nothing waits where there are none. */
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

export class WeftProvider {
  readonly awareness: Awareness
  readonly #options: WeftProviderOptions
  readonly #clock: Clock
  readonly #attempts: Attempts
  readonly #link: WebsocketProvider
  readonly #arrivals: Arrivals
  readonly #save: SaveTracker
  readonly #wentBack: WentBack
  readonly #meter: ConnectionMeter
  readonly #frames: Frames
  readonly #drawing: AfterDrawing
  readonly #noticeListeners = new Set<(notice: Notice) => void>()
  readonly #connectionListeners = new Set<(status: ConnectionStatus) => void>()
  readonly #undo: (() => void)[] = []
  #status: ConnectionStatus = 'off'
  #hello: Hello | undefined
  /** Rises with each attempt, and when none is wanted any more: one that still waits for the copy is then too late. */
  #attempt = 0
  #wanted = false
  #destroyed = false

  /** @throws {SyncError} `document-id`, `server-address`. */
  constructor(options: WeftProviderOptions) {
    if (!isDocumentId(options.documentId))
      throw new SyncError('document-id', `"${options.documentId}" cannot name a document`)
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#attempts = new Attempts(this.#clock, options.random ?? Math.random, () => this.#connect())
    this.#save = new SaveTracker(this.#clock, options.localCopy === undefined ? 'off' : 'loading')
    this.#meter = new ConnectionMeter(this.#clock)
    this.#frames = options.frames ?? pageFrames(this.#clock)
    this.#drawing = new AfterDrawing(this.#frames, this.#clock)
    this.#wentBack = new WentBack(options, () => {
      this.#drawing.drop()
      this.disconnect()
      this.#save.dispatch({ kind: 'closed', reason: 'unreachable' })
    })
    this.awareness = options.awareness ?? new Awareness(options.doc)
    // Before y-websocket's own listener, so that an edit is counted when its message is.
    this.#watchEdits()
    const { link, arrivals } = this.#openLink()
    this.#link = link
    this.#arrivals = arrivals
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
      failures: this.#attempts.failures,
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
    this.#drawing.settle()
    void this.#options.localCopy?.flush()
    await (durable ? this.#save.durable() : this.#save.kept())
  }

  connect(): void {
    if (this.#destroyed || this.#wentBack.isBeginningAgain) return
    this.#wanted = true
    if (this.#status === 'off' || this.#status === 'refused') this.#connect()
  }

  disconnect(): void {
    this.#wanted = false
    this.#attempt++
    this.#attempts.cancel()
    this.#drawing.settle()
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
    this.#wentBack.close()
    this.#link.destroy()
    for (const undo of this.#undo) undo()
    if (this.#options.awareness === undefined) this.awareness.destroy()
    this.#save.close()
    await this.#options.localCopy?.close()
  }

  #openLink(): Link {
    const events: LinkEvents = {
      closed: (code, words) => this.#closed(code, words),
      synced: () => {
        this.#meter.synced()
        this.#save.dispatch({ kind: 'synced' })
      },
      asked: (stateVector) => this.#wentBack.question(stateVector),
      shaken: () => this.#wentBack.plant(),
    }
    const Socket = countingSocket(this.#options.WebSocketImpl ?? WebSocket, this.#observer(), this.#drawing)
    return openLink(
      { ...this.#options, awareness: this.awareness, clock: this.#clock, frames: this.#frames, Socket },
      events,
    )
  }

  #observer(): SocketObserver {
    return {
      ownClient: () => this.#options.doc.clientID,
      edits: () => this.#save.model.typed,
      opened: (confirms) => {
        this.#meter.opened()
        this.#save.dispatch({ kind: 'opened', confirms })
        this.#setStatus('connected')
      },
      asked: () => this.#save.dispatch({ kind: 'asked' }),
      sent: (message, step2, edits) => {
        this.#meter.sent(message)
        this.#save.dispatch({ kind: 'sent', message, step2, edits })
      },
      durable: (count) => {
        this.#meter.durable(count)
        const before = this.#save.model
        this.#save.dispatch({ kind: 'durable', count })
        this.#wentBack.confirmed(this.#save.model.confirmed)
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
    if (before === undefined || !isEarlier(hello, before)) return
    // The handshake that follows is a full one both ways, as always: it offers all the server has lost.
    this.#save.dispatch({ kind: 'server-went-back' })
    const { epoch, seq } = hello
    this.#options.log?.('the server was restored', { from: [before.epoch, before.seq], to: [epoch, seq] })
  }

  #noticed(notice: Notice): void {
    const meaning = meaningOf(notice)
    if (this.#hello) this.#hello = updated(this.#hello, notice)
    if (meaning) this.#save.dispatch(meaning)
    for (const listener of this.#noticeListeners) listener(notice)
  }

  #connect(): void {
    this.#attempts.made()
    this.#setStatus('connecting')
    void this.#open(++this.#attempt)
  }

  async #open(attempt: number): Promise<void> {
    await this.#loadCopy()
    if (this.#wanted && attempt === this.#attempt) this.#link.connect()
  }

  /** Also before each later attempt: another tab may have been closed with edits that nobody else will send. */
  async #loadCopy(): Promise<void> {
    const { localCopy, doc, gate, log } = this.#options
    if (localCopy === undefined) return
    await withPatience(this.#clock, async (isLate) => {
      try {
        const { found, waiting } = await localCopy.load(doc, gate)
        this.#save.dispatch({ kind: 'copy-loaded', found, waiting })
        if (isLate() && waiting > 0) this.#renew()
      } catch (cause) {
        // A listener that throws must not keep the document from the server.
        log?.('the local copy could not be loaded', { cause })
      }
    })
  }

  #closed(code: number, words: string): void {
    this.#arrivals.settle()
    // y-websocket would set its own timer; without this it would connect behind our back.
    this.#link.shouldConnect = false
    this.#attempts.failed(this.#meter.closed(code, words))
    if (code === CLOSE.foreignClient && this.#wentBack.refused()) return
    if (isPermanentClose(code)) {
      this.#wanted = false
      this.#save.dispatch({ kind: 'refused', refusal: { code, words } })
      this.#setStatus('refused')
      return
    }
    this.#save.dispatch({ kind: 'closed', reason: waitReason(code) })
    if (!this.#wanted) return
    this.#setStatus('waiting')
    this.#attempts.plan(code === CLOSE.overloaded || code === CLOSE.rateLimited)
  }

  /** Takes a new socket for one that may be dead: a lost network shows only after 30 s of silence. */
  #renew(): void {
    if (this.#status === 'connected') this.#link.disconnect()
    else this.#attempts.nudge()
  }

  #watchEdits(): void {
    const { doc, localCopy } = this.#options
    const isCopys = (origin: unknown) => localCopy !== undefined && origin === localCopy.origin
    this.#undo.push(
      watchTyping(
        doc,
        (origin) => origin === this.#link || isCopys(origin),
        (update, typed, origin) => {
          if (isCopys(origin)) return
          this.#wentBack.changed()
          if (typed) {
            this.#arrivals.wrote()
            this.#save.dispatch({ kind: 'edited' })
            this.#wentBack.made(this.#save.model.typed)
          }
          localCopy?.record(update, typed ? this.#save.model.typed : undefined)
        },
      ),
    )
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
      page.onHidden(() => {
        this.#arrivals.settle()
        this.#drawing.settle()
      }),
      page.onShown(() => this.#attempts.nudge()),
      page.onOnline(() => this.#renew()),
    )
  }

  #setStatus(status: ConnectionStatus): void {
    if (status === this.#status) return
    this.#status = status
    for (const listener of this.#connectionListeners) listener(status)
  }
}
