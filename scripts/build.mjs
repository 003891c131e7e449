/** `npm run build`: everything that `node sync-server/dist/cli.js serve` needs. */
import { ensureBuilt, ensureSetup } from './lib/workspace.mjs'

await ensureSetup()
await ensureBuilt()
console.log('Built. Start with: node sync-server/dist/cli.js serve')
