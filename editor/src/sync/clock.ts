/**
 * Time as the provider and the local copy see it, so that a test decides when things happen.
 */
export interface Clock {
  /** Whole milliseconds that only grow; their zero means nothing. */
  now(): number
  /** @returns its undo. */
  after(delayMs: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Math.floor(performance.now()),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
