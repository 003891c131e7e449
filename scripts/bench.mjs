/** `npm run bench` and `npm run bench:editor`: builds what is out of date, then runs the benchmark on the pinned Node. */
import { join } from 'node:path'
import { ensureBuilt, ensureSetup, node, root, run } from './lib/workspace.mjs'

const [subject, ...flags] = process.argv.slice(2)
const entry = subject === 'editor' ? 'e2e/speed/bench.ts' : 'e2e/load/bench.ts'

await ensureSetup()
await ensureBuilt()
process.exitCode = await run(node, [
  '--conditions=weft:source',
  '--disable-warning=ExperimentalWarning',
  join(root, entry),
  ...flags,
])
