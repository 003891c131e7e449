/**
 * Sets of clocks, as sorted ranges that neither touch nor overlap: `[start, end, start, end, …]`, ends exclusive.
 *
 * A flat array because a document that was typed by hand has thousands of them, most of them extended at one end.
 */

export type Ranges = number[]

/** Index of the first range that ends at or after `clock`: the one that contains, touches or follows it. */
function firstReaching(ranges: Ranges, clock: number): number {
  let low = 0
  let high = ranges.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[2 * middle + 1] ?? 0) < clock) low = middle + 1
    else high = middle
  }
  return low
}

/** Adds `[start, end)` in place. */
export function addRange(ranges: Ranges, start: number, end: number): void {
  const last = ranges.length - 1
  if (last < 0 || (ranges[last] ?? 0) < start) {
    ranges.push(start, end)
    return
  }
  const first = firstReaching(ranges, start)
  let after = first
  let from = start
  let to = end
  for (; after < ranges.length / 2; after++) {
    const otherStart = ranges[2 * after] ?? 0
    if (otherStart > end) break
    from = Math.min(from, otherStart)
    to = Math.max(to, ranges[2 * after + 1] ?? 0)
  }
  if (after === first + 1) {
    ranges[2 * first] = from
    ranges[2 * first + 1] = to
  } else ranges.splice(2 * first, 2 * (after - first), from, to)
}

/** So many are put in one by one: each moves what stands behind it. */
const FEW = 8

/** Adds many in one pass. @param added as ranges are, but they may touch and overlap. */
export function addRanges(ranges: Ranges, added: readonly number[]): void {
  const goesOn = ranges.length === 0 || (added[0] ?? 0) > (ranges.at(-1) ?? 0)
  if (goesOn || added.length <= 2 * FEW) {
    for (let at = 0; at < added.length; at += 2) addRange(ranges, added[at] ?? 0, added[at + 1] ?? 0)
    return
  }
  const before = ranges.slice()
  ranges.length = 0
  let ours = 0
  let theirs = 0
  // Each goes to the end: whichever begins first.
  while (ours < before.length || theirs < added.length) {
    const isOurs =
      theirs >= added.length || (ours < before.length && (before[ours] ?? 0) <= (added[theirs] ?? 0))
    const [from, at] = isOurs ? [before, ours] : [added, theirs]
    addRange(ranges, from[at] ?? 0, from[at + 1] ?? 0)
    if (isOurs) ours += 2
    else theirs += 2
  }
}

/** Calls `missing` with each part of `[start, end)` that `ranges` lacks, in order. */
export function eachMissing(
  ranges: Ranges | undefined,
  start: number,
  end: number,
  missing: (start: number, end: number) => void,
): void {
  let at = start
  if (ranges !== undefined)
    for (let index = firstReaching(ranges, start); index < ranges.length / 2 && at < end; index++) {
      const from = ranges[2 * index] ?? 0
      const to = ranges[2 * index + 1] ?? 0
      if (from > at) missing(at, Math.min(from, end))
      at = Math.max(at, to)
    }
  if (at < end) missing(at, end)
}

/** Whether all of `[start, end)` is in it. */
export function covers(ranges: Ranges | undefined, start: number, end: number): boolean {
  if (ranges === undefined) return false
  const first = firstReaching(ranges, end)
  return (ranges[2 * first] ?? Number.POSITIVE_INFINITY) <= start
}
