/**
 * @y/websocket-server as its own `server.js` sets it up, with its LevelDB persistence (`YPERSISTENCE`), on a free
 * port and on today's ws in place of the version 6 that it brings.
 *
 * `node e2e/load/peers/y-websocket.ts <folder>` listens on 127.0.0.1 and prints its URL.
 */
import { createServer } from 'node:http'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'

// Read once, when the module is loaded.
process.env['YPERSISTENCE'] = join(process.argv[2] ?? '.', 'leveldb')
const { setupWSConnection } = await import('@y/websocket-server/utils')

const sockets = new WebSocketServer({ noServer: true })
sockets.on('connection', (socket, request) => setupWSConnection(socket, request, {}))
const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' })
  response.end('okay')
})
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}`)
})
