/** How long a soak lasts, and what happens meanwhile. */
import type { Edit } from '../mutation/plant.ts'

export interface SoakPlan {
  readonly seed: number
  readonly minutes: number
  /** Faults in the source of the server that is watched. */
  readonly planted?: readonly Edit[]
  /** Between two looks, other than in a real soak. */
  readonly cycleMs?: number
  /** Without the server that is killed again and again, without freezes and without a network that breaks. */
  readonly isCalm?: boolean
}

/** Long enough that what grows with every minute is told from what settles; also in CI, where it runs beside other tests. */
export const DEFAULT_MINUTES = 10

/** Between two looks. */
const CYCLE_MS = 12_000
/** Of the looks, those that do not count yet: code is compiled, pools are filled, the disk's pages are in memory. */
export const WARM_UP_SHARE = 0.3
/** After the last person has left; longer than a log that is worth it waits to be folded. */
export const IDLE_ROOM_MS = 6_500
/** Rooms in which two people stay throughout. */
export const LIVED_IN = 8
/** Of those who come and go, at the same time. */
export const VISITORS = 12
/** People who read slowly, in a room with people. */
export const SLOW = 3
/** In each cycle the process is frozen once, and the network broken once, for so long; in a run of minutes for a tenth of it. */
export const FREEZE_MS = { least: 5_000, most: 20_000 } as const
export const OUTAGE_MS = { least: 10_000, most: 40_000 } as const
/** From here on a run is a long one, and its cycles have room for that. */
const LONG_MINUTES = 60
const LONG_CYCLE_MS = 120_000

/** How long a cycle lasts, and the share of a long freeze or outage that it has room for. */
export function cycleOf({ minutes, cycleMs }: SoakPlan): {
  readonly lastsMs: number
  readonly share: number
} {
  const isLong = minutes >= LONG_MINUTES
  return { lastsMs: cycleMs ?? (isLong ? LONG_CYCLE_MS : CYCLE_MS), share: isLong ? 1 : 0.1 }
}

/** Between two kills. */
export const KILL_EVERY_MS = 8_000
