/**
 * Whether a row of looks is flat (pure): what has no business to grow does not, and what breathes grows no more than it
 * breathes.
 */
import type { Look } from './look.ts'

type Weighed = 'residentBytes' | 'heapBytes' | 'bufferBytes'
type Counted = 'openFiles' | 'timers' | 'handles' | 'listeners'

const MEBIBYTE = 1_048_576
const HOUR_MS = 3_600_000

/**
 * Bytes that may be added in an hour, and besides once, however short the run: what the runtime keeps and gives back,
 * and logs of which some have just been folded and some have not.
 */
const WEIGHED: Readonly<Record<Weighed, { readonly anHour: number; readonly once: number }>> = {
  // Ten minutes in which nothing leaks have added 0.7 MiB less to 1.5 MiB more, six runs.
  heapBytes: { anHour: 0.5 * MEBIBYTE, once: 3 * MEBIBYTE },
  bufferBytes: { anHour: 0.5 * MEBIBYTE, once: 4 * MEBIBYTE },
  residentBytes: { anHour: MEBIBYTE, once: 48 * MEBIBYTE },
}
/** How much more there may be, for good: a connection more or less is of who looks. */
const COUNTED: Readonly<Record<Counted, number>> = { openFiles: 3, timers: 2, handles: 3, listeners: 0 }
/** Bytes of the database for each byte of all updates that ever came, and besides once: rows, seals, snapshots, history. */
const MOST_STORED = 3
const STORED_ONCE = 16 * MEBIBYTE
const FEWEST_LOOKS = 4

/** @param looks after warming up, in order @returns what grew, in words; empty when all is flat */
export function growth(looks: readonly Look[]): string[] {
  if (looks.length < FEWEST_LOOKS) return [`${looks.length} looks tell nothing; it takes ${FEWEST_LOOKS}`]
  const lastingMs = (looks.at(-1)?.atMs ?? 0) - (looks[0]?.atMs ?? 0)
  const found: string[] = []
  for (const what of Object.keys(WEIGHED) as Weighed[]) {
    const { anHour, once } = WEIGHED[what]
    const grown = slope(looks.map((look) => [look.atMs, look[what]])) * lastingMs
    const allowed = once + (anHour * lastingMs) / HOUR_MS
    if (grown > allowed) found.push(`${what} grew by ${mebibytes(grown)}, more than ${mebibytes(allowed)}`)
  }
  const { storedBytes = 0, committedBytes = 0 } = looks.at(-1) ?? {}
  const most = STORED_ONCE + MOST_STORED * committedBytes
  if (storedBytes > most)
    found.push(
      `storedBytes are ${mebibytes(storedBytes)} for ${mebibytes(committedBytes)} of updates, more than ${mebibytes(most)}`,
    )
  for (const what of Object.keys(COUNTED) as Counted[]) {
    const counts = looks.map((look) => look[what])
    const half = Math.ceil(counts.length / 2)
    // The least of what came later beside the most of what was before: not what is there for a moment.
    const [before, after] = [Math.max(...counts.slice(0, half)), Math.min(...counts.slice(half))]
    const [first = 0, last = 0] = [counts[0], counts.at(-1)]
    if (after > before + COUNTED[what] || last > first * 1.02 + COUNTED[what] + 1)
      found.push(`${first} ${what} became ${last}`)
  }
  return found
}

/** The median of the slopes between all pairs: one odd point changes nothing (Theil and Sen). */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const slopes: number[] = []
  for (const [index, [x, y]] of points.entries())
    for (const [laterX, laterY] of points.slice(index + 1))
      if (laterX > x) slopes.push((laterY - y) / (laterX - x))
  slopes.sort((a, b) => a - b)
  const middle = Math.floor(slopes.length / 2)
  const upper = slopes[middle] ?? 0
  return slopes.length % 2 === 1 ? upper : ((slopes[middle - 1] ?? upper) + upper) / 2
}

const mebibytes = (bytes: number): string => `${(bytes / MEBIBYTE).toFixed(1)} MiB`
