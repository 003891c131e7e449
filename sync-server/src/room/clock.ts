/** Time as rooms and sessions see it, so that tests decide when it passes. */
export interface Clock {
  /** Monotonic, ms. */
  now(): number
  /** Runs once after at least `ms`. @returns its undo; a second call does nothing. */
  after(ms: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
