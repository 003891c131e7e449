/**
 * Loaded into a server's process before the server (`node --import`), and so into its workers: plants faults in the
 * source while it is loaded, never on disk. The server itself knows nothing of it.
 */
import { registerHooks } from 'node:module'
import { type Edit, PLANTED, plant } from '../mutation/plant.ts'
import './failpoint.ts'

const edits = JSON.parse(process.env[PLANTED] ?? '[]') as readonly Edit[]

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (loaded.source === undefined || loaded.source === null) return loaded
    const code = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
    const planted = plant(edits, code, url)
    return planted === undefined ? loaded : { ...loaded, source: planted }
  },
})
