/** `npm run reliability` in the size of every change; see `trial.ts`. */
import { rm } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { cannotMake } from '../harness/tools.ts'
import { check } from './check.ts'
import { BUSY_FAILPOINTS } from './failpoints.ts'
import { CI, filling, killing, type Plan, planTrial, seedOfRun, storageTrouble } from './plan.ts'
import { figures } from './report.ts'
import type { TrialResult } from './trial.ts'

const LIMIT = { timeout: 900_000 }
/** Long enough to make a failure small, short enough for a run that fails anyway. */
const SHRINK_FOR_MS = 180_000

/** @throws with what was wrong, and where to look into it */
async function clean(plan: Plan): Promise<TrialResult> {
  console.info(`reliability: SEED=${plan.seed}`)
  const said: string[] = []
  const result = await check(plan, { say: (line) => said.push(line), shrinkForMs: SHRINK_FOR_MS })
  if (!result.findings.isClean) throw new Error(said.join('\n'))
  for (const [what, figure] of figures([result])) console.info(`reliability: ${what}: ${figure}`)
  await rm(result.folder, { recursive: true })
  return result
}

it(
  `${CI.kills} kills, freezes and broken networks among ${CI.edits} edits lose no word that was acknowledged or seen, and double none`,
  LIMIT,
  async () => {
    const { struck, counts } = await clean(planTrial('installed', killing(CI), seedOfRun()))
    expect(struck.get('kill')).toBe(CI.kills)
    expect(counts.sent).toBeGreaterThanOrEqual(CI.edits)
  },
)

it.skipIf(cannotMake('small disks'))(
  `a disk that fills up ${CI.fillings} times loses no word that was acknowledged or seen, and is written to again by itself`,
  LIMIT,
  async () => {
    const size = filling({ fillings: CI.fillings, edits: CI.fillingEdits })
    const { struck, refusals } = await clean(planTrial('small disk', size, seedOfRun()))
    expect(struck.get('disk full')).toBe(CI.fillings)
    expect(refusals).toBeGreaterThan(0)
  },
)

/** So that a run in which they were left out can be told from one in which they were survived. */
let cuts = 0
let failedSyncs = 0

it.skipIf(cannotMake('power cuts') || cannotMake('failing calls'))(
  `${CI.cuts} power cuts, failed syncs and kills in the middle of commits, compactions and checkpoints lose no word that was acknowledged or seen`,
  LIMIT,
  async () => {
    const size = storageTrouble({ cuts: CI.cuts, edits: CI.storageEdits })
    const { struck, caught } = await clean(planTrial('storage', size, seedOfRun()))
    cuts = struck.get('power cut') ?? 0
    failedSyncs = struck.get('failed sync') ?? 0
    expect(cuts).toBe(CI.cuts)
    for (const kind of ['kill', 'power cut'])
      for (const place of BUSY_FAILPOINTS) expect(caught.get(`${kind}, ${place}`)).toBeGreaterThan(0)
  },
)

it.skipIf(cannotMake('power cuts') || cannotMake('failing calls'))(
  'the power was cut, and syncs have failed: this was not left out',
  () => {
    expect(cuts).toBe(CI.cuts)
    expect(failedSyncs).toBeGreaterThan(0)
  },
)
