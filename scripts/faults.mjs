/** `npm run faults`: builds what is out of date, brings what faults are made with, and makes them happen; see `e2e/fault/main.ts`. */
import { findBrowser } from '../e2e/harness/find-browser.mjs'
import { installBrowser } from './lib/browser.mjs'
import { ensureFaultTools } from './lib/fault-tools.mjs'
import { runOnSources } from './lib/workspace.mjs'

await ensureFaultTools()
process.env['WEFT_TEST_BROWSER'] ??= findBrowser() ?? (await installBrowser())
await runOnSources('e2e/fault/main.ts')
