/**
 * The least insertions and deletions that turn one list into another (Myers' algorithm).
 *
 * Bound: with more than `MOST_CHANGES` of them the part in the middle counts as replaced as a whole, so the cost stays
 * below that number squared, whatever it is given.
 */

const MOST_CHANGES = 2_000

/** @returns pairs of equal elements, ascending in both lists: [index in `a`, index in `b`]. */
export function matches(a: readonly string[], b: readonly string[]): [number, number][] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end += 1
  const pairs: [number, number][] = []
  for (let index = 0; index < start; index += 1) pairs.push([index, index])
  const inner = middle(a.slice(start, a.length - end), b.slice(start, b.length - end))
  for (const [x, y] of inner) pairs.push([x + start, y + start])
  for (let index = end; index > 0; index -= 1) pairs.push([a.length - index, b.length - index])
  return pairs
}

function middle(a: readonly string[], b: readonly string[]): [number, number][] {
  if (a.length === 0 || b.length === 0) return []
  // furthest[k]: how far in `a` the paths reach on which x - y is k.
  let furthest = new Map<number, number>([[1, 0]])
  const trace: Map<number, number>[] = []
  for (let changes = 0; changes <= Math.min(a.length + b.length, MOST_CHANGES); changes += 1) {
    const next = new Map<number, number>()
    for (let k = -changes; k <= changes; k += 2) {
      const down = furthest.get(k + 1) ?? -1
      const right = furthest.get(k - 1) ?? -1
      let x = k === -changes || (k !== changes && right < down) ? down : right + 1
      while (x < a.length && x - k < b.length && x >= 0 && a[x] === b[x - k]) x += 1
      next.set(k, x)
      if (x >= a.length && x - k >= b.length) return walkBack(trace, furthest, a, b, changes)
    }
    trace.push(furthest)
    furthest = next
  }
  return []
}

function walkBack(
  trace: readonly Map<number, number>[],
  last: Map<number, number>,
  a: readonly string[],
  b: readonly string[],
  changes: number,
): [number, number][] {
  const pairs: [number, number][] = []
  let x = a.length
  let y = b.length
  for (let d = changes; d >= 0; d -= 1) {
    const furthest = d === changes ? last : (trace[d] ?? last)
    const k = x - y
    const down = furthest.get(k + 1) ?? -1
    const right = furthest.get(k - 1) ?? -1
    const isDown = k === -d || (k !== d && right < down)
    const fromX = isDown ? down : right
    const fromY = fromX - (isDown ? k + 1 : k - 1)
    while (
      x > fromX &&
      y > fromY &&
      x > 0 &&
      y > 0 &&
      a[x - 1] === b[y - 1] &&
      x > (isDown ? fromX : fromX + 1)
    ) {
      pairs.push([x - 1, y - 1])
      x -= 1
      y -= 1
    }
    x = fromX
    y = fromY
  }
  return pairs.reverse()
}
