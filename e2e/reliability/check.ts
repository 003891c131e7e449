/** Plays a plan, and when it fails makes it small, says so, and leaves behind what is needed to look into it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Edit } from '../mutation/plant.ts'
import type { Plan } from './plan.ts'
import { shrink } from './shrink.ts'
import { runTrial, type TrialResult } from './trial.ts'

export interface CheckOptions {
  readonly planted?: readonly Edit[]
  /** Where lines about a failure go. */
  readonly say: (line: string) => void
  /** How long a failure is made smaller for; 0 for not at all. */
  readonly shrinkForMs: number
}

const TRIES = 2
export const replayCommand = (planFile: string): string => `npm run reliability -- --plan ${planFile}`

/** @returns the result of the plan as it was given, whatever became of it since */
export async function check(plan: Plan, options: CheckOptions): Promise<TrialResult> {
  const { planted = [], say } = options
  const result = await runTrial(plan, { planted })
  if (result.findings.isClean) return result
  for (const line of result.findings.wrong) say(line)
  say(`Plan, history and data folder: ${result.folder}`)
  say(`To play it again: ${replayCommand(join(result.folder, 'plan.json'))}`)
  const smallest = await shrunk(result, options)
  if (smallest === undefined) return result
  const file = join(result.folder, 'smallest-plan.json')
  await writeFile(file, JSON.stringify(smallest, undefined, 1))
  const { faults, edits, writers, documents } = smallest
  const kinds = faults.map((fault) => ('at' in fault ? `${fault.kind} at ${fault.at}` : fault.kind))
  say(
    `It still fails with ${edits} words, ${writers} people, ${documents} documents and ${kinds.join(', ') || 'no fault'}.`,
  )
  say(`To play that: ${replayCommand(file)}`)
  return result
}

async function shrunk(failed: TrialResult, options: CheckOptions): Promise<Plan | undefined> {
  const { planted = [], shrinkForMs } = options
  if (shrinkForMs === 0) return undefined
  const deadline = performance.now() + shrinkForMs
  return shrink(reached(failed), {
    tries: TRIES,
    mayGoOn: () => performance.now() < deadline,
    // What the first failure left is not written over.
    fails: async (plan) => {
      const { findings } = await runTrial(plan, { planted, leftIn: join(failed.folder, 'shrinking') })
      return !findings.isClean
    },
  })
}

/** A trial ends with its first finding: what was to come after it took no part. */
function reached({ plan, struck, counts }: TrialResult): Plan {
  const total = [...struck.values()].reduce((sum, count) => sum + count, 0)
  const edits = Math.min(plan.edits, counts.sent)
  const faults = plan.faults
    .slice(0, total)
    .map((fault) => ({ ...fault, afterSettled: Math.min(fault.afterSettled, edits - 1) }))
  return { ...plan, edits, faults }
}
