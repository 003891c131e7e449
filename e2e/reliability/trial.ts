/**
 * One trial of the checker: people type while a server is broken again and again; then everything heals, and every
 * place that holds a document is compared with what happened.
 *
 * The places are everybody's screen, somebody who opens the document cold (also after every kill, before or while those
 * who hold words come back), what a server would load from the disk, and a replay of the raw log.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LoopbackProxy } from '../harness/loopback-proxy.ts'
import { randomFrom } from '../harness/random.ts'
import {
  type ServerProcess,
  type ServerProcessOptions,
  startServerProcess,
} from '../harness/server-process.ts'
import type { SmallDisk } from '../harness/small-disk.ts'
import { until } from '../harness/wait.ts'
import { Histogram } from '../load/histogram.ts'
import { pause } from '../load/typing.ts'
import { Cast } from './cast.ts'
import { History, type HistoryCounts } from './history.ts'
import { readRawLog } from './raw-log.ts'
import { type Fault, NETWORKS, scheduleFaults, type TrialSize } from './schedule.ts'
import { Findings, judge } from './verdict.ts'
import { openCold } from './witness.ts'
import { wordsIn } from './words.ts'

export interface TrialOptions extends TrialSize {
  readonly seed: number
  readonly documents: number
  /** Where the server keeps its data; the system's own temporary folder when left out. */
  readonly disk?: SmallDisk
  /** Beyond what every trial needs. */
  readonly server?: Pick<ServerProcessOptions, 'flags' | 'planted'>
}

export interface TrialResult {
  readonly seed: number
  /** How often what was done, such as `kill -9`. */
  readonly faults: ReadonlyMap<string, number>
  /** How often a document's storage began to refuse what it was given. */
  readonly refusals: number
  readonly counts: HistoryCounts
  readonly findings: Findings
  /** From starting the process until a newcomer has been shown every document, in ms. */
  readonly recovery: Histogram
  readonly durable: Histogram
  readonly historyFile: string
}

export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const server = await startServerProcess({
    ...(options.disk === undefined ? {} : { data: options.disk.folder }),
    ...options.server,
    flags: ['--rate-limit', 'off', ...(options.server?.flags ?? [])],
  })
  const ways = Array.from({ length: NETWORKS }, () => LoopbackProxy.open(server.port))
  const networks = await Promise.all(ways)
  const trial = new Trial(options, server, networks)
  try {
    await trial.run()
  } finally {
    await trial.close()
    for (const network of networks) await network.close()
    await server.dispose()
  }
  return trial.result()
}

class Trial {
  readonly #options: TrialOptions
  readonly #server: ServerProcess
  readonly #networks: readonly LoopbackProxy[]
  readonly #history: History
  readonly #cast: Cast
  readonly #faults: readonly Fault[]
  readonly #findings = new Findings()
  readonly #recovery = new Histogram()
  #refusals = 0
  readonly #struck = new Map<string, number>()
  #hasTyped = false

