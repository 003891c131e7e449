/** How large a trial is, and how one is played again. */
import type { TrialSize } from './schedule.ts'

interface Size extends TrialSize {
  readonly documents: number
}

/** Everything else that is broken goes with the kills. */
export function sizeOf({ kills, edits }: { kills: number; edits: number }): Size {
  const freezes = Math.round(kills / 4)
  const outages = Math.round(kills / 2)
  return { kills, freezes, outages, fillings: 0, edits, writers: 6, documents: 3 }
}

/** What every change has to pass. Longer runs are several of these, each with a server and a seed of its own. */
export const CI_SIZE: Size = sizeOf({ kills: 60, edits: 40_000 })

/** The same choices at the same edits; when the machine lets what happen between them is its own. */
export function replayCommand({
  kills,
  edits,
  seed,
}: {
  kills: number
  edits: number
  seed: number
}): string {
  return `npm run reliability -- --kills ${kills} --edits ${edits} --seed ${seed}`
}
