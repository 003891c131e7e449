/**
 * The answer to a client's step 1: the newest one only, one at a time, not more often than the rate allows, and not
 * to a reader that is slow. A question that cannot be answered yet waits, and a newer one takes its place.
 */
import type { Clock } from '../room/clock.ts'
import type { JoinAnswer, Joins } from '../room/join.ts'
import { decodeStateVector } from '../room/knowledge.ts'
import type { RoomLimits } from '../room/room-limits.ts'
import type { RoomCounters } from '../room/room-stats.ts'
import { TokenBucket } from './rate-limit.ts'

export interface JoiningOptions {
  readonly joins: Pick<Joins, 'answer'>
  readonly clock: Clock
  readonly limits: Pick<RoomLimits, 'framesPerSecond' | 'joinsPerSecond' | 'joinBurst'>
  readonly isSlow: () => boolean
  /** Of the process: how many were answered. */
  readonly counters: Pick<RoomCounters, 'joins'>
  readonly answered: (answer: JoinAnswer) => void
  /** It could not be: the session ends. */
  readonly failed: (error: unknown) => void
}

export class Joining {
  readonly #options: JoiningOptions
  readonly #rate: TokenBucket
  /** The newest step 1 that waits for its answer. */
  #pending: Uint8Array | undefined
  #isAnswering = false
  #isOpen = true
  #cancelWait: (() => void) | undefined

  constructor(options: JoiningOptions) {
    const { clock, limits } = options
    this.#options = options
    const isUnlimited = limits.framesPerSecond === Number.POSITIVE_INFINITY
    const perSecond = isUnlimited ? limits.framesPerSecond : limits.joinsPerSecond
    this.#rate = new TokenBucket({ perSecond, capacity: limits.joinBurst }, clock.now())
  }

  /** @throws {ProtocolError} for bytes that are no state vector. */
  ask(stateVector: Uint8Array): void {
    decodeStateVector(stateVector)
    this.#pending = new Uint8Array(stateVector)
    this.answerSoon()
  }

  /** To be called again whenever a slow reader has caught up. */
  answerSoon(): void {
    const { joins, clock, counters, isSlow, answered } = this.#options
    if (!this.#isOpen || this.#isAnswering || this.#cancelWait !== undefined || isSlow()) return
    const encodedVector = this.#pending
    if (encodedVector === undefined) return
    const waitMs = this.#rate.tryTake(clock.now())
    if (waitMs > 0) {
      this.#cancelWait = clock.after(waitMs, () => this.#waited())
      return
    }
    this.#pending = undefined
    counters.joins++
    const answer = joins.answer(decodeStateVector(encodedVector), encodedVector)
    if (answer instanceof Promise) void this.#answerLater(answer)
    else answered(answer)
  }

  /** Nothing is answered any more; safe to call twice. */
  close(): void {
    this.#isOpen = false
    this.#cancelWait?.()
  }

  #waited(): void {
    this.#cancelWait = undefined
    try {
      this.answerSoon()
    } catch (error) {
      this.#options.failed(error)
    }
  }

  async #answerLater(answer: Promise<JoinAnswer>): Promise<void> {
    this.#isAnswering = true
    try {
      const made = await answer
      if (this.#isOpen) this.#options.answered(made)
      this.#isAnswering = false
      this.answerSoon()
    } catch (error) {
      this.#options.failed(error)
    }
  }
}
