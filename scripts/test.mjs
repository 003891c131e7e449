/** `npm test`: sets up what is missing, then checks, unit, contract and end-to-end suites; ends with `N passed, N failed`. */
import { findBrowser } from '../e2e/harness/find-browser.mjs'
import { installBrowser } from './lib/browser.mjs'
import { runChecks } from './lib/checks.mjs'
import { ensureFaultTools } from './lib/fault-tools.mjs'
import { runEndToEnd, runSuite } from './lib/suites.mjs'
import { ensureBuilt, ensureSetup } from './lib/workspace.mjs'

await ensureSetup()
const browser = findBrowser() ?? (await installBrowser())
await ensureFaultTools()
await ensureBuilt()

const results = [
  await runChecks(),
  await runSuite('unit'),
  ...(await runEndToEnd({ WEFT_TEST_BROWSER: browser })),
]
const sum = (key) => results.reduce((total, result) => total + (result[key] ?? 0), 0)
const skipped = sum('skipped')
// Again at the end, where somebody looks who sees only the last lines of a long run.
for (const failure of results.flatMap((result) => result.failures ?? [])) console.log(`\nFAILED ${failure}`)
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(sum('failed') === 0 ? 0 : 1)
