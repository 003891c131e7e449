/** Runs vitest projects and counts what they found. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { node, root, run } from './workspace.mjs'

/**
 * End-to-end folders whose figures are times, or whose load is a machine's whole: their files run one at a time, with
 * nothing beside them. All others mostly wait, and run two at a time.
 */
const ALONE = ['fuzz', 'load', 'scale', 'threat']

/** @returns what both halves of the end-to-end tests found; together they are all of them. */
export async function runEndToEnd(env) {
  const folders = readdirSync(join(root, 'e2e'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => name)
  const beside = folders.filter((name) => !ALONE.includes(name))
  const paths = (names) => names.map((name) => `e2e/${name}/`)
  return [
    await runSuite('e2e', { filters: paths(beside), env: { ...env, WEFT_SIDE_BY_SIDE: '1' } }),
    await runSuite('e2e', { filters: paths(ALONE), env }),
  ]
}

/**
 * @param project `unit` or `e2e`
 * @param filters paths below the root; none runs the whole project
 * @returns counts; a suite that cannot even be loaded counts as failed, and so does a run without a test; `failures` is
 *   what to print of each failed test where a reader of the last lines finds it
 */
export async function runSuite(project, { filters = [], env = {} } = {}) {
  const report = join(root, '.cache', `${project}.json`)
  mkdirSync(join(root, '.cache'), { recursive: true })
  rmSync(report, { force: true })
  const code = await run(
    node,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...filters,
    ],
    { env },
  )
  if (!existsSync(report)) {
    const failures = [`${project}: ended with ${code} and without a report`]
    return { passed: 0, failed: 1, skipped: 0, failures }
  }
  const found = JSON.parse(readFileSync(report, 'utf8'))
  const unloaded = found.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  let failed = found.numFailedTests + unloaded
  const failures = found.testResults.flatMap(failuresOf)
  if (failed === 0 && (code !== 0 || found.numPassedTests === 0)) {
    failed = 1
    failures.push(
      `${project}: ended with ${code} after ${found.numPassedTests} passed tests, an error outside of them`,
    )
  }
  return {
    passed: found.numPassedTests,
    failed,
    skipped: found.numPendingTests + found.numTodoTests,
    failures,
  }
}

/** As many characters of a failure's message as tell what was expected and where, without a document of 3,000 blocks. */
const MESSAGE = 1200

/** @param file one of the report's test files */
function failuresOf(file) {
  const name = relative(root, file.name)
  const short = (message) => {
    const own = message.replaceAll(/^ +at .*(?:node_modules|<anonymous>).*\n?/gm, '').trimEnd()
    return own.length > MESSAGE ? `${own.slice(0, MESSAGE)}…` : own
  }
  if (file.status === 'failed' && file.assertionResults.length === 0)
    return [`${name}\n${short(file.message ?? '')}`]
  return file.assertionResults
    .filter(({ status }) => status === 'failed')
    .map(
      ({ fullName, failureMessages }) =>
        `${name} > ${fullName}\n${short((failureMessages ?? []).join('\n'))}`,
    )
}
