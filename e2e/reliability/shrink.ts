/**
 * Makes a plan that fails small: it is played again with fewer faults, words and people for as long as it still fails.
 *
 * When threads run is the machine's choice, so a smaller plan that passed once may fail the next time: each is tried a
 * few times before it is given up. What comes out fails, but need not be the smallest there is.
 */
import type { Plan } from './plan.ts'

export interface ShrinkOptions {
  /** Plays a plan once. */
  readonly fails: (plan: Plan) => Promise<boolean>
  /** How often a plan is played before it counts as one that passes. */
  readonly tries: number
  /** Whether there is time for another one. */
  readonly mayGoOn: () => boolean
}

const MIN_EDITS = 20

/** @param plan that has failed @returns one that has failed, too, and is no larger */
export async function shrink(plan: Plan, { fails, tries, mayGoOn }: ShrinkOptions): Promise<Plan> {
  const failsSometimes = async (candidate: Plan): Promise<boolean> => {
    for (let left = tries; left > 0 && mayGoOn(); left--) if (await fails(candidate)) return true
    return false
  }
  let smallest = plan
  for (let isSmaller = true; isSmaller && mayGoOn(); ) {
    isSmaller = false
    for (const candidate of smallerPlans(smallest)) {
      if (!(await failsSometimes(candidate))) continue
      smallest = candidate
      isSmaller = true
      break
    }
  }
  return smallest
}

/** The greatest steps first. */
export function* smallerPlans(plan: Plan): Generator<Plan> {
  const { faults, edits, documents, writers } = plan
  for (let size = Math.ceil(faults.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < faults.length; from += size)
      yield { ...plan, faults: faults.toSpliced(from, size) }
  }
  if (edits > MIN_EDITS) yield withEdits(plan, Math.max(MIN_EDITS, Math.floor(edits / 2)))
  if (documents > 1) yield { ...plan, documents: 1 }
  if (writers > 1) yield withWriters(plan, Math.ceil(writers / 2))
}

/** Faults stay where they were among the words, as far as these still reach. */
function withEdits(plan: Plan, edits: number): Plan {
  const scaled = (settled: number): number => Math.floor((settled * edits) / plan.edits)
  const faults = plan.faults.map((fault) => ({ ...fault, afterSettled: scaled(fault.afterSettled) }))
  return { ...plan, edits, faults }
}

function withWriters(plan: Plan, writers: number): Plan {
  const faults = plan.faults.map((fault) =>
    'crashes' in fault && fault.crashes !== undefined
      ? { ...fault, crashes: fault.crashes % writers }
      : fault,
  )
  return { ...plan, writers, faults, documents: Math.min(plan.documents, writers) }
}
