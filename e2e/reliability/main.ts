/**
 * `npm run reliability`: trials of the checker, one after another, until so many kills and edits have been made.
 *
 *   npm run reliability                                          600 kills, 400,000 edits
 *   npm run reliability -- --kills 60 --edits 40000 --seed 7      one trial again
 *
 * Prints its figures, and writes `docs/reliability.md` when it made at least as much as every change has to pass and
 * was not told a seed. Ends with 1 when anything was lost, doubled or otherwise wrong, and says how to play it again.
 */
import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CI_SIZE, replayCommand, sizeOf } from './plan.ts'
import { figures, markdownReport } from './report.ts'
import { runTrial, type TrialResult } from './trial.ts'

const REPORT = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url))

const { values } = parseArgs({
  options: {
    /** In all trials together. */
    kills: { type: 'string', default: '600' },
    edits: { type: 'string', default: '400000' },
    /** Of the first trial; each one after it has the next number. */
    seed: { type: 'string' },
  },
})

function wholeNumber(flag: string, given: string, least: number): number {
  const value = Number(given)
  if (Number.isInteger(value) && value >= least) return value
  process.stderr.write(`--${flag} is a whole number from ${least}, not ${given}.\n`)
  process.exit(2)
}

const kills = wholeNumber('kills', values.kills, 0)
const edits = wholeNumber('edits', values.edits, 1)
const firstSeed = wholeNumber('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)), 0)

const trials = Math.ceil(Math.max(kills / CI_SIZE.kills, edits / CI_SIZE.edits))
/** The `index`-th of `trials` nearly equal parts of a whole. */
const part = (all: number, index: number): number =>
  Math.floor((all * (index + 1)) / trials) - Math.floor((all * index) / trials)

// Before the trials: what is committed while they run was not what ran.
const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim()
const results: TrialResult[] = []
for (let index = 0; index < trials; index++) {
  const size = { kills: part(kills, index), edits: part(edits, index), seed: firstSeed + index }
  const again = replayCommand(size)
  process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${index + 1} of ${trials}  ${again}\n`)
  const result = await runTrial({ ...sizeOf(size), seed: size.seed })
  results.push(result)
  if (result.findings.isClean) continue
  for (const line of result.findings.wrong) process.stderr.write(`  ${line}\n`)
  process.stderr.write(`  To play it again: ${again}\n  What happened: ${result.historyFile}\n`)
  process.exitCode = 1
}
for (const [what, figure] of figures(results)) process.stdout.write(`${what.padEnd(42)} ${figure}\n`)
if (values.seed === undefined && kills >= CI_SIZE.kills && edits >= CI_SIZE.edits) {
  await writeFile(REPORT, markdownReport(results, revision))
  process.stderr.write('Written to docs/reliability.md.\n')
}
