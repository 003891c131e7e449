/**
 * `npm run merge-report`: plays the same scenarios to Weft's binding and to others on the pinned Node, from source, and
 * writes `docs/merge-report.md`. Lexical's production build is what people use, for every contestant.
 */
import { join } from 'node:path'
import { ensureSetup, node, root, run } from './lib/workspace.mjs'

await ensureSetup()
process.env.NODE_ENV = 'production'
process.exitCode = await run(node, [
  '--conditions=weft:source',
  '--disable-warning=ExperimentalWarning',
  join(root, 'editor/test/merge/main.ts'),
  ...process.argv.slice(2),
])
