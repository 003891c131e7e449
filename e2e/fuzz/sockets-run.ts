/**
 * Hostile cases over real sockets at a real server, in a room with two honest people who type, beside a room with another.
 *
 * In rounds: each has a room of its own, so that what hostile people leave there does not grow without bound, and
 * ends with comparing what everybody holds. In the end the server is started anew and compared with all of them.
 */
import { readdirSync } from 'node:fs'
import type * as Y from 'yjs'
import { digestContent } from '../../sync-server/src/room/content.ts'
import { randomFrom } from '../harness/random.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'
import { Histogram } from '../load/histogram.ts'
import { memoryBytes } from '../load/process-facts.ts'
import { metric } from '../scale/figures.ts'
import { planRounds } from './generate.ts'
import { Honest } from './honest.ts'
import { LIMITS } from './limits.ts'
import { Prober } from './prober.ts'
import { contradictions, vectorOf } from './replicas.ts'
import { readLogs } from './stored.ts'
import type { Tally } from './tally.ts'
import { FuzzThread, type Report, type Work } from './threads.ts'

const IDLE_ROOM_MS = 2_000
/** Cases before memory is first measured: code is compiled, pools are filled, the largest frames have come. */
const WARM_UP = 6_000

export interface SocketsOptions {
  readonly seed: number
  readonly cases: number
  readonly rounds: number
  readonly tally: Tally
}

export interface Memory {
  readonly residentBytes: number
  readonly heapBytes: number
  readonly bufferBytes: number
  readonly openFiles: number
  readonly listeners: number
  readonly resources: Readonly<Record<string, number>>
}

export interface SocketsResult {
  readonly acks: Histogram
  readonly healthz: Histogram
  readonly typed: number
  readonly tookMs: number
  readonly before: Memory
  readonly after: Memory
  readonly storedUpdates: number
}

/** What a room held when its round was over. */
interface Left {
  readonly documentId: string
  readonly digest: string
  readonly vector: string
  readonly people: readonly { readonly client: number; readonly typed: string }[]
  /** Where each history of others began. */
  readonly known: ReadonlyMap<number, number>
  readonly isOneContent: boolean
}

export async function runOverSockets(options: SocketsOptions): Promise<SocketsResult> {
  const server = await startServerProcess({
    selfReport: true,
    // A process with a channel to its parent cannot put itself in its own place to set it, as the command does.
    env: { NODE_OPTIONS: '--max-semi-space-size=4' },
    flags: ['--idle-room-ms', String(IDLE_ROOM_MS)],
  })
  const run = new SocketsRun(options, server)
  try {
    return await run.all()
  } finally {
    await run.close()
    await server.dispose()
  }
}

class SocketsRun {
  readonly #options: SocketsOptions
  readonly #server: ServerProcess
  readonly #acks = new Histogram()
  readonly #prober: Prober
  readonly #random
  readonly #thread = new FuzzThread()
  readonly #left: Left[] = []
  readonly #beside: Honest
  #people: Honest[] = []

  constructor(options: SocketsOptions, server: ServerProcess) {
    this.#options = options
    this.#server = server
    this.#random = randomFrom(options.seed)
    this.#prober = new Prober(server.url)
    this.#beside = this.#enter(`beside-${options.seed}`)
  }

