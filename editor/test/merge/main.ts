/**
 * `npm run merge-report`: the same scenarios on Weft's binding and on others, side by side; see `report.ts`.
 *
 *   npm run merge-report                                   writes docs/merge-report.md
 *   npm run merge-report -- --only weft --scenario heading  prints, and writes nothing
 *
 * Ends with 1 when Weft lost or doubled a word, brought back a deleted one, showed two people different things, or
 * complained.
 */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Contestant } from './contestant.ts'
import { lexicalV1, lexicalV2 } from './lexical-yjs.ts'
import { yProsemirror } from './prosemirror.ts'
import { type Line, markdownReport } from './report.ts'
import { playAll } from './run.ts'
import { scenarios } from './scenarios.ts'
import { weft } from './weft.ts'

const REPORT = fileURLToPath(new URL('../../../docs/merge-report.md', import.meta.url))

const DEFAULT_SEEDS = '200'

const contestants: readonly Contestant[] = [weft, lexicalV1, lexicalV2, yProsemirror]

const { values } = parseArgs({
  options: {
    /** Variations of each scenario. */
    seeds: { type: 'string', default: DEFAULT_SEEDS },
    /** Names of contestants, with commas. */
    only: { type: 'string' },
    /** Scenarios whose name contains this. */
    scenario: { type: 'string' },
  },
})

const seeds = Number(values.seeds)
const named: readonly string[] | undefined = values.only?.split(',')
const chosen = contestants.filter(({ name }) => named === undefined || named.includes(name))
const played = scenarios.filter(({ name }) => name.includes(values.scenario ?? ''))
if (!(seeds >= 1) || chosen.length === 0 || played.length === 0) {
  process.stderr.write(
    `Nothing to play. --seeds is a whole number from 1; --only is of ${contestants.map(({ name }) => name).join(', ')}; --scenario is part of a name:\n${scenarios.map(({ name }) => `  ${name}\n`).join('')}`,
  )
  process.exit(2)
}

// What editors have to say goes into the count of errors where they throw; their warnings would drown the report.
for (const method of ['error', 'warn', 'log'] as const) Object.assign(globalThis.console, { [method]() {} })

const startMs = performance.now()
const lines: Line[] = []
for (const scenario of played) {
  process.stderr.write(
    `${((performance.now() - startMs) / 1_000).toFixed(0).padStart(4)} s  ${scenario.name}\n`,
  )
  const totals = chosen.map((contestant) => playAll(contestant, scenario, seeds))
  lines.push({ scenario: scenario.name, totals })
}
const report = await markdownReport({ contestants: chosen, lines })
process.stdout.write(`${report}\n`)
for (const { scenario, totals } of lines)
  for (const [index, total] of totals.entries())
    for (const error of total.errors)
      process.stderr.write(`${chosen[index]?.title}, ${scenario}, ${error.split('\n')[0]}\n`)
const isWhole = chosen.length === contestants.length && played.length === scenarios.length
if (isWhole && values.seeds === DEFAULT_SEEDS) {
  await writeFile(REPORT, report)
  process.stderr.write('Written to docs/merge-report.md.\n')
}
const ours = chosen.indexOf(weft)
const isBad = lines.some(({ totals }) => {
  const total = totals[ours]
  if (total === undefined) return false
  const { lost, doubled, returned, differing, failing } = total
  return lost + doubled + returned + differing + failing > 0
})
process.exitCode = isBad ? 1 : 0
