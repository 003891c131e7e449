/** Runs vitest projects and counts what they found. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { node, root, run } from './workspace.mjs'

/**
 * @param project `unit` or `e2e`
 * @param filters paths below the root; none runs the whole project
 * @returns counts; a suite that cannot even be loaded counts as failed, and so does a run without a test
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
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 }
  const found = JSON.parse(readFileSync(report, 'utf8'))
  const unloaded = found.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  let failed = found.numFailedTests + unloaded
  if (failed === 0 && (code !== 0 || found.numPassedTests === 0)) failed = 1
  return { passed: found.numPassedTests, failed, skipped: found.numPendingTests + found.numTodoTests }
}
