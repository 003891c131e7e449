/** The checker is worth what it finds: faults are planted in the server's process, and it must find each of them. */
import { rm } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { Edit } from '../mutation/plant.ts'
import { CHECKED_MUTANTS, SMALL_QUEUE } from './mutants.ts'
import { sizeOf } from './plan.ts'
import { runTrial } from './trial.ts'

/** Not one that was chosen: which kill finds it is the machine's choice anyway. */
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

async function findingsOf(size: { kills: number; edits: number }, planted: readonly Edit[]): Promise<string> {
  console.info(`SEED=${seed}`)
  const { findings, historyFile } = await runTrial({ ...sizeOf(size), seed, server: { planted } })
  await rm(historyFile)
  return findings.wrong.join('\n')
}

describe('the checker finds a planted fault', () => {
  it.for(CHECKED_MUTANTS)('$name: $fault', { timeout: 240_000 }, async ({ edits, size, says }) => {
    expect(await findingsOf(size, edits)).toMatch(says)
  })

  it('and finds nothing where updates are refused for want of room and nothing is wrong', async () => {
    expect(await findingsOf({ kills: 6, edits: 4_000 }, SMALL_QUEUE)).toBe('')
  }, 240_000)
})
