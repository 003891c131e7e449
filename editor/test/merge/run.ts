/** Plays scenarios to contestants and adds up what came of it. */
import { randomOf } from '../fuzz/random.ts'
import type { Contestant } from './contestant.ts'
import type { Scenario } from './scenarios.ts'
import { type Result, Stage } from './stage.ts'

export interface Total {
  readonly runs: number
  /** Words that had to be there. */
  readonly due: number
  readonly lost: number
  readonly doubled: number
  readonly returned: number
  /** Runs after which not everybody saw the same. */
  readonly differing: number
  /** Runs in which something was thrown or complained of. */
  readonly failing: number
  /** The seed and the words of the first few errors. */
  readonly errors: readonly string[]
}

export const NOTHING: Total = {
  runs: 0,
  due: 0,
  lost: 0,
  doubled: 0,
  returned: 0,
  differing: 0,
  failing: 0,
  errors: [],
}

/** @param seed from 1; the same seed is the same script for every contestant. */
export function playOnce(contestant: Contestant, scenario: Scenario, seed: number): Result {
  const stage = new Stage(contestant, randomOf(seed))
  scenario.play(stage)
  return stage.end()
}

/** @param seeds how many, from 1. */
export function playAll(contestant: Contestant, scenario: Scenario, seeds: number): Total {
  let total = NOTHING
  for (let seed = 1; seed <= Math.max(1, Math.round(seeds * scenario.share)); seed += 1)
    total = addTotals(total, totalOf(playOnce(contestant, scenario, seed), seed))
  return total
}

export function addTotals(a: Total, b: Total): Total {
  return {
    runs: a.runs + b.runs,
    due: a.due + b.due,
    lost: a.lost + b.lost,
    doubled: a.doubled + b.doubled,
    returned: a.returned + b.returned,
    differing: a.differing + b.differing,
    failing: a.failing + b.failing,
    errors: [...a.errors, ...b.errors].slice(0, 3),
  }
}

function totalOf(result: Result, seed: number): Total {
  const { due, lost, doubled, returned, differs, errors } = result
  return {
    runs: 1,
    due,
    lost,
    doubled,
    returned,
    differing: differs ? 1 : 0,
    failing: errors.length > 0 ? 1 : 0,
    errors: errors.slice(0, 1).map((error) => `seed ${seed}: ${error}`),
  }
}
