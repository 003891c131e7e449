/** `npm run check`: format, lint, types, dead code, documents, unit and contract tests. */
import { runChecks } from './lib/checks.mjs'
import { runSuite } from './lib/suites.mjs'
import { ensureSetup } from './lib/workspace.mjs'

await ensureSetup()
const checks = await runChecks()
const unit = process.argv.includes('--static') ? { passed: 0, failed: 0 } : await runSuite('unit')
const failed = checks.failed + unit.failed
console.log(`${checks.passed + unit.passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
