/**
 * Frames in: bounded in size and rate before anything is decoded.
 *
 * Too many frames end the session; too many bytes only hold the client back, for nobody is closed for a large
 * document: its socket is not read from until they have been paid for. Nor is it read from while its document is
 * being loaded, or while the store has more to do than memory should hold. What a frame says is `session.ts`'s business.
 */
import { CLOSE } from '@weft/protocol'
import type { RawData } from 'ws'
import type { Clock } from '../room/clock.ts'
import type { Intake } from '../room/intake.ts'
import type { RoomLimits } from '../room/room-limits.ts'
import type { RoomCounters } from '../room/room-stats.ts'
import { TokenBucket } from './rate-limit.ts'
import { Reading, type ReadSocket } from './reading.ts'

export interface IncomingOptions {
  readonly socket: ReadSocket
  readonly clock: Clock
  readonly limits: Pick<RoomLimits, 'framesPerSecond' | 'bytesPerSecond' | 'burstSeconds' | 'maxFrameBytes'>
  readonly counters: RoomCounters
  /** Of all sessions together. */
  readonly intake: Intake
  /** A frame may be decoded; it is part of the buffer it arrived in, unless it had to wait. */
  readonly admitted: (frame: Uint8Array) => void
  /** The session ends for what was sent. */
  readonly refused: (code: number, reason: string) => void
}

export class Incoming {
  readonly #options: IncomingOptions
  readonly #reading: Reading
  readonly #frameRate: TokenBucket
  readonly #byteRate: TokenBucket
  /** While the document is being loaded. */
  #kept: { readonly frames: Uint8Array[]; bytes: number } | undefined = { frames: [], bytes: 0 }
  #receivedAt = 0
  #isOpen = true
  #cancelPause: (() => void) | undefined
  #cancelHold: (() => void) | undefined

  constructor(options: IncomingOptions) {
    const { socket, clock, limits } = options
    this.#options = options
    const bucket = (perSecond: number): TokenBucket =>
      new TokenBucket({ perSecond, capacity: perSecond * limits.burstSeconds }, clock.now())
    this.#frameRate = bucket(limits.framesPerSecond)
    this.#byteRate = bucket(limits.bytesPerSecond)
    // Nothing is read before the document is loaded; what was already received is kept.
    this.#reading = new Reading(socket)
    this.#reading.pause('loading')
  }

  /** When the newest frame came; by the clock, ms. */
  get receivedAt(): number {
    return this.#receivedAt
  }

  get isPaused(): boolean {
    return this.#reading.isPaused
  }

  /** A message of the socket. */
  receive(data: RawData, isBinary: boolean): void {
    if (!this.#isOpen) return
    const { counters, admitted } = this.#options
    const bytes = Array.isArray(data) ? Buffer.concat(data) : data
    const frame =
      bytes instanceof ArrayBuffer
        ? new Uint8Array(bytes)
        : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (!this.#afford(frame.length)) return
    if (!isBinary) {
      counters.refusals.malformed++
      this.#options.refused(CLOSE.malformed, 'malformed: a text frame')
    } else if (this.#kept !== undefined) this.#keep(frame, this.#kept)
    else admitted(frame)
  }

  /** The document is loaded: admits what came so far, and reads on. */
  open(): void {
    const frames = this.#kept?.frames ?? []
    this.#kept = undefined
    for (const frame of frames) this.#options.admitted(frame)
    this.#reading.resume('loading')
  }

  /** Not read from while the store has more to do than memory should hold. */
  holdBack(): void {
    if (this.#cancelHold !== undefined || !this.#isOpen) return
    this.#cancelHold = this.#options.intake.hold(() => {
      this.#cancelHold = undefined
      this.#reading.resume('store')
    })
    if (this.#cancelHold !== undefined) this.#reading.pause('store')
  }

  /** Nothing more is admitted; safe to call twice. */
  close(): void {
    this.#isOpen = false
    this.#kept = undefined
    this.#cancelPause?.()
    this.#cancelHold?.()
  }

  /** One frame's worth: a client that is not read from can hardly send more. */
  #keep(frame: Uint8Array, kept: { readonly frames: Uint8Array[]; bytes: number }): void {
    const { limits, counters, refused } = this.#options
    kept.bytes += frame.length
    if (kept.bytes > limits.maxFrameBytes) {
      counters.refusals['queue-full']++
      refused(CLOSE.overloaded, 'too much came before the document was loaded')
    } else kept.frames.push(new Uint8Array(frame))
  }

  /** @returns false when the session was closed for it. */
  #afford(bytes: number): boolean {
    const { clock, counters, refused } = this.#options
    counters.framesIn++
    counters.bytesIn += bytes
    const now = clock.now()
    this.#receivedAt = now
    if (this.#frameRate.take(1, now) > 0) {
      counters.refusals.rate++
      refused(CLOSE.rateLimited, 'too many frames')
      return false
    }
    const debtMs = this.#byteRate.take(bytes, now)
    if (debtMs > 0 && this.#cancelPause === undefined) {
      this.#reading.pause('rate')
      this.#cancelPause = clock.after(debtMs, () => {
        this.#cancelPause = undefined
        this.#reading.resume('rate')
      })
    }
    return true
  }
}
