/** Waiting for what must become true, and saying what was seen instead when it does not. */

/**
 * Asks again and again until `seen` satisfies `holds`.
 * @param withinMs the deadline; generous on slow machines, because a pass ends at once
 * @throws with `what` and the last thing seen
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean = Boolean,
  withinMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + withinMs
  let seen: T
  do {
    seen = await look()
    if (holds(seen)) return seen
    await new Promise((resolve) => setTimeout(resolve, 15))
  } while (performance.now() < deadline)
  throw new Error(`not within ${withinMs} ms: ${what}; last seen: ${JSON.stringify(seen)?.slice(0, 2_000)}`)
}

/** For `until`, of how many are left. */
export const isNone = (left: number): boolean => left === 0
