/** Waiting for what must become true, and saying what was seen instead when it does not. */

/**
 * Where every test runs, two files at a time, no wait is shorter than this: a pass ends at once all the same. With a planted
 * fault (`WEFT_MUTANT`) what is waited for may never come, and each wait lasts as long as it says.
 */
const LEAST_MS = process.env['CI'] === undefined || process.env['WEFT_MUTANT'] !== undefined ? 0 : 30_000

/** In ms; `exactlyMs` for what a test itself keeps from coming true, and that is found by waiting in vain. */
export type Deadline = number | { readonly exactlyMs: number }

/**
 * Asks again and again until `seen` satisfies `holds`.
 * @param within the deadline; a plain number is in CI at least `LEAST_MS`
 * @throws with `what` and the last thing seen
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean = Boolean,
  within: Deadline = 20_000,
): Promise<T> {
  const deadlineMs = typeof within === 'number' ? Math.max(within, LEAST_MS) : within.exactlyMs
  const endMs = performance.now() + deadlineMs
  let seen: T
  do {
    seen = await look()
    if (holds(seen)) return seen
    await new Promise((resolve) => setTimeout(resolve, 15))
  } while (performance.now() < endMs)
  throw new Error(`not within ${deadlineMs} ms: ${what}; last seen: ${JSON.stringify(seen)?.slice(0, 2_000)}`)
}

/** For `until`, of how many are left. */
export const isNone = (left: number): boolean => left === 0
