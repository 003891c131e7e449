/**
 * Waits for a condition, turn by turn of the event loop.
 *
 * @throws {Error} when it does not come true within a minute; the error shows what was there instead.
 */
export async function until(condition: () => boolean, shown: () => unknown = condition): Promise<void> {
  const deadlineMs = performance.now() + 60_000
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`did not come true; last: ${JSON.stringify(shown())}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
