/**
 * `npm run faults`: the fault rows that come in sizes, each as often as a long run makes it happen; see `rows.ts`.
 *
 *   npm run faults                                    all of them, for hours
 *   npm run faults -- --rows 10,14                    those rows alone
 *   npm run faults -- --rows 3 --share 0.1            a tenth of the size
 *
 * Ends with 1 when a test failed, or was skipped. Each row's figures go into `docs/fault-figures.md` as soon as it has run, with
 * the size in which it ran, unless it held in a larger one; those of rows that did not run stay as they were.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { FIGURES_FILE } from '../harness/figure.ts'
import { type Found, writeRow } from './figures-document.ts'
import { ROWS, type Row } from './rows.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Of tests that say nothing of their own; the long sizes take hours. */
const TIMEOUT_MS = 24 * 3_600_000

const { values } = parseArgs({
  options: {
    /** Numbers with commas between. */
    rows: { type: 'string' },
    share: { type: 'string', default: '1' },
  },
})

function refuse(why: string): never {
  process.stderr.write(`${why}\n`)
  process.exit(2)
}

const share = Number(values.share)
if (!(share > 0 && share <= 1)) refuse(`--share is more than 0 and at most 1, not ${values.share}.`)
const numbersOf = (rows: string): string[] => rows.split(',').map((number) => number.trim())
const wanted = values.rows === undefined ? undefined : numbersOf(values.rows)
const known = ROWS.flatMap(({ rows }) => numbersOf(rows))
const unknown = wanted?.filter((number) => !known.includes(number)) ?? []
if (unknown.length > 0) refuse(`--rows takes ${known.join(', ')}, not ${unknown.join(', ')}.`)

/** Runs the row's file with its size, in a process of its own that says what it does. */
async function runRow({ variable, project, file }: Row, size: number): Promise<Omit<Found, 'size'>> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-faults-'))
  const [report, figures] = [join(folder, 'report.json'), join(folder, 'figures')]
  const startedAt = performance.now()
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const timeouts = [`--testTimeout=${TIMEOUT_MS}`, `--hookTimeout=${TIMEOUT_MS}`]
  const args = ['run', '--project', project, ...reporters, ...timeouts, file]
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      [variable]: String(size),
      [FIGURES_FILE]: figures,
      // Nothing is left out here without being noticed.
      WEFT_FAULTS_REQUIRED: '1',
    },
  })
  await once(child, 'exit')
  const text = await readFile(report, 'utf8').catch(() => '{"testResults":[]}')
  const { testResults } = JSON.parse(text) as {
    testResults: { assertionResults: { title: string; status: string }[] }[]
  }
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const said = await readFile(figures, 'utf8').catch(() => '')
  await rm(folder, { recursive: true })
  return {
    passed: tests.filter(({ status }) => status === 'passed').map(({ title }) => title),
    failed: tests.filter(({ status }) => status !== 'passed').map(({ title }) => title),
    figures: said.split('\n').filter((line) => line !== ''),
    tookMs: performance.now() - startedAt,
  }
}

const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT }).toString().trim()
for (const row of ROWS) {
  if (wanted !== undefined && !numbersOf(row.rows).some((number) => wanted.includes(number))) continue
  const size = Math.ceil(row.size * share)
  const found = await runRow(row, size)
  const isSound = found.failed.length === 0 && found.passed.length > 0
  if (!isSound) process.exitCode = 1
  for (const line of found.figures) process.stdout.write(`row ${row.rows}: ${line}\n`)
  process.stdout.write(
    `row ${row.rows}: ${found.passed.length} passed, ${found.failed.length} failed or skipped in ${Math.round(found.tookMs / 1_000)} s\n`,
  )
  await writeRow(row, { ...found, size }, revision)
}
