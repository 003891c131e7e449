/**
 * Hocuspocus as its documentation sets it up, defaults otherwise: `Server` and the Database extension, over
 * SQLite in Node (its own SQLite extension needs better-sqlite3, which aborts under Node 24). WAL as that
 * extension would use it at best.
 *
 * `node e2e/load/peers/hocuspocus.ts <folder>` listens on a free port of 127.0.0.1 and prints its URL.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Database } from '@hocuspocus/extension-database'
import { Server } from '@hocuspocus/server'

const database = new DatabaseSync(join(process.argv[2] ?? '.', 'hocuspocus.sqlite'))
database.exec('PRAGMA journal_mode = WAL')
database.exec('CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, data BLOB NOT NULL)')
const select = database.prepare('SELECT data FROM documents WHERE name = ?')
const upsert = database.prepare(
  'INSERT INTO documents (name, data) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET data = excluded.data',
)

const server = new Server({
  address: '127.0.0.1',
  port: 0,
  quiet: true,
  extensions: [
    new Database({
      fetch: ({ documentName }) => {
        const data = select.get(documentName)?.['data']
        return Promise.resolve(data instanceof Uint8Array ? data : null)
      },
      store: ({ documentName, state }) => {
        upsert.run(documentName, state)
        return Promise.resolve()
      },
    }),
  ],
})
await server.listen()
console.log(`http://127.0.0.1:${server.address.port}`)
