/** `npm run fuzz` in the size of every change; see `fuzz.ts`. */
import { expect, it } from 'vitest'
import { CI_SIZE, runFuzz } from './fuzz.ts'
import { figures } from './report.ts'

it('200,000 hostile cases have no effect but on who sends them, and honest people are acknowledged throughout', async () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.info(`fuzz: SEED=${seed}`)
  const result = await runFuzz({ ...CI_SIZE, seed })
  for (const [what, figure] of figures(result)) console.info(`fuzz: ${what}: ${figure}`)
  expect(result.tally.findings.map(({ what }) => what)).toEqual([])
  expect(result.tally.cases()).toBeGreaterThanOrEqual(200_000)
  expect(result.tally.cases() - result.tally.cases('rooms')).toBeGreaterThanOrEqual(40_000)
  expect(result.typed).toBeGreaterThan(100)
}, 900_000)
