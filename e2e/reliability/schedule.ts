/** When what breaks, by seed (pure): faults are placed among the edits, so a fast machine meets them where a slow one does. */
import type { Random } from '../harness/random.ts'

export interface Fault {
  /** As soon as so many words are settled: acknowledged, or gone with a page that crashed. */
  readonly afterSettled: number
  readonly kind: 'kill'
  /** How much later, so that it strikes anywhere between two commits. */
  readonly delayMs: number
  /** Nobody who holds words comes back before a newcomer was shown what the disk has. */
  readonly heldOff: boolean
  /** Whose page crashes with it, if anybody's. */
  readonly crashes: number | undefined
}

export interface TrialSize {
  readonly kills: number
  readonly edits: number
  readonly writers: number
}

/** Faults come while people type: none in the last hundredth of the edits. */
const BUSY_SHARE = 0.99
const MAX_DELAY_MS = 20

/** @returns them in the order in which they strike */
export function scheduleFaults({ kills, edits, writers }: TrialSize, random: Random): Fault[] {
  const faults = Array.from({ length: kills }, (): Fault => {
    const afterSettled = random.below(edits * BUSY_SHARE)
    const delayMs = random.share() * MAX_DELAY_MS
    const heldOff = random.happens(0.5)
    const crashes = random.happens(0.5) ? random.below(writers) : undefined
    return { afterSettled, kind: 'kill', delayMs, heldOff, crashes }
  })
  return faults.sort((one, other) => one.afterSettled - other.afterSettled)
}
