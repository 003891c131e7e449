import { once } from 'node:events'
import { CLOSE, SUBPROTOCOL } from '@weft/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { handshake, openRaw } from '../../test/raw-connection.ts'
import { createGate } from '../access/gate.ts'
import { createHttpServer, listen, stopListening } from '../http/listener.ts'
import { createLogger } from '../observe/logger.ts'
import type { Arrival } from './arrival.ts'
import { acceptSockets, type UpgradeDeps } from './upgrade.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function open(options: Partial<UpgradeDeps> = {}, headersTimeoutMs = 10_000) {
  const arrivals: Arrival[] = []
  const server = createHttpServer(() => new Response('alive'), {
    headersTimeoutMs,
    requestTimeoutMs: headersTimeoutMs,
    maxConnections: 1_000,
  })
  const sockets = acceptSockets(server, {
    gate: createGate({ host: '127.0.0.1', embedOrigins: ['https://site.example'] }),
    isDraining: () => false,
    attach: (socket, arrival) => {
      arrivals.push(arrival)
      socket.on('message', (data: Buffer) => socket.send(data))
    },
    logger: createLogger('silent'),
    maxFrameBytes: 65_536,
    maxSockets: 1_000,
    socketsPerAddress: 200,
    ...options,
  })
  const port = await listen(server, '127.0.0.1', 0)
  undo.push(async () => {
    sockets.terminate()
    await stopListening(server, 0)
  })
  return {
    port,
    arrivals,
    connect: (path = '/sync/doc', protocols: string[] = []) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols)
      socket.on('error', () => {})
      undo.push(() => socket.terminate())
      return socket
    },
    /** Status and body of what is answered to these bytes, once the server has closed. */
    answer: async (bytes: string) => {
      const raw = await openRaw(port)
      undo.push(() => raw.destroy())
      raw.write(bytes)
      const text = await raw.closed
      return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]), text }
    },
  }
}

describe('a handshake', () => {
  it('ends in the room, with the document, the guest and the address', async () => {
    const { connect, arrivals } = await open()
    await once(connect('/sync/My_doc-1?token=x'), 'open')
    expect(arrivals).toEqual([
      {
        documentId: 'My_doc-1',
        principal: 'guest',
        role: 'edit',
        weft: false,
        schema: undefined,
        address: '127.0.0.1',
      },
    ])
  })

  it('selects weft.1 when it is offered, and nothing else', async () => {
    const { connect, arrivals } = await open()
    const socket = connect('/sync/doc', ['other', SUBPROTOCOL])
    await once(socket, 'open')
    expect(socket.protocol).toBe(SUBPROTOCOL)
    expect(arrivals[0]?.weft).toBe(true)
  })

  const cases: readonly {
    name: string
    status: number
    path?: string
    headers?: Record<string, string | undefined>
    method?: string
  }[] = [
    { name: 'Upgrade: foo', status: 400, headers: { Upgrade: 'foo' } },
    { name: 'Upgrade: h2c', status: 400, headers: { Upgrade: 'h2c' } },
    { name: 'Upgrade: foo elsewhere', status: 400, headers: { Upgrade: 'foo' }, path: '/' },
    { name: 'two protocols', status: 400, headers: { Upgrade: 'websocket, foo' } },
    { name: 'POST', status: 405, method: 'POST' },
    { name: 'a foreign Host', status: 421, headers: { Host: 'attacker.test' } },
    { name: 'two Hosts', status: 421, headers: { Host: '127.0.0.1:8787\r\nHost: attacker.test' } },
    { name: 'an empty Host', status: 421, headers: { Host: '' } },
    { name: 'no Host', status: 421, headers: { Host: undefined } },
    { name: 'a foreign Origin', status: 403, headers: { Origin: 'https://evil.example' } },
    { name: 'Origin null', status: 403, headers: { Origin: 'null' } },
    { name: 'another port as Origin', status: 403, headers: { Origin: 'http://127.0.0.1:1' } },
    { name: 'https for http', status: 403, headers: { Origin: 'https://127.0.0.1:8787' } },
    { name: 'a longer Origin', status: 403, headers: { Origin: 'http://127.0.0.1:8787.evil.example' } },
    { name: 'a cookie without Origin', status: 403, headers: { Cookie: 'sid=1' } },
    { name: 'another path', status: 404, path: '/' },
    { name: 'a longer path', status: 404, path: '/sync/doc/more' },
    { name: 'no document', status: 400, path: '/sync/' },
    { name: 'a dot', status: 400, path: '/sync/a.b' },
    { name: 'a way out', status: 404, path: '/sync/../etc' },
    { name: 'an escaped way out', status: 400, path: '/sync/..%2f..%2fetc' },
    { name: 'an escaped letter', status: 400, path: '/sync/%61' },
    { name: 'NUL', status: 400, path: '/sync/a%00' },
    { name: 'a long name', status: 400, path: `/sync/${'x'.repeat(129)}` },
    { name: 'no key', status: 400, headers: { 'Sec-WebSocket-Key': undefined } },
    { name: 'an old version', status: 400, headers: { 'Sec-WebSocket-Version': '1' } },
    { name: 'broken subprotocols', status: 400, headers: { 'Sec-WebSocket-Protocol': 'a,,b' } },
    { name: 'huge headers', status: 431, headers: { 'X-Long': 'x'.repeat(20_000) } },
  ]
  it.each(cases)(
    'with $name is answered $status and closed at once',
    async ({ status, path, headers, method }) => {
      const { answer, arrivals, connect } = await open()
      const answered = await answer(handshake(path ?? '/sync/doc', headers, method))
      expect(answered.status).toBe(status)
      expect(answered.text.toLowerCase()).toContain('connection: close')
      expect(arrivals).toEqual([])
      await once(connect(), 'open') // nobody else is affected
    },
  )

  it.each([undefined, 'http://127.0.0.1:8787', 'https://site.example'])(
    'with Origin %s is let in',
    async (origin) => {
      const { port, arrivals } = await open()
      const raw = await openRaw(port)
      raw.write(handshake('/sync/doc', { Origin: origin }))
      await expect.poll(() => arrivals.length).toBe(1)
      raw.destroy()
      await raw.closed
    },
  )

  it('is refused while the server stops', async () => {
    const refused: string[] = []
    const { answer } = await open({ isDraining: () => true, refused: (code) => refused.push(code) })
    const answered = await answer(handshake('/sync/doc'))
    expect(answered.status).toBe(503)
    expect(answered.text).toContain('Retry-After: 1')
    expect(answered.text).toContain('"code":"draining"')
    expect(refused).toEqual(['draining'])
  })

  it('is refused when the address has its sockets, until one is closed', async () => {
    const { connect, answer } = await open({ socketsPerAddress: 2 })
    const first = connect()
    await Promise.all([once(first, 'open'), once(connect(), 'open')])
    const refused = await answer(handshake('/sync/doc'))
    expect(refused.status).toBe(429)
    expect(refused.text).toContain('Retry-After: 1')
    first.close()
    await once(first, 'close')
    const late = connect()
    await once(late, 'open')
  })

  it('is refused when the server has all its sockets, whoever holds them, until one is closed', async () => {
    const { connect, answer } = await open({ maxSockets: 2 })
    const first = connect()
    await Promise.all([once(first, 'open'), once(connect(), 'open')])
    const refused = await answer(handshake('/sync/doc'))
    expect(refused.status).toBe(503)
    expect(refused.text).toContain('"code":"server-full"')
    expect(refused.text).toContain('Retry-After: 1')
    first.close()
    await once(first, 'close')
    const late = connect()
    await once(late, 'open')
  })

  it('that is cut in the middle leaves no place taken', async () => {
    const { connect, answer } = await open({ socketsPerAddress: 1 })
    await answer(handshake('/sync/doc', { 'Sec-WebSocket-Key': 'wrong' }))
    await once(connect(), 'open')
  })
})

