/**
 * The socket given to y-websocket in place of the browser's own.
 *
 * It knows what y-websocket's hooks do not show: how many update-bearing messages were sent on this
 * connection (answers to a step 1 bypass every hook), when the server asked with its step 1, and the messages
 * of `weft.1`, which are taken out here because y-websocket prints an error for every type it does not know.
 * It also keeps fast writers within a window of unacknowledged messages (`update-window.ts`), and lets an edit be shown
 * before it is sent.
 *
 * Counts belong to one socket and die with it. What they mean is `save-state.ts`'s business.
 */
import { CLOSE, decodeMessage, type Hello, MESSAGE, type Notice, SUBPROTOCOL, SYNC } from '@weft/protocol'
import type { AfterDrawing } from './after-drawing.ts'
import { type Outgoing, UpdateWindow } from './update-window.ts'

/** The part of the DOM's WebSocket that is used; `ws` and Node's own have it too. */
export interface SocketLike {
  binaryType: string
  readonly readyState: number
  readonly protocol: string
  addEventListener(type: 'open' | 'message' | 'error' | 'close', listener: (event: unknown) => void): void
  send(data: Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
}

export type SocketConstructor = new (url: string, protocols: string[]) => SocketLike

/** What happens on one socket, in the order it happens. */
export interface SocketObserver {
  /** The client id under which this page writes now. */
  readonly ownClient: () => number
  /** How many edits were made on this page until now. */
  readonly edits: () => number
  /** @param confirms the server took `weft.1`. */
  opened(confirms: boolean): void
  /** The server's step 1 has arrived; y-websocket answers it right after. */
  asked(): void
  /**
   * @param message its number on this connection, from 1
   * @param edits the last of this page's edits that it or a message before it holds: later ones may wait here still
   */
  sent(message: number, step2: boolean, edits: number): void
  durable(count: number): void
  hello(hello: Hello): void
  notice(notice: Notice): void
  /** Bytes from the server that make no sense, or a throw while they were handled. */
  failed(cause: unknown): void
}

interface MessageLike {
  readonly data: unknown
}

const OPEN = 1

/**
 * @param drawing what is settled there is sent: whoever is about to leave does so
 * @returns a class with the DOM's WebSocket interface as far as y-websocket 3.1 uses it
 */
export function countingSocket(
  Inner: SocketConstructor,
  observer: SocketObserver,
  drawing: AfterDrawing,
): typeof WebSocket {
  class CountingSocket {
    static readonly CONNECTING = 0
    static readonly OPEN = OPEN
    static readonly CLOSING = 2
    static readonly CLOSED = 3
    readonly OPEN = OPEN
    onopen: ((event: unknown) => void) | null = null
    onmessage: ((event: MessageLike) => void) | null = null
    onclose: ((event: unknown) => void) | null = null
    onerror: ((event: unknown) => void) | null = null
    readonly #inner: SocketLike | undefined
    readonly #window = new UpdateWindow(observer.ownClient)
    #sent = 0
    #durable = 0
    #over = false

    constructor(url: string, protocols: string[] = []) {
      try {
        this.#inner = new Inner(url, [SUBPROTOCOL, ...protocols])
      } catch (cause) {
        // A page's policy may forbid the address; that is one failed attempt, not a fault of the page.
        queueMicrotask(() => this.#end({ code: 1006, reason: String(cause) }))
        return
      }
      const inner = this.#inner
      inner.binaryType = 'arraybuffer'
      inner.addEventListener('open', (event) => {
        if (this.#over) return
        observer.opened(inner.protocol === SUBPROTOCOL)
        this.onopen?.(event)
      })
      inner.addEventListener('message', (event) => this.#receive(event as MessageLike))
      inner.addEventListener('error', (event) => this.onerror?.(event))
      inner.addEventListener('close', (event) => this.#end(event))
    }

    get binaryType(): string {
      return 'arraybuffer'
    }

    set binaryType(_type: string) {
      // Always `arraybuffer`: y-websocket asks for nothing else.
    }

    get readyState(): number {
      return this.#over ? CountingSocket.CLOSED : (this.#inner?.readyState ?? CountingSocket.CONNECTING)
    }

    send(data: Uint8Array): void {
      if (this.readyState !== OPEN) return
      const bearing = data[0] === MESSAGE.sync && (data[1] === SYNC.step2 || data[1] === SYNC.update)
      // A server that acknowledges nothing would leave the window full for ever.
      const windowed = bearing && this.#inner?.protocol === SUBPROTOCOL
      const outgoing = { frame: data, edits: observer.edits() }
      if (windowed && this.#window.hold(outgoing)) return drawing.plan(() => this.#release())
      // A caret is told of behind the text that it is in, unless the window is full.
      if (!bearing) drawing.settle()
      this.#pass(windowed ? this.#window.through(outgoing) : [outgoing], bearing)
    }

    #release(): void {
      if (this.readyState === OPEN) this.#pass(this.#window.release(this.#sent - this.#durable), true)
    }

    #pass(outgoing: readonly Outgoing[], bearing: boolean): void {
      for (const { frame, edits } of outgoing) {
        // Counted first: a server in the same process may answer before `send` returns.
        if (bearing) observer.sent(++this.#sent, frame[1] === SYNC.step2, edits)
        this.#inner?.send(frame as Uint8Array<ArrayBuffer>)
      }
    }

    /** y-websocket closes only after it has detached its handlers, so nothing is told from here on. */
    close(code?: number, reason?: string): void {
      this.#over = true
      if (code === undefined) this.#inner?.close()
      else this.#inner?.close(code, reason)
    }

    #receive(event: MessageLike): void {
      if (this.#over) return
      try {
        if (!(event.data instanceof ArrayBuffer)) throw new TypeError('a text frame')
        const frame = new Uint8Array(event.data)
        if ((frame[0] ?? 0) >= MESSAGE.durable) return this.#own(frame)
        if (frame[0] === MESSAGE.sync && frame[1] === SYNC.step1) observer.asked()
        this.onmessage?.(event)
      } catch (cause) {
        // A missed message leaves a hole that only a new handshake fills.
        observer.failed(cause)
        this.#inner?.close(CLOSE.malformed, 'not understood')
        this.#end({ code: 1006, reason: 'not understood' })
      }
    }

    #own(frame: Uint8Array): void {
      const message = decodeMessage(frame)
      if (message.kind === 'durable') this.#acknowledged(message.count)
      if (message.kind === 'hello') observer.hello(message.hello)
      if (message.kind === 'notice' && message.notice.kind !== 'unknown') observer.notice(message.notice)
    }

    #acknowledged(count: number): void {
      this.#durable = count
      observer.durable(count)
      if (!drawing.isPlanned) this.#release()
    }

    #end(event: unknown): void {
      if (this.#over) return
      this.#over = true
      this.onclose?.(event)
    }
  }
  return CountingSocket as unknown as typeof WebSocket
}
