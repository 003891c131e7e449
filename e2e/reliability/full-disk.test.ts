/** The checker on a disk that fills up under people who type, and is freed again; kills in between. */
import { rm } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { canMount, mountSmallDisk } from '../harness/small-disk.ts'
import { sizeOf } from './plan.ts'
import { figures } from './report.ts'
import { runTrial } from './trial.ts'

const FILLINGS = 20

it.skipIf(!canMount)(
  `a disk that fills up ${FILLINGS} times loses no word that was acknowledged or seen, and is written to again by itself`,
  { timeout: 240_000 },
  async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    console.info(`SEED=${seed}`)
    const disk = await mountSmallDisk(32)
    try {
      const result = await runTrial({ ...sizeOf({ kills: 6, edits: 8_000 }), fillings: FILLINGS, seed, disk })
      for (const [what, figure] of figures([result])) console.info(`reliability: ${what}: ${figure}`)
      if (!result.findings.isClean)
        throw new Error(`${result.findings.wrong.join('\n')}\nHistory: ${result.historyFile}`)
      console.info(`reliability: storage of a document that began to refuse: ${result.refusals}`)
      await rm(result.historyFile)
      expect(result.faults.get('disk full')).toBe(FILLINGS)
      expect(result.refusals).toBeGreaterThan(0)
    } finally {
      await disk.close()
    }
  },
)
