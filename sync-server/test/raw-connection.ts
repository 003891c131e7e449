/** A TCP connection that sends exactly the bytes it is told to: what no well-behaved client would. */
import { once } from 'node:events'
import { connect } from 'node:net'

export interface RawConnection {
  write(text: string): void
  /** Everything received, once the other side has closed. */
  readonly closed: Promise<string>
  destroy(): void
}

export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect({ host: '127.0.0.1', port })
  let received = ''
  socket.on('data', (bytes) => (received += bytes.toString('latin1')))
  // A reset is one way of being closed.
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)))
  await once(socket, 'connect')
  return {
    write: (text) => void (socket.writable && socket.write(text)),
    closed,
    destroy: () => socket.destroy(),
  }
}

/** The bytes of a WebSocket handshake; `headers` replace or, when undefined, remove what a client would send. */
export function handshake(
  path: string,
  headers: Record<string, string | undefined> = {},
  method = 'GET',
): string {
  const lines = Object.entries({
    Host: '127.0.0.1:8787',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\r\n`]))
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}
