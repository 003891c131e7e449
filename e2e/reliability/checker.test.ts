/** `npm run reliability` in the size of every change; see `trial.ts`. */
import { rm } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { CI_SIZE, replayCommand } from './plan.ts'
import { figures } from './report.ts'
import { runTrial } from './trial.ts'

it('60 kills, freezes and broken networks among 40,000 edits lose no word that was acknowledged or seen, and double none', async () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  const options = { ...CI_SIZE, seed }
  console.info(`reliability: ${replayCommand(options)}`)
  const result = await runTrial(options)
  for (const [what, figure] of figures([result])) console.info(`reliability: ${what}: ${figure}`)
  if (!result.findings.isClean)
    throw new Error(`${result.findings.wrong.join('\n')}\nHistory: ${result.historyFile}`)
  await rm(result.historyFile)
  expect(result.faults.get('kill')).toBe(CI_SIZE.kills)
  expect(result.counts.sent).toBe(CI_SIZE.edits)
}, 600_000)
