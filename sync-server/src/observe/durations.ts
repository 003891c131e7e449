/**
 * How long things took, counted by bounds as Prometheus wants them. Counting allocates nothing and takes some
 * nanoseconds, so it may stand on the way of a keystroke.
 */

/** From a fast disk to what nobody waits for; in seconds. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export class Durations {
  readonly #counts = new Float64Array(BOUNDS.length + 1)
  #seconds = 0
  #count = 0

  get count(): number {
    return this.#count
  }

  /** All of them together. */
  get seconds(): number {
    return this.#seconds
  }

  observe(seconds: number): void {
    let index = 0
    while (index < BOUNDS.length && seconds > (BOUNDS[index] ?? 0)) index++
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#seconds += seconds
    this.#count++
  }

  /** How many took at most `seconds`; the last one is all of them. */
  cumulative(): { readonly seconds: number; readonly count: number }[] {
    let count = 0
    return [...BOUNDS, Number.POSITIVE_INFINITY].map((seconds, index) => {
      count += this.#counts[index] ?? 0
      return { seconds, count }
    })
  }
}
