/**
 * The least change from one list of tokens to another, told where the caret ended up.
 *
 * "aa" has become "a|aa": three places could be where the new letter went, and only the caret knows. So what
 * stands behind the caret is matched first, then what stands before it, and only the rest is searched.
 */

/** A step over both lists, in order. */
export type Edit =
  | { readonly kind: 'keep'; readonly count: number }
  | { readonly kind: 'remove'; readonly count: number }
  | { readonly kind: 'insert'; readonly count: number }

/** More differences than this in one change are replaced as a whole: searching would take longer than typing. */
const MAX_DISTANCE = 1_000

/** @param caret tokens before the caret in `next`; undefined when it is elsewhere. */
export function diff(old: readonly number[], next: readonly number[], caret?: number): Edit[] {
  const shorter = Math.min(old.length, next.length)
  const suffixLimit = caret === undefined ? shorter : Math.min(shorter, next.length - caret)
  let suffix = 0
  if (caret === undefined) {
    // Without a caret the start is as good a guess as the end, and reads more naturally.
  } else while (suffix < suffixLimit && old.at(-1 - suffix) === next.at(-1 - suffix)) suffix += 1
  let prefix = 0
  while (prefix < shorter - suffix && old[prefix] === next[prefix]) prefix += 1
  while (prefix + suffix < shorter && old.at(-1 - suffix) === next.at(-1 - suffix)) suffix += 1
  const edits: Edit[] = []
  push(edits, 'keep', prefix)
  const middle = myers(old.slice(prefix, old.length - suffix), next.slice(prefix, next.length - suffix))
  for (const { kind, count } of middle) push(edits, kind, count)
  push(edits, 'keep', suffix)
  return edits
}

/** @see Myers, An O(ND) Difference Algorithm and Its Variations, 1986. */
function myers(old: readonly number[], next: readonly number[]): Edit[] {
  const n = old.length
  const m = next.length
  if (n === 0 || m === 0) return replaced(n, m)
  const max = Math.min(n + m, MAX_DISTANCE)
  const offset = max + 1
  let furthest = new Int32Array(2 * max + 3)
  const trace: Int32Array[] = []
  for (let distance = 0; distance <= max; distance += 1) {
    trace.push(furthest)
    furthest = furthest.slice()
    for (let k = -distance; k <= distance; k += 2) {
      const left = furthest[offset + k - 1] ?? 0
      const right = furthest[offset + k + 1] ?? 0
      let x = k === -distance || (k !== distance && left < right) ? right : left + 1
      while (x < n && x - k < m && old[x] === next[x - k]) x += 1
      furthest[offset + k] = x
      if (x >= n && x - k >= m) return walkBack(trace, n, m, offset)
    }
  }
  return replaced(n, m)
}

function walkBack(trace: readonly Int32Array[], n: number, m: number, offset: number): Edit[] {
  const reversed: Edit['kind'][] = []
  let x = n
  let y = m
  for (let distance = trace.length - 1; distance >= 0; distance -= 1) {
    const furthest = trace[distance]
    if (furthest === undefined) break
    const k = x - y
    const left = furthest[offset + k - 1] ?? 0
    const right = furthest[offset + k + 1] ?? 0
    const isInsert = k === -distance || (k !== distance && left < right)
    const previousX = distance === 0 ? 0 : isInsert ? right : left
    const previousY = distance === 0 ? 0 : previousX - (isInsert ? k + 1 : k - 1)
    while (x > previousX && y > previousY) {
      reversed.push('keep')
      x -= 1
      y -= 1
    }
    if (distance > 0) {
      reversed.push(isInsert ? 'insert' : 'remove')
      x = previousX
      y = previousY
    }
  }
  const edits: Edit[] = []
  for (const kind of reversed.reverse()) push(edits, kind, 1)
  return edits
}

function replaced(n: number, m: number): Edit[] {
  const edits: Edit[] = []
  push(edits, 'remove', n)
  push(edits, 'insert', m)
  return edits
}

/**
 * Adds to the last edit of its kind. What is written comes before what is removed in its place, so that it
 * stands right behind the character it was written behind.
 */
function push(edits: Edit[], kind: Edit['kind'], count: number): void {
  if (count === 0) return
  const last = edits.at(-1)
  const beforeLast = edits.at(-2)
  if (last?.kind === kind) edits[edits.length - 1] = { kind, count: last.count + count }
  else if (kind === 'insert' && last?.kind === 'remove') {
    edits.pop()
    push(edits, kind, count)
    edits.push(last)
  } else if (kind === 'remove' && last?.kind === 'insert' && beforeLast?.kind === 'remove')
    edits.splice(-2, 2, last, { kind, count: beforeLast.count + count })
  else edits.push({ kind, count })
}