  constructor(options: TrialOptions, server: ServerProcess, networks: readonly LoopbackProxy[]) {
    const { seed, documents, writers } = options
    const random = randomFrom(seed)
    this.#options = options
    this.#server = server
    this.#networks = networks
    this.#history = new History(join(tmpdir(), `weft-reliability-${process.pid}`, `${seed}.jsonl`))
    this.#faults = scheduleFaults(options, random.fork())
    this.#cast = new Cast({
      servers: networks.map(({ url }) => url),
      documents,
      writers,
      history: this.#history,
      random: random.fork(),
    })
  }

  /** What goes wrong on the way is a finding too: a server that does not come back keeps no promise. */
  async run(): Promise<void> {
    const typing = this.#type()
    try {
      for (const fault of this.#faults) {
        await this.#strike(fault)
        // What came after would only hide what went before.
        if (!this.#findings.isClean) return
      }
      await typing
      await this.#compareScreens()
      await this.#compareDisk()
    } catch (error) {
      this.#findings.say(error instanceof Error ? error.message : String(error))
    } finally {
      this.#cast.stop()
      await typing
    }
  }

  async #type(): Promise<void> {
    await this.#cast.type(this.#options.edits)
    this.#hasTyped = true
  }

  async #strike(fault: Fault): Promise<void> {
    const isDue = (): boolean => this.#hasTyped || this.#cast.settled >= fault.afterSettled
    await until(`${fault.afterSettled} words are settled`, isDue, Boolean, 60_000)
    await pause(fault.delayMs)
    this.#history.note(fault.kind, { ...fault })
    this.#count(fault.kind === 'network' ? `network ${fault.state.kind}` : fault.kind)
    switch (fault.kind) {
      case 'kill':
        return this.#kill(fault)
      case 'freeze':
        this.#server.signal('SIGSTOP')
        await pause(fault.lastingMs)
        this.#server.signal('SIGCONT')
        return
      case 'disk full':
        await this.#options.disk?.fill()
        await pause(fault.lastingMs)
        await this.#options.disk?.free()
        return
      case 'network': {
        const struck = this.#networks.filter((_, index) => fault.networks.includes(index))
        for (const network of struck) network.become(fault.state)
        await pause(fault.lastingMs)
        for (const network of struck) network.heal()
        // As a browser tells its pages.
        for (const writer of this.#cast.writers) writer.connect()
        this.#history.note('healed')
      }
    }
  }

  #count(what: string): void {
    this.#struck.set(what, (this.#struck.get(what) ?? 0) + 1)
  }

  async #kill({ heldOff, crashes }: Fault & { kind: 'kill' }): Promise<void> {
    const { writers } = this.#cast
    await this.#server.kill()
    this.#hearComplaints()
    await this.#cast.noticedTheEnd()
    if (heldOff) for (const writer of writers) writer.disconnect()
    if (crashes !== undefined) await writers[crashes]?.crash()
    const promised = this.#cast.documents.map((id) => this.#history.promisedIn(id))
    const startedAt = performance.now()
    await this.#server.start()
    this.#history.note('started')
    if (!heldOff) for (const writer of writers) writer.connect()
    const cold = await Promise.all(this.#cast.documents.map((id) => openCold(this.#server.url, id)))
    this.#recovery.record(performance.now() - startedAt)
    for (const [index, text] of cold.entries()) this.#compareCold(index, text, promised[index] ?? [])
    for (const writer of writers) writer.connect()
  }

  /** More may be there by now; what was promised must be. */
  #compareCold(index: number, text: string, promised: readonly string[]): void {
    const documentId = this.#cast.documents[index] ?? ''
    const was = new Set(promised)
    const fates = this.#history.fatesOf(documentId)
    const { lost, ...rest } = judge(fates, wordsIn(text))
    const gone = new Set([...lost].filter((word) => was.has(word)))
    this.#findings.add(`in ${documentId}, opened cold after kill ${this.#struck.get('kill')}`, {
      ...rest,
      lost: gone,
    })
  }

  async #compareScreens(): Promise<void> {
    const { documents } = this.#cast
    await this.#cast.saved()
    for (const documentId of documents) {
      const cold = await openCold(this.#server.url, documentId)
      // Words that only somebody's screen had may still be on their way.
      const differing = () =>
        this.#cast.screensOf(documentId).flatMap(({ who, text }) => (text === cold ? [] : [who]))
      const isNone = (who: readonly string[]) => who.length === 0
      await until(`all screens of ${documentId} are the same`, differing, isNone, 30_000).catch(() =>
        this.#findings.say(`${differing().join(', ')} and a newcomer see different texts of ${documentId}`),
      )
      const fates = this.#history.fatesOf(documentId)
      for (const { who, text } of [...this.#cast.screensOf(documentId), { who: 'a newcomer', text: cold }])
        this.#findings.add(`on the screen of ${who}, ${documentId}`, judge(fates, wordsIn(text)))
    }
  }

  /** Nothing is said to the server before: what it has not written by now was never promised. */
  async #compareDisk(): Promise<void> {
    const screens = this.#cast.documents.map((id) => this.#cast.screensOf(id)[0]?.text)
    await this.#server.kill()
    this.#hearComplaints()
    for (const [index, documentId] of this.#cast.documents.entries()) {
      const { replayed, loaded, words, damage } = await readRawLog(this.#server.data, documentId)
      for (const line of damage) this.#findings.say(line)
      const fates = this.#history.fatesOf(documentId)
      this.#findings.add(`in the records of ${documentId}`, judge(fates, words))
      this.#findings.add(`in a replay of ${documentId}`, judge(fates, wordsIn(replayed)))
      if (replayed !== screens[index]) this.#findings.say(`a replay of ${documentId} is not what people see`)
      if (loaded !== replayed)
        this.#findings.say(`${documentId} would be loaded as something else than its log`)
    }
  }

  /** A server that found itself in the wrong may have repaired what it did before anybody could see it. */
  #hearComplaints(): void {
    this.#refusals += this.#server.output().match(/"state":"(?:full|unavailable)"/g)?.length ?? 0
    const errors = this.#server.output().match(/^\{"level":[56]0,.*$/gm) ?? []
    for (const line of errors) {
      const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } }
      this.#findings.say(`the server complained: ${msg ?? line}: ${err?.message ?? ''}`)
    }
  }

  async close(): Promise<void> {
    await this.#cast.close()
    this.#history.flush()
  }

  result(): TrialResult {
    return {
      seed: this.#options.seed,
      faults: this.#struck,
      refusals: this.#refusals,
      counts: this.#history.counts,
      findings: this.#findings,
      recovery: this.#recovery,
      durable: this.#history.durable,
      historyFile: this.#history.file,
    }
  }
}