/** Far more than an honest handshake takes, also on a busy machine; a dripping one would take fifty seconds. */
const TO_THE_POINT_MS = 1_000

describe('a connection that does not get to the point', () => {
  it('is closed when it says nothing', async () => {
    const { port } = await open({}, TO_THE_POINT_MS)
    const raw = await openRaw(port)
    expect(await raw.closed).toMatch(/^(HTTP\/1\.1 408 |$)/)
  })

  it('is closed when its headers come byte by byte, and others are served meanwhile', async () => {
    const { port, connect } = await open({}, TO_THE_POINT_MS)
    const raw = await openRaw(port)
    const bytes = handshake('/sync/doc', { 'X-Slow': 'x'.repeat(10_000) })
    let at = 0
    const drip = setInterval(() => raw.write(bytes[at++] ?? ''), 5)
    await once(connect(), 'open')
    expect(await raw.closed).toMatch(/^(HTTP\/1\.1 408 |$)/)
    clearInterval(drip)
    expect(at).toBeLessThan(bytes.length)
  })
})

describe('an open socket', () => {
  const closeOf = async (socket: WebSocket) => {
    const [code] = (await once(socket, 'close')) as [number, Buffer]
    return code
  }

  it('is closed with 1009 by a frame above the limit, and no other is', async () => {
    const { connect } = await open()
    const [loud, quiet] = [connect(), connect('/sync/other')]
    await Promise.all([once(loud, 'open'), once(quiet, 'open')])
    loud.send(new Uint8Array(65_537))
    expect(await closeOf(loud)).toBe(CLOSE.frameTooBig)
    quiet.send('still here')
    expect(String(await once(quiet, 'message'))).toContain('still here')
  })

  it('is closed with 1008 by a message in more than 1,024 pieces', async () => {
    const { connect } = await open()
    const socket = connect()
    await once(socket, 'open')
    for (let piece = 0; piece < 1_025; piece++) socket.send('x', { fin: false })
    expect(await closeOf(socket)).toBe(1008)
  })

  it('is closed with 1011 when its room fails, and the next one is served', async () => {
    let failing = true
    const { connect } = await open({
      attach: () => {
        if (failing) throw new Error('planted')
      },
    })
    const socket = connect()
    expect(await closeOf(socket)).toBe(CLOSE.internal)
    failing = false
    await once(connect(), 'open')
  })

  it('is never compressed', async () => {
    const { connect } = await open()
    const socket = connect()
    await once(socket, 'open')
    expect(socket.extensions).toBe('')
  })
})
