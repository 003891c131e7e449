/** Waiting for what must become true, and saying what was seen instead when it does not. */

/**
 * Where every test runs, two files at a time, no wait is shorter than this: a pass ends at once all the same. A planted fault
 * is waited for as long as it says, since it is found by that.
 */
const LEAST_MS = process.env['CI'] === undefined || process.env['WEFT_MUTANT'] !== undefined ? 0 : 30_000

/**
 * Asks again and again until `seen` satisfies `holds`.
 * @param withinMs the deadline; in CI at least `LEAST_MS`
 * @throws with `what` and the last thing seen
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean = Boolean,
  withinMs = 20_000,
): Promise<T> {
  const deadlineMs = Math.max(withinMs, LEAST_MS)
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