  async all(): Promise<SocketsResult> {
    const { seed, cases, rounds, tally } = this.#options
    const { pid } = this.#server
    await until('who is beside is here', () => this.#beside.isConnected)
    this.#beside.start()
    // What is tried first also warms the server up.
    const { port } = this.#server
    const round = (name: string) => ({ seed, port, documentId: `fuzz-${seed}-${name}` })
    await this.#round({ kind: 'socket corpus', ...round('corpus') })
    await this.#round({ kind: 'sockets', ...round('warm'), planned: planRounds(WARM_UP, 1, 'warm')[0] ?? [] })
    const before = await this.#look()
    const startedAt = performance.now()
    for (const [number, planned] of planRounds(cases, rounds).entries())
      await this.#round({ kind: 'sockets', ...round(String(number)), planned })
    const tookMs = performance.now() - startedAt
    this.#prober.stop()
    this.#beside.stop()
    await until('who is beside is saved', () => this.#beside.isSaved)
    this.#leave([this.#beside], `beside-${this.#options.seed}`, new Map())
    let after = await this.#look()
    // A thread that folds logs is kept for half a minute after its last, with memory and files of its own.
    const isBack = async (): Promise<boolean> => {
      after = await this.#look()
      return (
        after.residentBytes - before.residentBytes < LIMITS.growthBytes / 2 &&
        after.openFiles <= before.openFiles + LIMITS.moreFiles
      )
    }
    await until('memory is back', isBack, Boolean, 45_000).catch(() => undefined)
    const { failures } = this.#prober
    if (failures > 0) tally.say(`/healthz gave no right answer ${failures} times`)
    if (this.#server.pid !== pid) tally.say('the server was another process in the end')
    const stored = await metric(this.#server, 'weft_updates_committed_total')
    const typed = this.#acks.count
    await this.#beside.leave()
    await this.#compareDisk(stored)
    const { healthz } = this.#prober
    return { acks: this.#acks, healthz, typed, tookMs, before, after, storedUpdates: stored }
  }

  async close(): Promise<void> {
    this.#prober.stop()
    await this.#thread.close()
    for (const one of [...this.#people, this.#beside]) await one.leave()
  }

  #enter(documentId: string): Honest {
    const { url } = this.#server
    return new Honest({ server: url, documentId, random: this.#random.fork(), acks: this.#acks })
  }

  async #round(work: Work & { readonly documentId: string }): Promise<void> {
    const { tally } = this.#options
    const { documentId } = work
    this.#people = [this.#enter(documentId), this.#enter(documentId)]
    await until('two honest people are here', () => this.#people.every((one) => one.isConnected))
    for (const one of this.#people) one.start()
    const report = await this.#thread.do(work)
    tally.merge(report)
    for (const one of this.#people) {
      one.stop()
      // The log is one row: whoever has this has all that was taken before it.
      one.type()
    }
    await until('what honest people typed is saved', () => this.#people.every((one) => one.isSaved))
    await this.#compareScreens(documentId, report)
    for (const one of this.#people) await one.leave()
    this.#people = []
  }

  async #compareScreens(documentId: string, { refused, known }: Report): Promise<void> {
    const { tally } = this.#options
    const newcomer = stockClient(this.#server.url, documentId)
    try {
      await until('a newcomer has the document', () => newcomer.provider.synced)
      const screens = [...this.#people.map(({ doc }) => doc), newcomer.doc]
      for (const one of this.#people)
        await until(
          `what was typed in ${documentId} is on all screens`,
          () => screens.every((doc) => one.findIn(doc) === one.typed),
          Boolean,
          30_000,
        )
      await until(`nobody else is seen in ${documentId}`, () =>
        this.#strangers(newcomer.provider.awareness.getStates()),
      )
      for (const client of refused)
        if (newcomer.doc.store.clients.has(client))
          tally.say(`${documentId} holds something of refused client ${client}`)
      if (this.#people.some(({ drops }) => drops > 0))
        tally.say(`an honest connection was lost in ${documentId}`)
      this.#leave(this.#people, documentId, known, newcomer.doc)
    } finally {
      newcomer.close()
    }
  }

  /** @returns whether everybody who is seen is known to be here */
  #strangers(states: ReadonlyMap<number, unknown>): boolean {
    return states.size <= this.#people.length + 1
  }

  #leave(
    people: readonly Honest[],
    documentId: string,
    known: ReadonlyMap<number, number>,
    newcomer?: Y.Doc,
  ): void {
    const [first] = people
    if (first === undefined) return
    const digests = [...people.map(({ doc }) => doc), ...(newcomer === undefined ? [] : [newcomer])].map(
      digestContent,
    )
    this.#left.push({
      documentId,
      digest: digests[0] ?? '',
      vector: vectorOf(first.doc),
      people: people.map(({ doc, typed }) => ({ client: doc.clientID, typed })),
      known,
      isOneContent: new Set(digests).size === 1,
    })
  }

  /** With nobody there but who is beside. */
  async #look(): Promise<Memory> {
    const { tally } = this.#options
    const count = (name: string) => () => metric(this.#server, name)
    try {
      await until('only who is beside has a session', count('weft_sessions'), (sessions) => sessions === 1)
      await until('only that room is in memory', count('weft_rooms'), (rooms) => rooms === 1)
      await until('nothing waits in a socket', count('weft_waiting_bytes'), (bytes) => bytes === 0)
    } catch (error) {
      tally.say(error instanceof Error ? error.message : String(error))
    }
    const { heapBytes, bufferBytes, listeners, resources } = await this.#server.selfReport()
    const { pid } = this.#server
    const openFiles = readdirSync(`/proc/${pid}/fd`).length
    return { residentBytes: memoryBytes(pid).now, heapBytes, bufferBytes, openFiles, listeners, resources }
  }

  /** Whoever opens a document after a restart has what was there; the disk holds what was taken, and no more. */
  async #compareDisk(stored: number): Promise<void> {
    const { tally } = this.#options
    const errors = this.#server
      .output()
      .split('\n')
      .filter((line) => /"level":(40|50|60)/.test(line))
    for (const line of errors.slice(0, 5)) tally.say(`the server's log says ${line}`)
    const code = await this.#server.stop()
    if (code !== 0) tally.say(`the server ended with ${code}`)
    const logs = await readLogs(
      this.#server.data,
      this.#left.map(({ documentId }) => documentId),
    )
    const records = [...logs.values()].reduce((sum, log) => sum + log.length, 0)
    if (records > stored) tally.say(`the disk holds ${records} records of ${stored} that were committed`)
    await this.#server.start()
    for (const left of this.#left) {
      const isSound =
        contradictions(
          logs.get(left.documentId) ?? [],
          left.known,
          left.people.map(({ client }) => client),
        ) === 0
      if (!isSound) tally.contradictory++
      await this.#compareCold(left, isSound)
    }
  }

  async #compareCold(left: Left, isSound: boolean): Promise<void> {
    const { tally } = this.#options
    const { documentId } = left
    const cold = stockClient(this.#server.url, documentId)
    try {
      await until(`${documentId} opens after a restart`, () => cold.provider.synced)
      const { pendingStructs, pendingDs } = cold.doc.store
      if (pendingStructs !== null || pendingDs !== null) tally.say(`something is pending in ${documentId}`)
      for (const { client, typed } of left.people)
        if (Honest.findOf(client, cold.doc) !== typed)
          tally.say(`what was typed in ${documentId} differs after a restart`)
      if (vectorOf(cold.doc) !== left.vector) tally.say(`${documentId} has other clocks after a restart`)
      if (isSound && !left.isOneContent) tally.say(`the screens of ${documentId} differ`)
      if (isSound && digestContent(cold.doc) !== left.digest)
        tally.say(`${documentId} differs after a restart`)
    } finally {
      cold.close()
    }
  }
}
