/** The checker is worth what it finds: faults are planted in the server's process, and it must find each of them. */
import { rm } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { cannotMake } from '../harness/tools.ts'
import type { Edit } from '../mutation/plant.ts'
import { CHECKED_MUTANTS, SMALL_QUEUE } from './mutants.ts'
import { killing, type Plan, planTrial, seedOfRun } from './plan.ts'
import { runTrial } from './trial.ts'

/** Not one that was chosen: which kill finds it is the machine's choice anyway. */
const seed = seedOfRun()

async function findingsOf(plan: Plan, planted: readonly Edit[]): Promise<string> {
  console.info(`SEED=${seed}`)
  const { findings, folder } = await runTrial(plan, { planted })
  await rm(folder, { recursive: true })
  return findings.wrong.join('\n')
}

const cannotCut = cannotMake('power cuts')

describe('the checker finds a planted fault', () => {
  for (const { name, fault, edits, stage, size, says } of CHECKED_MUTANTS) {
    const runs = stage !== 'storage' || !cannotCut
    it.runIf(runs)(`${name}: ${fault}`, { timeout: 240_000 }, async () => {
      expect(await findingsOf(planTrial(stage, size, seed), edits)).toMatch(says)
    })
  }

  it('and finds nothing where updates are refused for want of room and nothing is wrong', async () => {
    const plan = planTrial('installed', killing({ kills: 6, edits: 4_000 }), seed)
    expect(await findingsOf(plan, SMALL_QUEUE)).toBe('')
  }, 240_000)
})
