/**
 * Who gets a socket, asked of the server as it is installed, with exact bytes: other people's pages, names that somebody
 * pointed at this machine, addresses that somebody claims to have, and requests that never become one.
 */
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { handshakeHead, rawRequest } from '../harness/raw-request.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'
import { metric } from '../scale/figures.ts'

const SOCKETS = 3
let server: ServerProcess
const sockets: WebSocket[] = []

beforeAll(async () => {
  server = await startServerProcess({ flags: ['--sockets-per-address', String(SOCKETS)] })
})
afterAll(async () => {
  for (const socket of sockets) socket.terminate()
  await server?.dispose()
})

const statusOf = async (over: Record<string, string | undefined>): Promise<number> =>
  (await rawRequest(server.port, handshakeHead(server.port, '/sync/mine', over))).status

/** @returns 101, or the status that it was refused with */
async function open(headers: Record<string, string>, at = server): Promise<number> {
  const socket = new WebSocket(`${at.url.replace('http', 'ws')}/sync/mine`, { headers })
  sockets.push(socket)
  socket.on('error', () => undefined)
  return Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(
      ([, response]) => (response as { statusCode: number }).statusCode,
    ),
  ])
}

async function closeAll(): Promise<void> {
  for (const socket of sockets.splice(0)) socket.terminate()
  await until(
    'all places are free again',
    () => metric(server, 'weft_sessions'),
    (open) => open === 0,
  )
}

const COOKIE = 'sid=0123456789abcdef'

describe('a page of another site that a signed-in person visits', () => {
  it.each([
    'https://evil.example',
    'null',
    'https://127.0.0.1.evil.example',
    'https://127.0.0.1:PORT',
    'http://127.0.0.1:1',
    'http://localhost:PORT',
    'http://evil.example:PORT',
    'http://127.0.0.1:PORT.evil.example',
    undefined,
  ])('gets no socket with the cookie and Origin %s: 403', async (origin) => {
    const Origin = origin?.replace('PORT', String(server.port))
    expect(await statusOf({ Cookie: COOKIE, Origin })).toBe(403)
  })

  it('and our own page does: 101', async () => {
    expect(await open({ Cookie: COOKIE, Origin: server.url })).toBe(101)
    await closeAll()
  })
})

describe('a name that somebody else points at this machine', () => {
  it.each([
    ['attacker.test', 421],
    ['127.0.0.1.attacker.test', 421],
    ['0.0.0.0', 421],
    ['localhost.', 421],
    // Not even a name as it stands in an address.
    ['[::ffff:127.0.0.1]', 400],
    ['', 400],
  ])('opens no socket and no page: Host %j', async (Host, status) => {
    expect(await statusOf({ Host })).toBe(421)
    for (const path of ['/', '/api/v1/documents', '/healthz', '/sync/mine', '/metrics']) {
      const answer = await rawRequest(server.port, [
        `GET ${path} HTTP/1.1`,
        `Host: ${Host}`,
        'Connection: close',
      ])
      expect([path, answer.status]).toEqual([path, status])
    }
  })
})

describe('an address that somebody claims to have', () => {
  it.each(['X-Forwarded-For', 'X-Real-IP', 'CF-Connecting-IP', 'True-Client-IP', 'X-Client-IP', 'Forwarded'])(
    'counts for nothing in %s: all are counted as the one they come from',
    async (name) => {
      const claim = (host: number): Record<string, string> => ({
        [name]: name === 'Forwarded' ? `for=192.0.2.${host}` : `192.0.2.${host}`,
      })
      const answers: number[] = []
      for (let host = 1; host <= SOCKETS + 1; host++) answers.push(await open(claim(host)))
      expect(answers).toEqual([...Array.from({ length: SOCKETS }, () => 101), 429])
      await closeAll()
    },
  )
})

describe('two people behind a proxy that the operator has named', () => {
  it('have their own places, and neither gets more by what they write into the header', async () => {
    const behind = await startServerProcess({
      flags: ['--sockets-per-address', String(SOCKETS), '--trust-proxy', '127.0.0.1,10.0.0.0/8'],
    })
    try {
      const person = (host: number, claim: number) =>
        open({ 'X-Forwarded-For': `203.0.113.${claim}, 192.0.2.${host}, 10.1.2.3` }, behind)
      for (const host of [1, 2]) {
        const answers: number[] = []
        for (let claim = 1; claim <= SOCKETS + 1; claim++) answers.push(await person(host, claim))
        expect(answers).toEqual([...Array.from({ length: SOCKETS }, () => 101), 429])
      }
    } finally {
      for (const socket of sockets.splice(0)) socket.terminate()
      await behind.dispose()
    }
  })
})

describe('a request that never becomes one', () => {
  it.each([
    ['2,000 headers', Array.from({ length: 2_000 }, (_, at) => `X-${at}: 1`), 431],
    ['a header of 20 kB', [`X-Long: ${'x'.repeat(20_000)}`], 431],
    ['two lengths', ['Content-Length: 1', 'Content-Length: 2'], 400],
    ['a length and pieces', ['Content-Length: 1', 'Transfer-Encoding: chunked'], 400],
    ['a NUL in a header', ['X-Nul: a\0b'], 400],
    ['a header folded over two lines', ['X-Folded: a', ' b'], 400],
    ['two Hosts', ['Host: attacker.test'], 421],
  ])('%s', async (_what, headers, status) => {
    const head = ['GET /healthz HTTP/1.1', `Host: 127.0.0.1:${server.port}`, ...headers, 'Connection: close']
    expect((await rawRequest(server.port, head)).status).toBe(status)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })

  it('an upgrade to something else, on any path, is refused and closed at once', async () => {
    for (const path of ['/', '/sync/mine', '/api/v1/documents', '/healthz']) {
      const startedAt = performance.now()
      const answer = await rawRequest(server.port, handshakeHead(server.port, path, { Upgrade: 'foo' }))
      expect([path, answer.status]).toEqual([path, 400])
      expect(performance.now() - startedAt).toBeLessThan(5_000)
    }
  })
})
