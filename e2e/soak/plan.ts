/** How long a soak lasts, and what happens meanwhile. */
import type { Edit } from '../mutation/plant.ts'

export interface SoakPlan {
  readonly seed: number
  readonly minutes: number
  /** Faults in the source of the server that is watched. */
  readonly planted?: readonly Edit[]
  /** Between two looks, other than in a real soak. */
  readonly cycleMs?: number
  /** Without the server that is killed again and again. */
  readonly withoutKills?: boolean
}

/** Long enough that what grows with every minute is told from what settles; also in CI, where it runs beside other tests. */
export const DEFAULT_MINUTES = 10

/** Between two looks. */
export const CYCLE_MS = 12_000
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
/** Between two kills. */
export const KILL_EVERY_MS = 8_000
