/** The server's end of a socket, without a network: what is sent is kept, and the test decides what has left. */
import { EventEmitter } from 'node:events'
import type { SessionSocket } from '../../socket/arrival.ts'

type Sent = (frame: Uint8Array) => void
type Done = (error?: Error) => void

export class FakeSocket extends EventEmitter {
  bufferedAmount = 0
  closedWith: { readonly code: number; readonly reason: string } | undefined
  readonly #received: Sent
  #isPaused = false
  /** Arrived while reading was paused. */
  #unread: Uint8Array[] = []
  /** While the other side does not read. */
  #isStuck = false
  #unsent: { readonly frame: Uint8Array; readonly done: Done | undefined }[] = []
  #isClosing = false

  constructor(received: Sent) {
    super()
    this.#received = received
  }

  /** As `ws` declares it; only what sessions use exists. */
  get asSocket(): SessionSocket {
    return this as unknown as SessionSocket
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  /** As `ws` counts: 1 open, 2 closing, 3 closed. */
  get readyState(): number {
    if (this.closedWith !== undefined) return 3
    return this.#isClosing ? 2 : 1
  }

  /** The other side has said goodbye while frames for it still wait. */
  beginClosing(): void {
    this.#isClosing = true
  }

  send(frame: Uint8Array, done?: Done): void {
    if (this.readyState !== 1) {
      // As `ws` does: what is sent too late counts as waiting for ever, and its sender is told in the next tick.
      this.bufferedAmount += frame.length
      if (done !== undefined) process.nextTick(done, new Error('not open'))
      return
    }
    if (this.#isStuck) {
      this.bufferedAmount += frame.length
      this.#unsent.push({ frame, done })
      return
    }
    this.#received(frame)
    done?.()
  }

  /** The other side stops reading. */
  stick(): void {
    this.#isStuck = true
  }

  /** The other side reads everything that waits. */
  drain(): void {
    this.#isStuck = false
    const unsent = this.#unsent
    this.#unsent = []
    this.bufferedAmount = 0
    for (const { frame, done } of unsent) {
      this.#received(frame)
      done?.()
    }
  }

  close(code: number, reason: string): void {
    // As `ws` does.
    if (Buffer.byteLength(reason) > 123) throw new RangeError('the reason is longer than 123 bytes')
    if (this.closedWith !== undefined) return
    this.closedWith = { code, reason }
    this.emit('close', code)
  }

  terminate(): void {
    this.close(1006, 'terminated')
  }

  /** Answered at once, as browsers do, unless nothing is read. */
  ping(): void {
    if (this.closedWith === undefined && !this.#isStuck) this.emit('pong')
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    for (const frame of this.#unread.splice(0)) this.deliver(frame)
  }

  /** A frame from the other side. */
  deliver(frame: Uint8Array, isBinary = true): void {
    if (this.closedWith !== undefined) return
    if (this.#isPaused) this.#unread.push(frame)
    else this.emit('message', Buffer.from(frame), isBinary)
  }
}
