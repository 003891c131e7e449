/**
 * People who do not read while others write much: what they cost, and that they have everything in the end.
 *
 * The same load runs twice, once without them, and what the server's memory differs by is theirs.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import * as Y from 'yjs'
import { allowedMs, LIMITS } from '../fuzz/limits.ts'
import { nowMs, Waits } from '../fuzz/waits.ts'
import { Watcher } from '../fuzz/watcher.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { isNone, until } from '../harness/wait.ts'
import { Histogram } from '../load/histogram.ts'
import { atRest, cpuMs, memoryBytes } from '../load/process-facts.ts'
import { mebibytes, metric, percentiles, print, seconds } from './figures.ts'
import { Visitor } from './visitor.ts'

const DOCUMENT = 'churn'
const WRITERS = 10
const STOPPED = 20
const CRAWLING = 20
const CRAWL_BYTES_PER_SECOND = 5_000
/** Slower than the document grows, but never given up: these are caught up again and again. */
const STROLLING = 5
const STROLL_BYTES_PER_SECOND = 3_000_000
/** Longer than the writing takes, shorter than in production. */
const MAX_SLOW_MS = 20_000
const TOTAL_BYTES = 100_000_000
/** A page that is typed over and over, and a line that stays. */
const PAGE_BYTES = 20_000
const EDITS = TOTAL_BYTES / PAGE_BYTES / WRITERS
/** Of one writer, sent and not acknowledged. */
const IN_FLIGHT = 4
const PULSE_MS = 50
const MAX_BYTES_EACH = 20_000_000
const MAX_CONTENT_BYTES = 10_000_000
/** What somebody healthy waits for may be this much longer where some are slow, if it is more than 250 ms (`LIMITS.ackP99Ms`). */
const TIMES_WITHOUT = 3

const servers: ServerProcess[] = []
const loads: Load[] = []
afterAll(async () => {
  for (const load of loads) await load.close()
  for (const server of servers) await server.dispose()
})

/** Everything that people see, comparable. */
function contentOf(doc: Y.Doc | undefined): string {
  const texts = Array.from({ length: WRITERS }, (_, writer) => [
    doc?.getText(`kept-${writer}`).toString(),
    doc?.getText(`page-${writer}`).toString(),
  ])
  return JSON.stringify([texts, doc?.getText('pulse').toString()])
}

/** What somebody healthy waited for, and what a thread waited for a processor meanwhile. */
interface Pulse {
  readonly latencies: Histogram
  readonly lateP99Ms: number
}

class Load {
  readonly server: ServerProcess
  readonly writers: Visitor[]
  readonly acks = new Histogram()
  readonly #pulses = new Waits()
  readonly #watcher: Watcher
  readonly pulse: Visitor
  readonly listener: Visitor
  readonly #pulsedAt = new Map<number, number>()
  readonly #sentAt: number[][] = []
  readonly #edits: number[] = []

