import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { handshakeHead, rawRequest } from '../harness/raw-request.ts'
import { runCli, type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { type StockClient, stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'

let server: ServerProcess
let folder: string
/** Two people who go on writing beside everything that happens here. */
let honest: [StockClient, StockClient]

beforeAll(async () => {
  server = await startServerProcess()
  folder = await mkdtemp(join(tmpdir(), 'weft-bad-'))
  honest = [stockClient(server.url, 'honest'), stockClient(server.url, 'honest')]
  await until('both honest people are connected', () => honest.every((one) => one.provider.synced))
})
afterAll(async () => {
  for (const one of honest ?? []) one.close()
  await server?.dispose()
  await rm(folder, { recursive: true, force: true })
})

let written = 0
/** What one writes reaches the other, over connections that were never cut. */
async function expectNobodyElseAffected(): Promise<void> {
  const [writer, reader] = honest
  const word = `word${written++} `
  writer.doc.getText('t').insert(0, word)
  await until('an honest edit arrives', () => reader.doc.getText('t').toString().startsWith(word))
  expect(drops).toBe(0)
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
}
let drops = 0
beforeAll(() => {
  for (const one of honest) one.provider.on('connection-close', () => drops++)
})

describe('a start that cannot succeed says why in one line', () => {
  async function failsWith(args: readonly string[], code: number, ...says: readonly RegExp[]): Promise<void> {
    const { ended } = runCli(['serve', ...args])
    const result = await ended
    expect({ code: result.code, lines: result.stderr.trim().split('\n').length }).toEqual({ code, lines: 1 })
    for (const words of says) expect(result.stderr).toMatch(words)
  }

  it.for([
    ['--port', '99999'],
    ['--port', 'abc'],
    ['--port', '-1'],
    ['--rate-limit', 'maybe'],
    ['--drain-ms', '1e9'],
    ['--host', ''],
  ])('a wrong value: %s %s', ([flag = '', value = '']) =>
    failsWith([flag, value, '--data', folder], 2, new RegExp(flag)),
  )

  it('an unknown setting', () => failsWith(['--prot', '1'], 2, /--prot/))
  it('a host that others can reach, without saying so', () =>
    failsWith(['--host', '0.0.0.0', '--data', folder], 2, /--host/, /--public-url/))
  it('a port in use', () =>
    failsWith(
      ['--port', String(server.port), '--data', join(folder, 'other')],
      1,
      new RegExp(String(server.port)),
    ))
  it('a data folder that another process uses, named by its id', () =>
    failsWith(['--port', '0', '--data', server.data], 1, new RegExp(String(server.pid))))
  it('a data folder that is a file', async () => {
    const file = join(folder, 'file')
    await writeFile(file, 'not a folder')
    await failsWith(['--port', '0', '--data', file], 1, /file/)
  })
  it('a data folder that cannot be written', async () => {
    // Root may write anywhere, but not make a folder below a file, nor in a kernel's tree.
    const blocked = join(folder, 'blocked')
    await mkdir(blocked)
    await writeFile(join(blocked, 'weft.db'), 'this is no database')
    await failsWith(['--port', '0', '--data', blocked], 1, /blocked/)
    await failsWith(['--port', '0', '--data', '/sys/weft'], 1, /\/sys\/weft/)
    await failsWith(['--port', '0', '--data', '/proc/weft'], 1, /\/proc\/weft/)
  })
})

describe('a handshake that must not succeed gets a status and a closed connection', () => {
  it.for<[string, string, Record<string, string>, string]>([
    ['characters no document id has', '/sync/a%2e%2e%2fb', {}, '400'],
    ['a document id that is too long', `/sync/${'a'.repeat(129)}`, {}, '400'],
    ['a foreign origin', '/sync/honest', { Origin: 'https://evil.example' }, '403'],
    ['no origin at all, in words', '/sync/honest', { Origin: 'null' }, '403'],
    ['a foreign host', '/sync/honest', { Host: 'attacker.test' }, '421'],
    ['an upgrade to something else', '/sync/honest', { Upgrade: 'foo' }, '400'],
    ['an upgrade elsewhere', '/', {}, '404'],
  ])('%s', async ([, path, over, status]) => {
    const answer = await rawRequest(server.port, handshakeHead(server.port, path, over))
    expect(answer.status).toBe(Number(status))
    await expectNobodyElseAffected()
  })

  it('a foreign host on an ordinary request', async () => {
    const head = ['GET /api/v1/documents HTTP/1.1', 'Host: attacker.test', 'Connection: close']
    expect((await rawRequest(server.port, head)).status).toBe(421)
  })
})

describe('frames that no client would send', () => {
  /** @returns the close code, or `open` when the server took the frame */
  async function closeCodeFor(frame: Uint8Array): Promise<number | 'open'> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/honest`)
    await once(socket, 'open')
    const closed = once(socket, 'close').then(([code]) => code as number)
    socket.send(frame)
    // An answer to this proves that the frame before it was taken.
    socket.send(new Uint8Array([0, 0, 1, 0]))
    const taken = new Promise<'open'>((resolve) => {
      socket.on('message', (bytes: Buffer) => {
        if (bytes[0] === 0 && bytes[1] === 1) resolve('open')
      })
    })
    const result = await Promise.race([closed, taken])
    socket.terminate()
    return result
  }

  function recordedUpdate(): Uint8Array {
    const doc = new Y.Doc()
    doc.getText('t').insert(0, 'an update as it should be')
    const update = Y.encodeStateAsUpdate(doc)
    return new Uint8Array([0, 2, update.length, ...update])
  }

  it('close with 4400 when they are cut short, every length of them', async () => {
    const frame = recordedUpdate()
    for (let length = 1; length < frame.length; length++) {
      expect({ length, code: await closeCodeFor(frame.subarray(0, length)) }).toEqual({ length, code: 4400 })
    }
    await expectNobodyElseAffected()
  })

  it('close with a documented code, or are harmless, when they are random', async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    console.info(`SEED=${seed}`)
    let state = seed
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const seen = new Map<number | 'open', number>()
    for (let round = 0; round < 150; round++) {
      const frame = Uint8Array.from({ length: 1 + random(200) }, () => random(256))
      if (round % 2 === 0) frame[0] = random(4)
      const code = await closeCodeFor(frame)
      expect([4400, 'open']).toContain(code)
      seen.set(code, (seen.get(code) ?? 0) + 1)
    }
    expect(seen.get(4400) ?? 0).toBeGreaterThan(50)
    await expectNobodyElseAffected()
  })
})
