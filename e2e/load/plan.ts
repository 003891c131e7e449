/** How much is measured, in the default run and in the quick one. */
import type { ColdOpenPlan } from './cold-open.ts'
import type { IdlePlan } from './idle.ts'

/** The ways of typing, in the order in which a round goes through them. */
export const PHASES = ['byHand', 'everyone', 'busy', 'flatOut'] as const
export type PhaseName = (typeof PHASES)[number]

/** All that can be measured alone; what follows the ways of typing has servers of its own. */
export const SHAPES = [...PHASES, 'coldOpen', 'idle'] as const
export type ShapeName = (typeof SHAPES)[number]

export interface Plan {
  readonly people: number
  /** How many of them type, except where everyone does. */
  readonly writers: number
  readonly rounds: number
  readonly shapes: readonly ShapeName[]
  /** Edits that each writer has on their way when typing flat out. */
  readonly window: number
  /** Edits of all writers together in a busy room: what some 350 people at human rate would type. */
  readonly busyPerSecond: number
  readonly warmUpMs: number
  readonly rampMs: number
  readonly flatOutMs: number
  readonly busyMs: number
  readonly byHandMs: number
  /** How long a server is watched after its turn in a round: servers put work off until nobody is there. */
  readonly settleMs: number
  readonly coldOpen: ColdOpenPlan
  readonly idle: IdlePlan
  readonly lossFlatOutMs: number
  readonly lossByHandMs: number
}

const common = { shapes: SHAPES, people: 50, writers: 10, window: 64, busyPerSecond: 2_000, rampMs: 500 }

// Weft compacts five seconds after the last person has left, Hocuspocus stores after two.
const settleMs = 6_000

/** Under ten minutes. */
export const FULL: Plan = {
  ...common,
  rounds: 3,
  warmUpMs: 2_000,
  flatOutMs: 4_000,
  busyMs: 4_000,
  byHandMs: 6_000,
  settleMs,
  coldOpen: {
    keystrokes: 60_000,
    shortKeystrokes: 6_000,
    restarts: 7,
    crowds: 3,
    crowdPeople: 30,
    settleMs,
  },
  idle: {
    documents: 1_000,
    characters: 10_000,
    peopleEach: 4,
    storeMs: settleMs,
    // By then the collector has given back what it gives back in the quiet.
    settleMs: 10_000,
    watchMs: 3_000,
  },
  lossFlatOutMs: 1_500,
  lossByHandMs: 3_000,
}

/** About a minute: enough to see that it runs and roughly where things stand. */
export const QUICK: Plan = {
  ...common,
  rounds: 1,
  warmUpMs: 700,
  flatOutMs: 1_500,
  busyMs: 1_500,
  byHandMs: 3_000,
  settleMs: 0,
  coldOpen: {
    keystrokes: 6_000,
    shortKeystrokes: 600,
    restarts: 2,
    crowds: 1,
    crowdPeople: 30,
    settleMs: 0,
  },
  idle: { documents: 50, characters: 10_000, peopleEach: 4, storeMs: 0, settleMs: 500, watchMs: 500 },
  lossFlatOutMs: 500,
  lossByHandMs: 1_500,
}

/** How many of the people type. */
export const writersIn = (phase: PhaseName, { people, writers }: Plan): number =>
  phase === 'everyone' ? people : writers

/** Every server is typed at alike, in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
