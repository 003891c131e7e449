/**
 * What can be had by guessing names: nothing. Ids that do not exist look like ids that did, and no name in a request ever
 * reaches the file system, as the kernel saw it.
 */
import { randomBytes } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handshakeHead, rawRequest } from '../harness/raw-request.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { watchOpens } from '../harness/watch-opens.ts'

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess()
})
afterAll(() => server?.dispose())

const api = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}/api/v1/documents${path}`, {
    ...init,
    headers: { 'Content-Type': 'application/json' },
  })

async function created(): Promise<string> {
  const response = await api('', { method: 'POST', body: '{}' })
  return ((await response.json()) as { id: string }).id
}

const PROBES = 10_000
const AT_ONCE = 50

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN

describe('ids', () => {
  it(`that are guessed, ${PROBES} of them, are answered as one that was removed: same status, headers and body, as fast`, async () => {
    const removed = await created()
    await api(`/${removed}`, { method: 'DELETE' })
    expect((await api(`/${removed}?permanently=true`, { method: 'DELETE' })).status).toBe(204)
    const told = async (id: string): Promise<{ said: string; ms: number }> => {
      const startedAt = performance.now()
      const response = await api(`/${id}`)
      const body = await response.text()
      const ms = performance.now() - startedAt
      const headers = [...response.headers].filter(([name]) => name !== 'date')
      return { said: JSON.stringify([response.status, headers, body]), ms }
    }
    const once = (await told(removed)).said
    expect(once).toMatch(/^\[404,/)
    const said = new Set<string>()
    for (let asked = 0; asked < PROBES; asked += AT_ONCE) {
      const ids = Array.from({ length: AT_ONCE }, () => randomBytes(16).toString('base64url'))
      for (const one of await Promise.all(ids.map(told))) said.add(one.said)
    }
    expect([...said]).toEqual([once])
    // In turns, so that both see the same machine.
    const [unknown, known]: [number[], number[]] = [[], []]
    for (let round = 0; round < 300; round++) {
      unknown.push((await told(randomBytes(16).toString('base64url'))).ms)
      known.push((await told(removed)).ms)
    }
    expect(Math.abs(median(unknown) - median(known))).toBeLessThan(1)
  })

  it('of new documents are 128 random bits, and never the same twice', async () => {
    const ids = await Promise.all(Array.from({ length: 200 }, created))
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(new Set(ids).size).toBe(ids.length)
    // Each of 22 places takes many values: nothing in it counts up.
    for (let place = 0; place < 21; place++)
      expect(new Set(ids.map((id) => id[place])).size).toBeGreaterThan(30)
  })

  it('in other letters are other documents: nobody gets into one by writing its name differently', async () => {
    const id = await created()
    const other = id === id.toUpperCase() ? id.toLowerCase() : id.toUpperCase()
    expect((await api(`/${other}`)).status).toBe(404)
    expect((await api(`/${id}`)).status).toBe(200)
  })
})

const TRAVERSALS = [
  '..%2f..%2fetc%2fpasswd',
  '..%2f..%2fetc/passwd',
  `${'..%2f'.repeat(12)}etc%2fpasswd`,
  `${'%2e%2e/'.repeat(12)}etc/passwd`,
  '%2e%2e/%2e%2e/etc/passwd',
  '../../../../etc/passwd',
  '..\\..\\etc\\passwd',
  '..%5c..%5cetc%5cpasswd',
  '....//....//etc/passwd',
  '%2fetc%2fpasswd',
  '/etc/passwd',
  'passwd%00.html',
  'a%00',
  'a'.repeat(300),
  '%e2%80%a4%e2%80%a4%2fetc%2fpasswd',
  '%c0%ae%c0%ae%2fetc%2fpasswd',
  '%252e%252e%252fetc%252fpasswd',
  'file:%2f%2f%2fetc%2fpasswd',
  '.',
  '..',
  '%2e',
  '__proto__%2f..',
]
const PLACES = [
  'GET /api/v1/documents/{}',
  'PATCH /api/v1/documents/{}',
  'DELETE /api/v1/documents/{}',
  'POST /api/v1/documents/{}/restore',
  'GET /d/{}',
  'GET /{}',
  'GET /assets/{}',
  'GET /sync/{}',
]

describe('names in a request', () => {
  it('lead to no file: 400 or 404, whatever they are and wherever they stand, and the kernel saw none opened', async () => {
    const opens = await watchOpens(server.pid)
    const seen: string[] = []
    for (const place of PLACES)
      for (const name of TRAVERSALS) {
        const [method = '', path = ''] = place.replace('{}', () => name).split(' ')
        const body = method === 'PATCH' ? '{"title":"x"}' : ''
        const head = [
          `${method} ${path} HTTP/1.1`,
          `Host: 127.0.0.1:${server.port}`,
          'Connection: close',
          'Content-Type: application/json',
          `Content-Length: ${body.length}`,
        ]
        const isSocket = path.startsWith('/sync/')
        const answer = await rawRequest(server.port, isSocket ? handshakeHead(server.port, path) : head, body)
        seen.push(`${answer.status} ${place} ${name.slice(0, 40)}`)
        expect(answer.body).not.toContain('root:')
      }
    // Dots that a URL takes out before anybody looks: what is left is our own page or list.
    const harmless = /^(200|405|426) .* (\.|\.\.|%2e)$/
    expect(seen.filter((one) => !/^(400|404) /.test(one) && !harmless.test(one))).toEqual([])
    expect((await api('/', { method: 'POST', body: '{}' })).status).toBeLessThan(500)

    // So that the watch is seen to see: what tells metrics is loaded when it is first asked for.
    expect((await fetch(`${server.url}/metrics`)).status).toBe(200)
    const files = await opens.stop()
    const own = [server.data, resolve(import.meta.dirname, '../..')].map((folder) => realpathSync(folder))
    expect(files.some((file) => file.startsWith(join(own[1] ?? '', 'sync-server/dist/')))).toBe(true)
    // What the process looks up about itself for its metrics.
    const isOwn = (file: string): boolean =>
      file.startsWith('/proc/self/') ||
      own.some((folder) => file === folder || file.startsWith(join(folder, '/')))
    expect(files.filter((file) => !isOwn(file) || file.includes('passwd'))).toEqual([])
  })
})
