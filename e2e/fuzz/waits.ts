/** Waits, kept with when they were, so that moments in which the machine stood still can be taken out of them afterwards. */
import { Histogram } from '../load/histogram.ts'

/** In milliseconds of `nowMs`. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A clock that all threads of the process share. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6

export class Waits {
  readonly #spans: Span[] = []

  record(from: number, to: number): void {
    this.#spans.push({ from, to })
  }

  get count(): number {
    return this.#spans.length
  }

  add(other: Waits): void {
    for (const span of other.#spans) this.#spans.push(span)
  }

  /** How long each was. @param pauses in which nobody could do anything */
  without(pauses: readonly Span[]): Histogram {
    const histogram = new Histogram()
    for (const { from, to } of this.#spans) {
      const paused = pauses.reduce(
        (sum, pause) => sum + Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)),
        0,
      )
      histogram.record(to - from - paused)
    }
    return histogram
  }
}

export const lengthOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, { from, to }) => sum + to - from, 0)
