/**
 * How long to wait before the next attempt (pure).
 *
 * Full jitter: any time from nothing to a ceiling, so that five thousand pages dropped together do not come
 * back together. The ceiling stays at two seconds for about the first twenty seconds, because a server that
 * restarts is back by then and people are looking at the page; after that it doubles to fifteen.
 */

const CEILINGS_MS = [250, 500, 1_000] as const
const RESTART_CEILING_MS = 2_000
const RESTART_ATTEMPTS = 20
const LONGEST_MS = 15_000

/** A connection must live this long before the next loss counts as the first again: a server that accepts
 * and then drops everybody is not asked four times a second. */
export const STEADY_MS = 5_000

/** Attempts that a server with too much to do is spared: its first ceiling is `RESTART_CEILING_MS`. */
const OVERLOADED_SKIPS = CEILINGS_MS.length

export interface Retry {
  /** Attempts that have failed in a row, from 1. */
  readonly failures: number
  /** The server said that it has too much to do. */
  readonly overloaded: boolean
  /** From 0 to below 1. */
  readonly random: number
}

/** @returns whole milliseconds, 0 to 15,000. */
export function retryDelayMs({ failures, overloaded, random }: Retry): number {
  return Math.floor(random * ceilingMs(failures + (overloaded ? OVERLOADED_SKIPS : 0)))
}

function ceilingMs(failures: number): number {
  const early = CEILINGS_MS[failures - 1]
  if (early !== undefined) return early
  const late = Math.max(0, failures - RESTART_ATTEMPTS)
  return Math.min(LONGEST_MS, RESTART_CEILING_MS * 2 ** Math.min(late, 10))
}
