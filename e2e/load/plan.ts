/** How much is measured, in the default run and in the quick one. */

/** The three ways of typing, in the order in which a round goes through them. */
export const PHASES = ['byHand', 'busy', 'flatOut'] as const
export type PhaseName = (typeof PHASES)[number]

export interface Plan {
  readonly people: number
  readonly writers: number
  readonly rounds: number
  readonly phases: readonly PhaseName[]
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
  readonly lossFlatOutMs: number
  readonly lossByHandMs: number
}

const common = { phases: PHASES, people: 50, writers: 10, window: 64, busyPerSecond: 2_000, rampMs: 500 }

/** About four minutes. */
export const FULL: Plan = {
  ...common,
  rounds: 3,
  warmUpMs: 2_000,
  flatOutMs: 4_000,
  busyMs: 4_000,
  byHandMs: 7_000,
  // Weft compacts five seconds after the last person has left, Hocuspocus stores after two.
  settleMs: 6_000,
  lossFlatOutMs: 1_500,
  lossByHandMs: 3_000,
}

/** Under a minute: enough to see that it runs and roughly where things stand. */
export const QUICK: Plan = {
  ...common,
  rounds: 1,
  warmUpMs: 700,
  flatOutMs: 1_500,
  busyMs: 1_500,
  byHandMs: 3_000,
  settleMs: 0,
  lossFlatOutMs: 500,
  lossByHandMs: 1_500,
}

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
