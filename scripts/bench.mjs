/** `npm run bench`, `npm run bench:editor` and `npm run bench:binding`: builds what is out of date, then runs the benchmark on the pinned Node. */
import { join } from 'node:path'
import { ensureBuilt, ensureSetup, node, root, run } from './lib/workspace.mjs'

const [subject, ...flags] = process.argv.slice(2)
const entries = {
  server: 'e2e/load/bench.ts',
  editor: 'e2e/speed/bench.ts',
  binding: 'editor/bench/binding.ts',
}

await ensureSetup()
await ensureBuilt()
// The binding's runs in Node, where Lexical is its development build unless told otherwise.
const env = subject === 'binding' ? { NODE_ENV: 'production' } : {}
process.exitCode = await run(
  node,
  [
    '--conditions=weft:source',
    '--disable-warning=ExperimentalWarning',
    join(root, entries[subject]),
    ...flags,
  ],
  { env },
)
