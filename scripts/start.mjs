/** `npm start`: sets up what is missing, then runs the server; further arguments are its flags (`npm start -- --port 9000`). */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt, ensureSetup, node, root } from './lib/workspace.mjs'

await ensureSetup()
await ensureBuilt()

const server = spawn(node, [join(root, 'sync-server/dist/cli.js'), 'serve', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
// The server drains by itself; this process only waits for it. Ctrl+C reaches both, so SIGINT is not sent on.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal))
// npm does not pass SIGTERM on: without this a server would outlive the `npm start` that was stopped.
const parent = process.ppid
setInterval(() => {
  if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) server.kill('SIGTERM')
}, 500).unref()
server.once('error', (error) => {
  console.error(`The server could not be started: ${error.message}`)
  process.exit(1)
})
server.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
