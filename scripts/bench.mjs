/** `npm run bench`: builds what is out of date, then runs the benchmark on the pinned Node. */
import { join } from 'node:path'
import { ensureBuilt, ensureSetup, node, root, run } from './lib/workspace.mjs'

await ensureSetup()
await ensureBuilt()
process.exitCode = await run(node, [
  '--conditions=weft:source',
  '--disable-warning=ExperimentalWarning',
  join(root, 'e2e/load/bench.ts'),
  ...process.argv.slice(2),
])