  constructor(server: ServerProcess) {
    this.server = server
    this.#watcher = new Watcher(server.url)
    this.writers = Array.from({ length: WRITERS }, (_, writer) => {
      this.#sentAt.push([])
      this.#edits.push(0)
      return this.enter({ durable: () => this.#acknowledged(writer) })
    })
    this.pulse = this.enter({})
    this.listener = this.enter({ heard: (update) => this.#listen(update) })
  }

  enter(options: { heard?: (update: Uint8Array) => void; durable?: () => void }, doc = new Y.Doc()): Visitor {
    return new Visitor({ server: this.server.url, documentId: DOCUMENT, doc, ...options })
  }

  close(): Promise<void> {
    return this.#watcher.close()
  }

  /** Ten people write until all is on disk, while another types a word now and then. @returns what that one's reader waits for */
  async run(): Promise<Pulse> {
    const everybody = [...this.writers, this.pulse, this.listener]
    await until(
      'everybody is here',
      () => everybody.filter((one) => !one.synced || !one.saved).length,
      isNone,
    )
    await this.#watcher.take()
    for (let writer = 0; writer < WRITERS; writer++) this.#write(writer)
    let pulses = 0
    const beat = setInterval(() => {
      this.#pulsedAt.set(++pulses, nowMs())
      this.pulse.edit((doc) => doc.getText('pulse').insert(doc.getText('pulse').length, `beat ${pulses};`))
    }, PULSE_MS)
    try {
      await until('all is written', () => this.#left(), isNone, 120_000)
    } finally {
      clearInterval(beat)
    }
    await until('all beats are heard', () => this.#pulsedAt.size, isNone)
    await until('the last beat is saved', () => this.pulse.saved)
    const { pauses, lateP99Ms } = await this.#watcher.take()
    return { latencies: this.#pulses.without(pauses), lateP99Ms }
  }

  #left(): number {
    const shutOut = [...this.writers, this.pulse, this.listener].find(({ closed }) => closed !== undefined)
    if (shutOut !== undefined) throw new Error(`a healthy person was shut out with ${shutOut.closed?.code}`)
    return this.writers.filter((one, writer) => (this.#edits[writer] ?? 0) < EDITS || !one.saved).length
  }

  #write(writer: number): void {
    const one = this.writers[writer]
    if (one === undefined) return
    while (one.sent - one.durable < IN_FLIGHT && (this.#edits[writer] ?? 0) < EDITS) {
      const edit = (this.#edits[writer] ?? 0) + 1
      this.#edits[writer] = edit
      this.#sentAt[writer]?.push(performance.now())
      one.edit((doc) => {
        const kept = doc.getText(`kept-${writer}`)
        kept.insert(kept.length, `line ${edit} of ${writer};`)
        const page = doc.getText(`page-${writer}`)
        page.delete(0, page.length)
        page.insert(0, `${edit % 10}`.repeat(PAGE_BYTES))
      })
    }
  }

  #acknowledged(writer: number): void {
    const one = this.writers[writer]
    const sentAt = this.#sentAt[writer] ?? []
    // The answer to the question on arrival was acknowledged before any of these.
    while (sentAt.length > 0 && sentAt.length > (one?.sent ?? 0) - (one?.durable ?? 0))
      this.acks.record(performance.now() - (sentAt.shift() ?? 0))
    if ((this.#edits[writer] ?? 0) > 0) this.#write(writer)
  }

  #listen(update: Uint8Array): void {
    const bytes = Buffer.from(update.buffer, update.byteOffset, update.length)
    for (const [beat, at] of this.#pulsedAt) {
      if (!bytes.includes(`beat ${beat};`)) continue
      this.#pulses.record(at, nowMs())
      this.#pulsedAt.delete(beat)
    }
  }
}

async function prepare(): Promise<Load> {
  const server = await startServerProcess({ flags: ['--max-slow-ms', String(MAX_SLOW_MS)] })
  servers.push(server)
  const load = new Load(server)
  loads.push(load)
  return load
}

async function measure(name: string, load: Load): Promise<Pulse> {
  const { server, acks } = load
  const startedAt = performance.now()
  const pulse = await load.run()
  print(`${name}, 100 MB written in`, seconds(performance.now() - startedAt))
  print(`${name}, CPU of the server`, seconds(cpuMs(server.pid)))
  print(`${name}, edit to acknowledgement`, percentiles(acks))
  print(`${name}, key to a healthy reader`, percentiles(pulse.latencies))
  return pulse
}

/** Opens a WebSocket and then does nothing: neither sends nor reads, nor answers whatever it is asked. */
async function openAndFreeze(server: ServerProcess): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1')
  await once(socket, 'connect')
  const head = [
    `GET /sync/${DOCUMENT} HTTP/1.1`,
    `Host: 127.0.0.1:${server.port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await once(socket, 'data')
  socket.pause()
  return socket
}

/**
 * Resolves when all have this content; who was given up comes back with what it has, as clients do.
 * @returns how many needed no other connection
 */
async function converge(load: Load, people: readonly Visitor[], content: string): Promise<number> {
  let present = [...people]
  const behind = (): number => {
    present = present.map((one) => (one.closed === undefined ? one : load.enter({}, one.doc)))
    return present.filter((one) => contentOf(one.doc) !== content).length
  }
  await until('all have the same content', behind, isNone, 60_000)
  return present.filter((one) => people.includes(one)).length
}

it('20 who stop reading, 20 who crawl and one who never answers cost at most 20 MB each of the first, and converge', async () => {
  const control = await prepare()
  const unhurried = await measure('without slow readers', control)
  const controlPeak = memoryBytes(control.server.pid).peak
  await atRest(control.server.pid, 0)
  const controlSettled = memoryBytes(control.server.pid).now
  await control.server.dispose()

  const load = await prepare()
  const { server } = load
  const many = (count: number) => Array.from({ length: count }, () => load.enter({}))
  const [stopped, crawling, strolling] = [many(STOPPED), many(CRAWLING), many(STROLLING)]
  const slow = [...stopped, ...crawling, ...strolling]
  await until('the slow are here', () => slow.filter((one) => !one.synced || !one.saved).length, isNone)
  const frozen = await openAndFreeze(server)
  for (const one of stopped) one.pause()
  const hurries = crawling.map((one) => one.crawl(CRAWL_BYTES_PER_SECOND))
  const strolls = strolling.map((one) => one.crawl(STROLL_BYTES_PER_SECOND))
  const beside = await measure('with slow readers', load)
  const givenUp = () => metric(server, 'weft_closes_total{code="1013"}')
  const noticed = (await metric(server, 'weft_slow_sessions')) + (await givenUp())
  for (const hurry of strolls) hurry()

  // Half of those who stopped read on: before the server loses patience, their connection brings all they lack.
  const text = contentOf(load.listener.doc)
  const resumed = stopped.filter((_, index) => index % 2 === 0)
  const startedAt = performance.now()
  for (const one of resumed) one.resume()
  const caughtUp = await converge(load, [...resumed, ...strolling], text)
  print('slow readers, 15 caught up after', seconds(performance.now() - startedAt))
  print('slow readers, of these on the same connection', String(caughtUp))

  // The others are given up, and come back with what they have.
  const lost = slow.filter((one) => !resumed.includes(one) && !strolling.includes(one))
  const waitedFor = () => metric(server, 'weft_slow_sessions')
  await until('the others are given up', waitedFor, isNone, 3 * MAX_SLOW_MS)
  expect(await givenUp()).toBeGreaterThanOrEqual(lost.length)
  for (const hurry of hurries) hurry()
  for (const one of lost) one.resume()
  await until('they notice', () => lost.filter(({ closed }) => closed === undefined).length, isNone)
  await converge(load, lost, text)
  await converge(load, [load.enter({})], text)
  expect(contentOf(load.listener.doc)).toBe(text)

  const { peak } = memoryBytes(server.pid)
  await atRest(server.pid, 0)
  const settled = memoryBytes(server.pid).now
  const cost = Math.max(peak - controlPeak, 0)
  print('slow readers, peak memory', `${mebibytes(peak)}, without them ${mebibytes(controlPeak)}`)
  print('slow readers, settled memory', `${mebibytes(settled)}, without them ${mebibytes(controlSettled)}`)
  print('slow readers, cost of each', mebibytes(cost / (slow.length + 1)))
  frozen.destroy()
  // However cheap sharing makes them: the server knew whom not to write to.
  expect(noticed).toBeGreaterThanOrEqual(STOPPED + CRAWLING)
  expect(cost).toBeLessThan(STOPPED * MAX_BYTES_EACH)
  expect(settled - controlSettled).toBeLessThan(STOPPED * MAX_BYTES_EACH)
  expect(Buffer.byteLength(text)).toBeLessThan(MAX_CONTENT_BYTES)
  const allowed = Math.max(
    allowedMs(LIMITS.ackP99Ms, beside.lateP99Ms),
    TIMES_WITHOUT * unhurried.latencies.quantile(0.99),
  )
  expect(beside.latencies.quantile(0.99)).toBeLessThan(allowed)
}, 400_000)
