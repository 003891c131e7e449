/**
 * Whether anybody is still at the other end.
 *
 * A machine that lost its network says no goodbye. The system would notice after a quarter of an hour; until then the
 * person would seem to be present and keep a place that others may need.
 *
 * Counted in looks and not by the clock: a server that was suspended must not think that everybody has left.
 */

export type Sign = 'fine' | 'ask' | 'gone'

/** Looks, about a second apart, without a word from a client before it is asked, and between two questions. */
const ASK_AFTER = 20
/** Browsers answer by themselves, also while their page is busy; what comes later than this comes on a new connection. */
const GONE_AFTER = 90

export class Liveness {
  #silentLooks = 0

  heard(): void {
    this.#silentLooks = 0
  }

  /** Called about once a second. */
  look(): Sign {
    this.#silentLooks++
    if (this.#silentLooks >= GONE_AFTER) return 'gone'
    return this.#silentLooks % ASK_AFTER === 0 ? 'ask' : 'fine'
  }
}
