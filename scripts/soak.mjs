/** `npm run soak`: builds what is out of date, then lets people live with a server; see `e2e/soak/main.ts`. */
import { runOnSources } from './lib/workspace.mjs'

await runOnSources('e2e/soak/main.ts')
