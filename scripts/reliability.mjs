/** `npm run reliability`: builds what is out of date, then breaks servers under people who type; see `e2e/reliability/main.ts`. */
import { join } from 'node:path'
import { ensureFaultTools } from './lib/fault-tools.mjs'
import { ensureBuilt, ensureSetup, node, root, run } from './lib/workspace.mjs'

await ensureSetup()
await ensureBuilt()
await ensureFaultTools()
process.exitCode = await run(node, [
  '--conditions=weft:source',
  '--disable-warning=ExperimentalWarning',
  join(root, 'e2e/reliability/main.ts'),
  ...process.argv.slice(2),
])
