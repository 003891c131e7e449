/**
 * Frames out, with a bound on what waits for a reader.
 *
 * Above `slowBytes` the reader is slow: whoever writes is told so, keeps back what can be caught up on, and is
 * called once everything has left. A reader that takes too long, or for whom too much has piled up all the same, is
 * given up.
 */
import type { Clock } from '../room/clock.ts'
import type { RoomLimits } from '../room/room-limits.ts'
import type { RoomCounters } from '../room/room-stats.ts'
import type { Backlog } from './backlog.ts'

export interface OutletSocket {
  send(frame: Uint8Array, sent?: (error?: Error | null) => void): void
  /** 1 while it is open; in any other state nothing that is sent ever leaves. */
  readonly readyState: number
  /** Bytes that were sent and have not left. */
  readonly bufferedAmount: number
}

export interface OutletOptions {
  readonly socket: OutletSocket
  readonly clock: Clock
  readonly limits: RoomLimits
  readonly counters: RoomCounters
  /** Of all sockets. */
  readonly backlog: Backlog
  /** The reader was slow and has taken everything. */
  readonly drained: () => void
  /** The reader will not be waited for any longer. */
  readonly givenUp: () => void
}

interface Slow {
  readonly since: number
  /** When what waits must have been taken. */
  readonly until: number
  /** Bytes that may wait in all: a first load may be larger than the bound. */
  readonly maxBytes: number
}

/** `WebSocket.OPEN`. */
const OPEN = 1

/** A reader this fast is slow, not gone. */
const MIN_READ_BYTES_PER_MS = 256

export class Outlet {
  readonly #options: OutletOptions
  #slow: Slow | undefined
  #sentAt: number
  #isOpen = true
  /** To be called for large frames that have not left. */
  readonly #counted = new Set<() => void>()

  constructor(options: OutletOptions) {
    this.#options = options
    this.#sentAt = options.clock.now()
  }

  get isSlow(): boolean {
    return this.#slow !== undefined
  }

  get slowSince(): number | undefined {
    return this.#slow?.since
  }

  /** When something was last sent. */
  get sentAt(): number {
    return this.#sentAt
  }

  /** Writes them, also to a slow reader: it is the caller who keeps back what can wait. */
  send(frames: readonly Uint8Array[]): void {
    const { socket, clock, limits, counters } = this.#options
    // The other side may have begun to close while bytes wait: they drain, and whatever is written now never does.
    if (!this.#isOpen || socket.readyState !== OPEN) return
    this.#sentAt = clock.now()
    let waiting = socket.bufferedAmount
    for (const frame of frames) waiting += frame.length
    if (this.#slow !== undefined && waiting > this.#slow.maxBytes) {
      this.#options.givenUp()
      return
    }
    const becomesSlow = this.#slow === undefined && waiting > limits.slowBytes
    if (becomesSlow) {
      const until = this.#sentAt + Math.max(limits.maxSlowMs, waiting / MIN_READ_BYTES_PER_MS)
      this.#slow = {
        since: this.#sentAt,
        until,
        maxBytes: Math.max(limits.maxBufferedBytes, waiting + limits.slowBytes),
      }
      counters.slowSessions++
    }
    for (const [index, frame] of frames.entries()) {
      counters.framesOut++
      counters.bytesOut += frame.length
      this.#write(frame, becomesSlow && index === frames.length - 1)
    }
  }

  #write(frame: Uint8Array, isLastOfSlow: boolean): void {
    const { socket, backlog } = this.#options
    const remove = backlog.add(frame)
    if (remove === undefined && !isLastOfSlow) {
      socket.send(frame)
      return
    }
    if (remove !== undefined) this.#counted.add(remove)
    socket.send(frame, (error) => {
      if (remove !== undefined && this.#counted.delete(remove)) remove()
      if (isLastOfSlow) this.#drained(error)
    })
  }

  /** Called about once a second. */
  tick(nowMs: number): void {
    if (this.#slow !== undefined && nowMs > this.#slow.until) this.#options.givenUp()
  }

  /** Nothing more is sent; safe to call twice. */
  close(): void {
    this.#isOpen = false
    for (const remove of this.#counted) remove()
    this.#counted.clear()
    this.#recover()
  }

  /** A frame that failed has not been taken by anybody. */
  #drained(error: Error | null | undefined): void {
    if (error !== undefined && error !== null) return
    if (this.#recover()) this.#options.drained()
  }

  #recover(): boolean {
    if (this.#slow === undefined) return false
    this.#slow = undefined
    this.#options.counters.slowSessions--
    return true
  }
}
