import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MUTANTS } from './mutants.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Report {
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** For a whole file of tests in a process of its own, which takes ten seconds where nothing else runs. */
const FILE_MS = 300_000
const timeout = FILE_MS + 60_000

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-mutants-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs one file of a suite with the fault planted. @returns the titles of the tests by status */
async function runWith(
  mutant: string | undefined,
  file: string,
): Promise<{ failed: string[]; passed: string[] }> {
  const report = join(folder, `${mutant ?? 'none'}-${basename(file)}.json`)
  const project = file.startsWith('e2e/') ? 'e2e' : 'unit'
  const args = ['run', '--project', project, '--reporter=json', `--outputFile=${report}`, file]
  const env = { ...process.env, ...(mutant === undefined ? {} : { WEFT_MUTANT: mutant }) }
  await new Promise<void>((resolve) => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    // A planted fault may make a test wait for ever; what has run by then is in no report, and that is said.
    execFile(process.execPath, [vitest, ...args], { cwd: root, env, timeout: FILE_MS }, () => resolve())
  })
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as Report
  const tests = testResults.flatMap((result) => result.assertionResults)
  // A fault that cannot be planted fails the whole file, which would look like a catch.
  if (tests.length === 0) throw new Error(`no test ran: ${testResults.map((one) => one.message).join()}`)
  const titles = (status: string) =>
    tests.filter((test) => test.status === status).map((test) => test.fullName)
  return { failed: titles('failed'), passed: titles('passed') }
}

describe('a planted fault is caught', () => {
  it.for(MUTANTS)('$name: $fault', { timeout }, async ({ name, caughtBy }) => {
    const { failed } = await runWith(name, caughtBy.file)
    expect(failed.join('\n')).toContain(caughtBy.title)
  })

  it.for([...new Set(MUTANTS.map(({ caughtBy }) => caughtBy.file))])(
    'and without a fault %s passes',
    { timeout },
    async (file) => {
      const { failed, passed } = await runWith(undefined, file)
      expect(failed).toEqual([])
      expect(passed.length).toBeGreaterThan(0)
    },
  )
})
