/** How much is measured; the whole of it takes some seven minutes. */
export interface SpeedPlan {
  readonly rounds: number
  readonly blocks: number
  /** Opened only. */
  readonly manyBlocks: number
  readonly manyRounds: number
  /** Keys that are pressed before those that count: what runs for the first time is compiled then. */
  readonly warmUpKeys: number
  readonly keys: number
  readonly enters: number
  readonly formats: number
  readonly typists: number
}

export const FULL: SpeedPlan = {
  rounds: 3,
  blocks: 3_000,
  manyBlocks: 10_000,
  manyRounds: 3,
  warmUpKeys: 12,
  keys: 64,
  enters: 20,
  formats: 20,
  typists: 10,
}

export const QUICK: SpeedPlan = { ...FULL, rounds: 1, manyRounds: 1, keys: 24, enters: 8, formats: 8 }

/** As somebody who types fast. */
export const KEYS_PER_SECOND = 8
