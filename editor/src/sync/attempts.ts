/**
 * When the next attempt to connect is made: never two are planned, and a nudge makes at most one a second.
 *
 * How long a failure costs is `backoff.ts`'s to say; whether any attempt is wanted at all, `provider.ts`'s.
 */
import { retryDelayMs, STEADY_MS } from './backoff.ts'
import type { Clock } from './clock.ts'

/** Nudges (a network is back, the page is looked at) make at most one attempt in this time. */
const NUDGE_MS = 1_000

export class Attempts {
  readonly #clock: Clock
  /** From 0 to below 1; spreads the attempts of many pages. */
  readonly #random: () => number
  readonly #attempt: () => void
  #failures = 0
  #madeAtMs = Number.NEGATIVE_INFINITY
  #cancel: (() => void) | undefined

  /** @param attempt is to call `made`. */
  constructor(clock: Clock, random: () => number, attempt: () => void) {
    this.#clock = clock
    this.#random = random
    this.#attempt = attempt
  }

  /** Attempts that failed in a row. */
  get failures(): number {
    return this.#failures
  }

  /** One is being made now. */
  made(): void {
    this.cancel()
    this.#madeAtMs = this.#clock.now()
  }

  /** @param livedMs how long the connection lived; 0 for one that never opened. */
  failed(livedMs: number): void {
    if (livedMs >= STEADY_MS) this.#failures = 0
    this.#failures++
  }

  /** @param overloaded the server said that it has too much to do. */
  plan(overloaded: boolean): void {
    const delayMs = retryDelayMs({ failures: this.#failures, overloaded, random: this.#random() })
    this.#cancel = this.#clock.after(delayMs, () => this.#attempt())
  }

  /** There is reason to hope: what is planned is done now. */
  nudge(): void {
    if (this.#cancel !== undefined && this.#clock.now() - this.#madeAtMs >= NUDGE_MS) this.#attempt()
  }

  cancel(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
