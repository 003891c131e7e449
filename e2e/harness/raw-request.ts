/** Requests byte for byte, for what no HTTP client would send, and for what it would put right on its own. */
import { once } from 'node:events'
import { connect } from 'node:net'

export interface RawAnswer {
  /** The first line, empty when the server closed without a word. */
  readonly line: string
  readonly status: number
  /** Names and values as they came, without the date. */
  readonly headers: readonly string[]
  readonly body: string
}

/**
 * Sends lines of a head, and a body when there is one.
 * @returns the answer, once the server has closed the connection: a server that does not close fails its test
 */
export async function rawRequest(port: number, head: readonly string[], body = ''): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (bytes) => (answer += bytes.toString('latin1')))
  // A reset is one way of being closed.
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  await once(socket, 'close')
  const [top = '', ...rest] = answer.split('\r\n\r\n')
  const [line = '', ...headers] = top.split('\r\n')
  return {
    line,
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(line)?.[1]),
    headers: headers.filter((header) => !/^date:/i.test(header)),
    body: rest.join('\r\n\r\n'),
  }
}

/** A WebSocket handshake; `over` replaces what a client would send, or leaves it out when undefined. */
export function handshakeHead(
  port: number,
  path: string,
  over: Readonly<Record<string, string | undefined>> = {},
): string[] {
  const headers = Object.entries({
    Host: `127.0.0.1:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...over,
  })
  const lines = headers.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]))
  return [`GET ${path} HTTP/1.1`, ...lines]
}
