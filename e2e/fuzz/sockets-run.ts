/**
 * Hostile cases over real sockets at a real server, in a room with two honest people who type, beside a room with another.
 *
 * In rounds: each has a room of its own, so that what hostile people leave there does not grow without bound, and
 * ends with comparing what everybody holds. In the end the server is started anew and compared with all of them.
 */
import { readdirSync } from 'node:fs'
import { SCHEMA_VERSION } from '@weft/document'
import { randomFrom } from '../harness/random.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { stockClient } from '../harness/stock-client.ts'
import { type Deadline, until } from '../harness/wait.ts'
import type { Histogram } from '../load/histogram.ts'
import { memoryBytes } from '../load/process-facts.ts'
import { pause } from '../load/typing.ts'
import type { Edit } from '../mutation/plant.ts'
import { metric } from '../scale/figures.ts'
import { planGuarded, planRounds } from './generate.ts'
import { Honest, type HonestOptions } from './honest.ts'
import { compareCold, type Left, leave } from './left.ts'
import { LIMITS, memoryFaults } from './limits.ts'
import { readLogs } from './stored.ts'
import type { Tally } from './tally.ts'
import { FuzzThread, type Report, type Work } from './threads.ts'
import { lengthOf, type Span, Waits } from './waits.ts'
import { type Watched, Watcher, waitsOf } from './watcher.ts'

const IDLE_ROOM_MS = 2_000
/** Cases before memory is first measured: code is compiled, pools are filled, the largest frames have come. */
const WARM_UP = 6_000
/** How long honest people type with nobody hostile there, to know how fast this machine is. */
const IDLE_MS = 6_000
/** A thread that folds logs is kept for half a minute after its last, with memory and files of its own. */
const MEMORY_WITHIN_MS = 45_000
const SCREENS_WITHIN_MS = 30_000

type RoomKind = Pick<HonestOptions, 'root' | 'schema'>
/** With rules: there people write where documents of Weft have their text. */
const GUARDED: RoomKind = { root: 'flow', schema: SCHEMA_VERSION }

export interface SocketsOptions {
  readonly seed: number
  readonly cases: number
  readonly rounds: number
  readonly tally: Tally
  /** What the server runs with, and how much less is done, for a run that need only find that. */
  readonly trial?: Trial
}

export interface Trial {
  readonly planted: readonly Edit[]
  readonly warmUp: number
  /** For what must come true by itself, and does not where something is wrong. */
  readonly within: Deadline
}

export interface Memory {
  readonly residentBytes: number
  readonly heapBytes: number
  readonly bufferBytes: number
  readonly openFiles: number
  readonly listeners: number
  readonly timers: number
  readonly resources: Readonly<Record<string, number>>
}

/** Moments in which the machine stood still are not in them. */
export interface Speed {
  /** Of honest words, from typed to acknowledged. */
  readonly acks: Histogram
  readonly healthz: Histogram
  /** What a thread that wants next to nothing waited for a processor, 99 of 100 times. */
  readonly processorP99Ms: number
}

export interface SocketsResult {
  /** With nobody hostile there, and with them. */
  readonly idle: Speed
  readonly beset: Speed
  /** How long the machine stood still. */
  readonly pausedMs: number
  readonly typed: number
  readonly tookMs: number
  readonly before: Memory
  readonly after: Memory
}

