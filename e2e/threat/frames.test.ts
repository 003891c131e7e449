/**
 * Frames that nobody honest sends, to the server as it is installed, and two honest people in another room who are
 * measured all the while. (Threat rows 8, 9, 22 and 23; the mass of them is `e2e/fuzz`'s.)
 */

import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { attack } from '../fuzz/attacker.ts'
import { type Attempt, GROUP, type Group, isAllowed, MALFORMED, nameOf, READABLE } from '../fuzz/case.ts'
import { isReadable } from '../fuzz/layers/updates.ts'
import { randomFrom } from '../harness/random.ts'
import { closeCodeAfter, rawFrame } from '../harness/raw-frames.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'
import { weftWire } from '../load/wire.ts'
import { percentiles } from '../scale/figures.ts'
import { Healthy, type Wait } from '../scale/healthy.ts'
import { Visitor } from '../scale/visitor.ts'

const MEBIBYTE = 1_048_576

let server: ServerProcess
let honest: Healthy
const sockets: WebSocket[] = []

beforeAll(async () => {
  server = await startServerProcess()
  honest = await Healthy.enter(server.url)
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  await honest.beats(1)
})
afterAll(async () => {
  await honest?.close()
  await server?.dispose()
})

/** The honest while something goes on. */
async function measured(what: string, run: () => Promise<void>): Promise<Wait> {
  const wait = await honest.measured(run)
  console.info(
    `threat: ${what}, key to an honest reader: ${percentiles(wait.latencies)}, allowed ${wait.allowedMs.toFixed(0)} ms`,
  )
  return wait
}

const bytes = (length: number): Uint8Array => new Uint8Array(length)
const message = (hex: string): Buffer => rawFrame(2, Buffer.from(hex, 'hex'))
const fragments = (count: number): Buffer =>
  Buffer.concat(
    Array.from({ length: count }, (_, at) => rawFrame(at === 0 ? 2 : 0, bytes(1), { fin: false })),
  )

describe('a frame that breaks WebSocket itself closes with the code for it', () => {
  it.each<[string, Uint8Array, number]>([
    ['16 MiB and a byte', rawFrame(2, bytes(16), { claims: 16 * MEBIBYTE + 1 }), 1009],
    ['a claim of 2 GiB', rawFrame(2, bytes(16), { claims: 2 ** 31 }), 1009],
    ['a claim of 2^53', rawFrame(2, bytes(16), { claims: 2 ** 53 }), 1009],
    ['1,025 pieces', fragments(1_025), 1008],
    ['no mask', rawFrame(2, bytes(4), { masked: false }), 1002],
    ['a reserved bit', rawFrame(0x40 | 2, bytes(4)), 1002],
    ['an opcode that does not exist', rawFrame(3, bytes(4)), 1002],
    ['a ping of 126 bytes', rawFrame(9, bytes(126)), 1002],
    ['a ping in pieces', rawFrame(9, bytes(1), { fin: false }), 1002],
    ['a continuation of nothing', rawFrame(0, bytes(4)), 1002],
    ['text that is not UTF-8', rawFrame(1, Uint8Array.of(0xff, 0xfe)), 1007],
    ['a close with the code 999', rawFrame(8, Uint8Array.of(0x03, 0xe7)), 1002],
    ['a close of one byte', rawFrame(8, bytes(1)), 1002],
  ])('%s', async (_what, frame, code) => {
    expect(await closeCodeAfter(server.port, '/sync/hostile', frame)).toBe(code)
  })
})

describe('a message that breaks the protocol closes with 4400', () => {
  it.each([
    ['text', rawFrame(1, Buffer.from('hello'))],
    ['nothing', rawFrame(2)],
    ...[4, 5, 99, 100, 101, 102, 103, 127, 255].map((kind): [string, Buffer] => [
      `message ${kind}`,
      rawFrame(2, kind < 128 ? Uint8Array.of(kind, 0) : Uint8Array.of(kind, 1, 0)),
    ]),
    ['a clock burn to 2^40', message('00020c010105040080808080802000')],
    ['a clock burn to 2^52', message('00020d01010504008080808080808008 00'.replace(' ', ''))],
    ['what stock servers swallow', message('00020409090909')],
    ['a client that takes 2^53 structs', message('00020901ffffffffffffff0f05')],
    ['a state vector cut short', message('00000105')],
  ])('%s', async (_what, frame) => {
    expect(await closeCodeAfter(server.port, '/sync/hostile', frame)).toBe(4400)
  })
})

