/**
 * `npm run reliability`: rounds of trials of the checker, until so many kills, power cuts and edits have been made.
 *
 *   npm run reliability                         10 rounds: 600 kills, 400,000 edits, 400 power cuts, 200 full disks
 *   npm run reliability -- --rounds 2
 *   npm run reliability -- --seed 7             the first round has this seed, each one after it the next number
 *   npm run reliability -- --plan <file>        one trial again, exactly; what a failure leaves has such a file
 *
 * Each round is what every change has to pass. Prints its figures, plants the faults that the checker must find, and
 * writes `docs/reliability.md` unless it was told a seed or a plan. Ends with 1 when anything was lost, doubled or
 * otherwise wrong, or a planted fault was missed.
 */
import { execFileSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { noFailingCalls } from '../harness/failing-calls.ts'
import { noPowerCuts } from '../harness/power-disk.ts'
import { check } from './check.ts'
import { CHECKED_MUTANTS } from './mutants.ts'
import { CI, filling, killing, type Plan, planTrial, seedOfRun, storageTrouble } from './plan.ts'
import { figures, type MutantOutcome, markdownReport, type StartOutcome } from './report.ts'
import { STRUCK_STARTS, strikeStart } from './starting.ts'
import { runTrial, type TrialResult } from './trial.ts'

const REPORT = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url))
const SHRINK_FOR_MS = 600_000
/** Freezes of 5 to 20 s, and as many outages of 10 to 40: half a minute each. */
const LONG_A_ROUND = 3

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string' },
    plan: { type: 'string' },
  },
})

const say = (line: string): void => void process.stderr.write(`${line}\n`)
const note = (line: string): void => say(`${new Date().toISOString().slice(11, 19)}  ${line}`)

function wholeNumber(flag: string, given: string, least: number): number {
  const value = Number(given)
  if (Number.isInteger(value) && value >= least) return value
  say(`--${flag} is a whole number from ${least}, not ${given}.`)
  process.exit(2)
}

function plansOf(seed: number): Plan[] {
  const full = filling({ fillings: CI.fillings, edits: CI.fillingEdits })
  const trouble = storageTrouble({ cuts: CI.cuts, edits: CI.storageEdits })
  return [
    planTrial('installed', killing({ ...CI, long: LONG_A_ROUND }), seed),
    planTrial('small disk', full, seed),
    planTrial('storage', trouble, seed),
  ]
}

async function play(plan: Plan): Promise<TrialResult> {
  note(`${plan.stage}, seed ${plan.seed}: ${plan.faults.length} faults, ${plan.edits} words`)
  const result = await check(plan, { say, shrinkForMs: SHRINK_FOR_MS })
  if (result.findings.isClean) await rm(result.folder, { recursive: true })
  else process.exitCode = 1
  return result
}

async function plantFaults(seed: number): Promise<MutantOutcome[]> {
  const outcomes: MutantOutcome[] = []
  for (const { name, fault, edits, says, stage, size } of CHECKED_MUTANTS) {
    if (stage === 'storage' && noPowerCuts !== undefined) continue
    note(`planted: ${name}`)
    const { findings, folder } = await runTrial(planTrial(stage, size, seed), { planted: edits })
    await rm(folder, { recursive: true })
    const isCaught = says.test(findings.wrong.join('\n'))
    if (!isCaught) process.exitCode = 1
    outcomes.push({ name, fault, isCaught })
  }
  return outcomes
}

async function strikeStarts(): Promise<StartOutcome[]> {
  const outcomes: StartOutcome[] = []
  for (const start of STRUCK_STARTS) {
    if (start.stroke === 'power cut' && noPowerCuts !== undefined) continue
    const { wrong } = await strikeStart(start)
    const what = `${start.stroke} while starting in a folder ${start.folder}, at ${start.place}`
    note(`${what}: ${wrong.join('; ') || 'nothing lost'}`)
    if (wrong.length > 0) process.exitCode = 1
    outcomes.push({ ...start, isWell: wrong.length === 0 })
  }
  return outcomes
}

function printFigures(results: readonly TrialResult[]): void {
  for (const [what, figure] of figures(results)) process.stdout.write(`${what.padEnd(44)} ${figure}\n`)
}

async function playAgain(file: string): Promise<void> {
  printFigures([await play(JSON.parse(await readFile(file, 'utf8')) as Plan)])
}

async function playRounds(): Promise<void> {
  const rounds = wholeNumber('rounds', values.rounds, 1)
  const firstSeed = values.seed === undefined ? seedOfRun() : wholeNumber('seed', values.seed, 0)
  // Before the trials: what is committed while they run was not what ran.
  const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim()
  const leftOut = [
    ...(noPowerCuts === undefined ? [] : [`no power was cut: ${noPowerCuts}`]),
    ...(noFailingCalls === undefined ? [] : [`no sync was made to fail: ${noFailingCalls}`]),
  ]
  for (const line of leftOut) say(line)
  const results: TrialResult[] = []
  for (let round = 0; round < rounds; round++)
    for (const plan of plansOf(firstSeed + round)) results.push(await play(plan))
  const starts = await strikeStarts()
  const mutants = await plantFaults(firstSeed)
  printFigures(results)
  for (const { name, isCaught } of mutants)
    process.stdout.write(`${isCaught ? 'found' : 'MISSED'}  ${name}\n`)
  if (values.seed !== undefined) return
  await writeFile(REPORT, markdownReport({ results, starts, mutants, revision, leftOut }))
  say('Written to docs/reliability.md.')
}

await (values.plan === undefined ? playRounds() : playAgain(values.plan))