export async function runOverSockets(options: SocketsOptions): Promise<SocketsResult> {
  const server = await startServerProcess({
    selfReport: true,
    ...(options.trial === undefined ? {} : { planted: options.trial.planted }),
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
  #acks = new Waits()
  readonly #watcher: Watcher
  readonly #random
  readonly #thread = new FuzzThread()
  readonly #left: Left[] = []
  readonly #beside: Honest
  #people: Honest[] = []

  constructor(options: SocketsOptions, server: ServerProcess) {
    this.#options = options
    this.#server = server
    this.#random = randomFrom(options.seed)
    this.#watcher = new Watcher(server.url)
    this.#beside = this.#enter(`beside-${options.seed}`)
  }

  async all(): Promise<SocketsResult> {
    const { seed, cases, rounds, tally, trial } = this.#options
    const { pid } = this.#server
    await until('who is beside is here', () => this.#beside.isConnected)
    this.#beside.start()
    // What is tried first also warms the server up.
    const { port } = this.#server
    const round = (name: string) => ({ seed, port, documentId: `fuzz-${seed}-${name}` })
    const warm = planRounds(trial?.warmUp ?? WARM_UP, 1, 'warm')[0] ?? []
    await this.#round({ kind: 'socket corpus', ...round('corpus') })
    await this.#round({ kind: 'sockets', ...round('warm'), planned: warm })
    const early = await this.#take()
    if (trial === undefined) await this.#idle(`idle-${seed}`)
    const idle = await this.#take()
    const before = await this.#look()
    const startedAt = performance.now()
    for (const [number, planned] of planRounds(cases, rounds).entries())
      await this.#round({ kind: 'sockets', ...round(String(number)), planned })
    for (const [number, planned] of planGuarded(cases, rounds).entries())
      await this.#round({ kind: 'sockets', ...round(`guarded-${number}`), planned }, GUARDED)
    const tookMs = performance.now() - startedAt
    this.#beside.stop()
    await until('who is beside is saved', () => this.#beside.isSaved)
    const late = await this.#take()
    const { documentId } = this.#beside
    this.#left.push(
      await leave({ documentId, people: [this.#beside], known: new Map() }, this.#server.data, tally),
    )
    const after = await this.#lookUntilBack(before)
    if (this.#server.pid !== pid) tally.say('the server was another process in the end')
    const stored = await metric(this.#server, 'weft_updates_committed_total')
    const spans = [early, idle, late]
    const failures = spans.reduce((sum, { watched }) => sum + watched.failures, 0)
    if (failures > 0) tally.say(`/healthz gave no right answer ${failures} times`)
    await this.#watcher.close()
    await this.#beside.leave()
    await this.#compareDisk(stored)
    return {
      idle: speedOf([idle]),
      beset: speedOf([early, late]),
      pausedMs: lengthOf(spans.flatMap(({ watched }) => watched.pauses)),
      typed: spans.reduce((sum, { acks }) => sum + acks.count, 0),
      tookMs,
      before,
      after,
    }
  }

  async close(): Promise<void> {
    await this.#watcher.close()
    await this.#thread.close()
    for (const one of [...this.#people, this.#beside]) await one.leave()
  }

  /** What was waited for since the last time. */
  async #take(): Promise<Taken> {
    const acks = this.#acks
    this.#acks = new Waits()
    return { acks, watched: await this.#watcher.take() }
  }

  async #idle(documentId: string): Promise<void> {
    await this.#enterBoth(documentId)
    await pause(IDLE_MS)
    await this.#leaveBoth(documentId, { refused: [], known: new Map() })
  }

  async #lookUntilBack(before: Memory): Promise<Memory> {
    const { trial } = this.#options
    let after = await this.#look()
    const isBack = async (): Promise<boolean> => {
      after = await this.#look()
      return memoryFaults(before, after).length === 0
    }
    const within = trial?.within ?? MEMORY_WITHIN_MS
    await until('memory is back', isBack, Boolean, within).catch(() => undefined)
    return after
  }

  #enter(documentId: string, room: RoomKind = {}): Honest {
    const { url } = this.#server
    return new Honest({
      server: url,
      documentId,
      random: this.#random.fork(),
      ...room,
      acknowledged: (from, to) => this.#acks.record(from, to),
    })
  }

  async #round(work: Work & { readonly documentId: string }, room?: RoomKind): Promise<void> {
    await this.#enterBoth(work.documentId, room)
    const report = await this.#thread.do(work)
    this.#options.tally.merge(report)
    await this.#leaveBoth(work.documentId, report)
  }

  async #enterBoth(documentId: string, room?: RoomKind): Promise<void> {
    this.#people = [this.#enter(documentId, room), this.#enter(documentId, room)]
    await until('two honest people are here', () => this.#people.every((one) => one.isConnected))
    for (const one of this.#people) one.start()
  }

  async #leaveBoth(documentId: string, report: Pick<Report, 'refused' | 'known'>): Promise<void> {
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

  async #compareScreens(
    documentId: string,
    { refused, known }: Pick<Report, 'refused' | 'known'>,
  ): Promise<void> {
    const { tally } = this.#options
    const newcomer = stockClient(this.#server.url, documentId)
    try {
      await until('a newcomer has the document', () => newcomer.provider.synced)
      const screens = [...this.#people.map(({ doc }) => doc), newcomer.doc]
      for (const one of this.#people)
        await this.#must(`what was typed in ${documentId} is on all screens`, () =>
          screens.every((doc) => one.findIn(doc) === one.typed),
        )
      await this.#must(`nobody else is seen in ${documentId}`, () =>
        this.#strangers(newcomer.provider.awareness.getStates()),
      )
      for (const client of refused)
        if (newcomer.doc.store.clients.has(client))
          tally.say(`${documentId} holds something of refused client ${client}`)
      for (const { lost } of this.#people)
        if (lost.length > 0)
          tally.say(`honest connections were lost in ${documentId}, with ${lost.join(', ')}`)
      const people = this.#people
      this.#left.push(
        await leave({ documentId, people, newcomer: newcomer.doc, known }, this.#server.data, tally),
      )
    } finally {
      newcomer.close()
    }
  }

  /** What does not come true in time is a finding; the run goes on. */
  async #must(what: string, holds: () => boolean): Promise<void> {
    const { tally, trial } = this.#options
    await until(what, holds, Boolean, trial?.within ?? SCREENS_WITHIN_MS).catch((error: unknown) =>
      tally.say(error instanceof Error ? error.message : String(error)),
    )
  }

  /** @returns whether everybody who is seen is known to be here */
  #strangers(states: ReadonlyMap<number, unknown>): boolean {
    return states.size <= this.#people.length + 1
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
    const { heapBytes, bufferBytes, listeners, resources, timers } = await this.#server.selfReport()
    const { pid } = this.#server
    const openFiles = readdirSync(`/proc/${pid}/fd`).length
    const residentBytes = memoryBytes(pid).now
    return { residentBytes, heapBytes, bufferBytes, openFiles, listeners, timers, resources }
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
    for (const left of this.#left) await compareCold(this.#server.url, left, tally)
  }
}

interface Taken {
  readonly acks: Waits
  readonly watched: Watched
}

function speedOf(parts: readonly Taken[]): Speed {
  const pauses: Span[] = []
  const acks = new Waits()
  const healthz = new Waits()
  let lastingMs = 0
  for (const part of parts) {
    lastingMs += part.watched.lastingMs
    pauses.push(...part.watched.pauses)
    acks.add(part.acks)
    healthz.add(waitsOf(part.watched))
  }
  // A machine that mostly stands still says nothing of what it does otherwise.
  const taken = lengthOf(pauses) > LIMITS.pausedShare * lastingMs ? [] : pauses
  const processorP99Ms = Math.max(...parts.map(({ watched }) => watched.lateP99Ms))
  return { acks: acks.without(taken), healthz: healthz.without(taken), processorP99Ms }
}