/** @returns the socket, once it is open */
async function open(documentId: string): Promise<WebSocket> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/${documentId}`)
  sockets.push(socket)
  socket.on('error', () => undefined)
  await once(socket, 'open')
  return socket
}

const codeOf = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', (code) => resolve(code)))

function recordedUpdates(count: number): Uint8Array[] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const text = doc.getText('t')
  for (let edit = 0; updates.length < count; edit++) {
    text.insert(Math.min(edit, text.length), `word ${edit}`, edit % 3 === 0 ? { bold: true } : {})
    if (edit % 4 === 0) text.insertEmbed(0, new Y.Map([['type', 'paragraph']]))
    if (edit % 5 === 0) text.delete(0, 1)
  }
  return updates.slice(0, count)
}

describe('others do not notice', () => {
  it('every truncation of 50 updates, and 100 kB of chance twenty times: 4400 each', async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    console.info(`SEED=${seed}`)
    const random = randomFrom(seed)
    const wire = weftWire(server.url, 'hostile')
    const cut = recordedUpdates(50).flatMap((update) => {
      const frame = wire.update(update)
      return Array.from({ length: frame.length - 1 }, (_, at) => frame.subarray(0, at + 1))
    })
    const noise = Array.from({ length: 20 }, () =>
      wire.update(Uint8Array.from({ length: 100_000 }, () => random.below(256))),
    )
    const codes = new Map<number, number>()
    const { p99Ms, allowedMs } = await measured('malformed updates', async () => {
      for (const frame of [...cut, ...noise]) {
        const socket = await open('hostile')
        const closed = codeOf(socket)
        socket.send(frame)
        const code = await closed
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }
    })
    expect([...codes]).toEqual([[4400, cut.length + noise.length]])
    expect(cut.length).toBeGreaterThan(1_000)
    expect(p99Ms).toBeLessThan(allowedMs)
  }, 120_000)

  it('every single bit of 50 updates flipped: 4400 where Yjs could not read it, else that, 4409 or nothing; all of it opens again', async () => {
    const wire = weftWire(server.url, 'flipped')
    const attempts = recordedUpdates(50).flatMap((update) =>
      Array.from({ length: update.length * 8 }, (_, bit): Attempt => {
        const flipped = Uint8Array.from(update)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const allowed = isReadable(flipped) ? READABLE : MALFORMED
        return { title: `bit ${bit}`, bytes: wire.update(flipped), allowed, ends: 'ping' }
      }),
    )
    const groups = Array.from(
      { length: Math.ceil(attempts.length / GROUP) },
      (_, index): Group => ({
        layer: 'updates',
        index,
        speaks: 'stock',
        beginning: [],
        attempts: attempts.slice(index * GROUP, (index + 1) * GROUP),
      }),
    )
    const codes = new Map<string, number>()
    const wrong: string[] = []
    const { p99Ms, allowedMs } = await measured('flipped bits', async () => {
      for (const group of groups)
        for (const [at, outcome] of (
          await attack({ port: server.port, documentId: 'flipped' }, group)
        ).entries()) {
          const name = nameOf(outcome)
          codes.set(name, (codes.get(name) ?? 0) + 1)
          const attempt = group.attempts[at]
          if (attempt !== undefined && !isAllowed(attempt, name)) wrong.push(`${attempt.title}: ${name}`)
        }
    })
    console.info(`threat: ${attempts.length} flipped bits: ${JSON.stringify(Object.fromEntries(codes))}`)
    expect(wrong).toEqual([])
    expect(attempts.length).toBeGreaterThan(8_000)
    expect([...codes.keys()]).toEqual(expect.arrayContaining(['4400', 'taken']))
    expect(p99Ms).toBeLessThan(allowedMs)
    const reader = new Visitor({ server: server.url, documentId: 'flipped', doc: new Y.Doc() })
    await until('it opens', () => reader.synced)
    expect(reader.doc?.store.pendingStructs).toBeNull()
    expect(reader.doc?.store.pendingDs).toBeNull()
    reader.drop()
  }, 120_000)

  it('floods of ten thousand messages, who are closed with 4529 within the burst', async () => {
    const taken: number[] = []
    const { p99Ms, allowedMs } = await measured('floods', async () => {
      for (let round = 0; round < 5; round++) {
        const socket = await open('hostile')
        let answers = 0
        socket.on('message', () => answers++)
        const closed = codeOf(socket)
        // Who is here?
        for (let sent = 0; sent < 10_000; sent++) socket.send(Uint8Array.of(3))
        expect(await closed).toBe(4529)
        taken.push(answers)
      }
    })
    expect(Math.max(...taken)).toBeLessThan(2_000)
    expect(p99Ms).toBeLessThan(allowedMs)
  }, 60_000)

  it('one who asks for the whole document a hundred times a second, and gets it six times and then one a second', async () => {
    const socket = await open('healthy')
    let wholes = 0
    socket.on('message', (frame: Buffer) => {
      if (frame[0] === 0 && frame[1] === 1) wholes++
    })
    const startedAt = performance.now()
    for (let asked = 0; asked < 100; asked++) socket.send(Uint8Array.of(0, 0, 1, 0))
    await until('the last question was answered', () => wholes >= 7, Boolean, 10_000)
    const seconds = (performance.now() - startedAt) / 1_000
    expect(wholes).toBeLessThanOrEqual(6 + Math.ceil(seconds))
    expect(seconds).toBeGreaterThan(0.5)
  })
})
