/**
 * A token bucket that may go into debt. Time is passed in; nothing here waits.
 *
 * Debt, because the size of a frame is known only once it has arrived: a first large one is let in, and what
 * follows waits until it is paid for.
 */

export interface Rate {
  /** Tokens regained in a second; `Infinity` for no bound. */
  readonly perSecond: number
  /** Tokens a full bucket holds. */
  readonly capacity: number
}

/** Who waits as long as it was told must find its token, though many small refills do not quite add up to it. */
const ROUNDING = 1e-6

export class TokenBucket {
  readonly #rate: Rate
  #tokens: number
  #at: number

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate
    this.#tokens = rate.capacity
    this.#at = nowMs
  }

  /** Takes `amount`. @returns the ms until the debt is paid; 0 when there is none. */
  take(amount: number, nowMs: number): number {
    if (this.#rate.perSecond === Number.POSITIVE_INFINITY) return 0
    this.#refill(nowMs)
    this.#tokens -= amount
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate.perSecond) * 1_000
  }

  /** Takes one token if there is one. @returns 0 when it was taken, otherwise the ms until there is one. */
  tryTake(nowMs: number): number {
    if (this.#rate.perSecond === Number.POSITIVE_INFINITY) return 0
    this.#refill(nowMs)
    if (this.#tokens < 1 - ROUNDING) return ((1 - this.#tokens) / this.#rate.perSecond) * 1_000
    this.#tokens -= 1
    return 0
  }

  #refill(nowMs: number): void {
    const { perSecond, capacity } = this.#rate
    this.#tokens = Math.min(capacity, this.#tokens + ((nowMs - this.#at) / 1_000) * perSecond)
    this.#at = nowMs
  }
}
