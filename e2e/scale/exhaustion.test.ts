/** Somebody who takes connections and gives nothing for them, and a process that has no more to give. */
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import {
  type ServerProcess,
  type ServerProcessOptions,
  startServerProcess,
} from '../harness/server-process.ts'
import { isNone, until } from '../harness/wait.ts'
import { metric, percentiles, print, seconds } from './figures.ts'
import { Healthy } from './healthy.ts'

const SILENT = 5_000
const DRIPPING = 200
const FOREIGN = 200
const DRIP_MS = 10_000
const CLOSED_WITHIN_MS = 15_000

const servers: ServerProcess[] = []
const leftovers: (() => unknown)[] = []
afterAll(async () => {
  for (const drop of leftovers) await drop()
  for (const server of servers) await server.dispose()
})

async function start(options: ServerProcessOptions): Promise<ServerProcess> {
  const server = await startServerProcess(options)
  servers.push(server)
  return server
}

async function enter(server: ServerProcess): Promise<Healthy> {
  const healthy = await Healthy.enter(server.url)
  leftovers.push(() => healthy.close())
  return healthy
}

interface Intruder {
  readonly kind: string
  readonly openedAt: number
  closedAt: number | undefined
}

/** @param begin what it does once it is connected */
function intrude(server: ServerProcess, kind: string, begin: (socket: Socket) => void): Intruder {
  const intruder: Intruder = { kind, openedAt: performance.now(), closedAt: undefined }
  const socket = connect(server.port, '127.0.0.1', () => begin(socket))
  socket.on('data', () => undefined)
  socket.on('error', () => undefined)
  socket.on('close', () => {
    intruder.closedAt = performance.now()
  })
  leftovers.push(() => socket.destroy())
  return intruder
}

it.concurrent('connections without a request, with one that drips, or for another protocol are closed within 15 s', async () => {
  const server = await start({})
  const healthy = await enter(server)
  const host = `Host: 127.0.0.1:${server.port}\r\n`
  const drip = (socket: Socket): void => {
    socket.write('G')
    const bytes = `ET /sync/healthy HTTP/1.1\r\n${host}`[Symbol.iterator]()
    const timer = setInterval(() => socket.write(bytes.next().value ?? 'x'), DRIP_MS)
    socket.on('close', () => clearInterval(timer))
  }
  const foreign = (socket: Socket): void =>
    void socket.write(`GET /sync/healthy HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: foo\r\n\r\n`)
  const intruders: Intruder[] = []
  const open = () => intruders.filter(({ closedAt }) => closedAt === undefined).length
  const { latencies, p99Ms, allowedMs } = await healthy.measured(async () => {
    intruders.push(
      ...Array.from({ length: SILENT }, () => intrude(server, 'silent', () => undefined)),
      ...Array.from({ length: DRIPPING }, () => intrude(server, 'dripping', drip)),
      ...Array.from({ length: FOREIGN }, () => intrude(server, 'foreign', foreign)),
    )
    await until('all are closed', open, isNone, CLOSED_WITHIN_MS)
  })
  for (const kind of ['silent', 'dripping', 'foreign']) {
    const of = intruders.filter((one) => one.kind === kind)
    const longest = Math.max(...of.map(({ openedAt, closedAt = Number.NaN }) => closedAt - openedAt))
    print(`exhaustion, ${of.length} ${kind} connections, the last closed after`, seconds(longest))
  }
  print(
    'exhaustion, key to a healthy reader',
    `${percentiles(latencies)}, allowed ${allowedMs.toFixed(0)} ms`,
  )
  expect(p99Ms).toBeLessThan(allowedMs)
}, 120_000)

const OPEN_FILES = 256
const TOO_MANY = 600
/** A worker that starts, a checkpoint, a backup. */
const SPARE_FILES = 16

/** @returns the status it was refused with, `open`, or `cut` when there was no answer */
function knock(server: ServerProcess, sockets: WebSocket[]): Promise<number | 'open' | 'cut'> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/crowd`)
  sockets.push(socket)
  return new Promise((resolve) => {
    socket.on('open', () => resolve('open'))
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      socket.terminate()
    })
    socket.on('error', () => resolve('cut'))
  })
}

it.concurrent('a process that may have no more files open refuses newcomers, keeps storing, and recovers', async () => {
  const server = await start({ openFiles: OPEN_FILES, flags: ['--rate-limit', 'off'] })
  const healthy = await enter(server)
  const { pid } = server
  const sockets: WebSocket[] = []
  leftovers.push(() => {
    for (const socket of sockets) socket.terminate()
  })
  const answers = await Promise.all(Array.from({ length: TOO_MANY }, () => knock(server, sockets)))
  const count = (answer: number | 'open' | 'cut'): number => answers.filter((one) => one === answer).length
  print(
    'exhaustion, 256 files',
    `${count('open')} let in, ${count(503)} refused with 503, ${count('cut')} cut off`,
  )
  await healthy.beats(10)
  // One who comes alone is told; of many at once those for whom there is not even a connection are cut off.
  expect(await knock(server, sockets)).toBe(503)
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  expect(await metric(server, 'weft_sessions')).toBe(count('open') + 2)
  // Connections that ask for nothing are not even refused, but they take no file either that the store may need.
  const silent = Array.from({ length: TOO_MANY }, () => intrude(server, 'silent', () => undefined))
  const open = () => silent.filter(({ closedAt }) => closedAt === undefined).length
  await until('those without a place are closed', open, (left) => left < OPEN_FILES - count('open'), 5_000)
  await healthy.beats(10)
  const { length: openFiles } = readdirSync(`/proc/${pid}/fd`)
  print('exhaustion, 256 files', `${openFiles} in use with ${TOO_MANY} silent connections as well`)

  for (const socket of sockets) socket.terminate()
  const again: WebSocket[] = []
  await until(
    'newcomers are let in again',
    () => knock(server, again),
    (answer) => answer === 'open',
  )
  for (const socket of again) socket.terminate()
  await healthy.beats(5)
  expect(server.pid).toBe(pid)
  expect(count('open') + count(503) + count('cut')).toBe(TOO_MANY)
  expect(count('open')).toBeGreaterThan(100)
  expect(count(503)).toBeGreaterThan(10)
  expect(openFiles).toBeLessThan(OPEN_FILES - SPARE_FILES)
  expect(server.output()).not.toMatch(/EMFILE|"level":(50|60)/)
}, 120_000)
