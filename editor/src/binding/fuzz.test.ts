/**
 * Several people write into one document at once, with the oracle of `test/fuzz/ledger.ts`. Every run is the
 * same run; `SEED=n` replays one and prints what happened, `SEEDS=n` runs more of them.
 *
 * The seeds run in a process of their own: only there can Lexical's production build be chosen (by NODE_ENV),
 * which is what people use and four times as fast.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { FuzzReport, RecordedRun } from '../../test/fuzz/main.ts'

const SEED = process.env['SEED']
const SEEDS = Number(process.env['SEEDS'] ?? 2_000)
const REGRESSIONS = JSON.parse(
  readFileSync(new URL('../../test/fuzz/regressions.json', import.meta.url), 'utf8'),
) as readonly (RecordedRun & { readonly why: string })[]
const MAIN = fileURLToPath(new URL('../../test/fuzz/main.ts', import.meta.url))

async function runFuzz(args: readonly string[]): Promise<FuzzReport & { readonly steps: string }> {
  const command = ['--conditions=weft:source', '--disable-warning=ExperimentalWarning', MAIN, ...args]
  const options = { env: { ...process.env, NODE_ENV: 'production' }, maxBuffer: 2 ** 26 }
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, command, options)
    return { ...(JSON.parse(stdout) as FuzzReport), steps: stderr }
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    if (stdout === undefined || stdout === '') throw error
    return { ...(JSON.parse(stdout) as FuzzReport), steps: stderr ?? '' }
  }
}

describe('the binding under several people', () => {
  it('shows everybody the same and loses, doubles or moves no typed character', {
    timeout: 600_000,
  }, async () => {
    const args =
      SEED === undefined ? ['--seeds', String(SEEDS)] : ['--first', SEED, '--seeds', '1', '--verbose']
    const report = await runFuzz(args)
    expect(report.failures.map((failure) => `${report.steps}${failure}`)).toEqual([])
    expect(report.failed).toBe(0)
    // A run in which nobody wrote anything would prove nothing.
    expect(report.characters).toBeGreaterThan(report.seeds * 20)
  })

  it('fails in no way it has failed before', async () => {
    for (const { why, ...recorded } of REGRESSIONS)
      expect({ why, ...(await replay(recorded)) }).toMatchObject({ why, failures: [] })
  })

  it('says so when a recorded run has become another one', async () => {
    const [recorded] = REGRESSIONS
    if (recorded === undefined) throw new Error('there is no recorded run')
    await expect(replay({ ...recorded, did: recorded.did.slice(1) })).rejects.toThrow(/^stale/)
  })
})

/** @throws when these steps of this seed are no longer what was recorded: then the record shows nothing. */
async function replay({ seed, steps, did }: RecordedRun): Promise<FuzzReport> {
  const report = await runFuzz(['--first', String(seed), '--seeds', '1', '--only', steps.join()])
  if (JSON.stringify(report.did) !== JSON.stringify(did))
    throw new Error(`stale: seed ${seed} now does ${JSON.stringify(report.did)}; make a hand case of it`)
  return report
}
