/** `npm run fuzz`: builds what is out of date, then tries hostile bytes on servers; see `e2e/fuzz/main.ts`. */
import { runOnSources } from './lib/workspace.mjs'

await runOnSources('e2e/fuzz/main.ts')
