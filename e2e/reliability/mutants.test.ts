/** The checker is worth what it finds: faults are planted in the server's process, and it must find each of them. */
import { rm } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { CHECKED_MUTANTS, SMALL_QUEUE } from './mutants.ts'
import { CI_SIZE } from './plan.ts'
import { runTrial, type TrialOptions } from './trial.ts'

/** Not one that was chosen: which kill finds it is the machine's choice anyway. */
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

async function findingsOf(options: Partial<TrialOptions>): Promise<string> {
  console.info(`SEED=${seed}`)
  const { findings, historyFile } = await runTrial({ ...CI_SIZE, ...options, seed })
  await rm(historyFile)
  return findings.wrong.join('\n')
}

describe('the checker finds a planted fault', () => {
  it.for(CHECKED_MUTANTS)('$name: $fault', { timeout: 240_000 }, async ({ edits, size, says }) => {
    expect(await findingsOf({ ...size, server: { planted: edits } })).toMatch(says)
  })

  it('and finds nothing where updates are refused for want of room and nothing is wrong', async () => {
    expect(await findingsOf({ kills: 6, edits: 4_000, server: { planted: SMALL_QUEUE } })).toBe('')
  }, 240_000)
})
