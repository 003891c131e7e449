/**
 * Breaks things while people type, and makes them whole again: the server's process, its disk, the networks to it.
 *
 * Whatever ends the server, what comes after is the same: everybody notices, somebody's page may crash, the server is
 * started on the same folder, and a newcomer must be shown all that was acknowledged or seen until then.
 */
import { setTimeout } from 'node:timers/promises'
import { databaseFile } from '@weft/persistence'
import { type FailingCall, failCalls, stopAtCall } from '../harness/failing-calls.ts'
import { holdStill } from '../harness/hold-still.ts'
import type { LoopbackProxy } from '../harness/loopback-proxy.ts'
import type { ServerProcess } from '../harness/server-process.ts'
import { Histogram } from '../load/histogram.ts'
import { pause } from '../load/typing.ts'
import type { Cast } from './cast.ts'
import { type Failpoints, MIDDLE_OF_CHECKPOINT, MOVED_PAGE } from './failpoints.ts'
import type { History } from './history.ts'
import type { Places } from './places.ts'
import type { Ending, Fault } from './schedule.ts'
import type { Disk } from './stage.ts'
import type { Findings } from './verdict.ts'

export interface NemesisOptions {
  readonly server: ServerProcess
  readonly networks: readonly LoopbackProxy[]
  readonly disk: Disk | undefined
  readonly failpoints: Failpoints | undefined
  readonly cast: Cast
  readonly history: History
  readonly places: Places
  readonly findings: Findings
}

/** What `weft serve` ends with when a sync failed: see its command line. */
const STORAGE_FAILED = 70
/** After a sync failed. */
const END_WITHIN_MS = 60_000

type Of<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>

export class Nemesis {
  /** How often what was done, such as `kill`. */
  readonly struck = new Map<string, number>()
  /** How often the server was caught where, such as `kill, append: before its commit`. */
  readonly caught = new Map<string, number>()
  /** How often a document's storage began to refuse what it was given. */
  refusals = 0
  /** From starting the process until a newcomer has been shown every document, in ms. */
  readonly recovery = new Histogram()
  readonly #parts: NemesisOptions

  constructor(parts: NemesisOptions) {
    this.#parts = parts
  }

  async strike(fault: Fault): Promise<void> {
    this.#parts.history.note(fault.kind, { ...fault })
    count(this.struck, fault.kind === 'network' ? `network ${fault.state.kind}` : fault.kind)
    switch (fault.kind) {
      case 'kill':
      case 'power cut':
        return this.#stroke(fault)
      case 'failed sync':
        return this.#failSync(fault)
      case 'freeze':
        return this.#freeze(fault)
      case 'disk full':
        return this.#fill(fault)
      case 'network':
        return this.#outage(fault)
    }
  }

  /** A server that found itself in the wrong may have repaired what it did before anybody could see it. */
  hearComplaints(): void {
    const { server, findings } = this.#parts
    this.refusals += server.output().match(/"state":"(?:full|unavailable)"/g)?.length ?? 0
    const errors = server.output().match(/^\{"level":[56]0,.*$/gm) ?? []
    for (const line of errors) {
      const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } }
      findings.say(`the server complained: ${msg ?? line}: ${err?.message ?? ''}`)
    }
  }

  async #stroke(fault: Of<'kill' | 'power cut'>): Promise<void> {
    const { disk, server } = this.#parts
    if (fault.at !== undefined) {
      await this.#catch(fault.at)
      count(this.caught, `${fault.kind}, ${fault.at}`)
    }
    this.hearComplaints()
    if (fault.kind === 'power cut') await disk?.cut?.(() => holdStill(server.pid))
    await server.kill()
    if (fault.kind === 'power cut') await disk?.restore?.()
    await this.#comeBack(fault)
  }

  async #catch(place: string): Promise<void> {
    const { failpoints, server } = this.#parts
    if (place === MIDDLE_OF_CHECKPOINT) {
      const page = { call: 'pwrite64', nth: MOVED_PAGE, file: databaseFile(server.data) } as const
      return stopAtCall(server.pid, page)
    }
    await failpoints?.arm(place)
    await failpoints?.reached(place)
  }

  async #failSync(fault: Of<'failed sync'>): Promise<void> {
    const { server, findings } = this.#parts
    this.hearComplaints()
    const { nth, andLater } = fault
    const failing: FailingCall = { call: 'fsync', error: 'EIO', nth, andLater }
    const undo = await failCalls(server.pid, failing)
    const never = setTimeout(END_WITHIN_MS, 'never', { ref: false })
    const code = await Promise.race([server.end(), never])
    if (code !== STORAGE_FAILED) findings.say(`a server whose sync failed ended with ${code}`)
    await undo()
    await this.#comeBack(fault)
  }

  async #comeBack({ kind, heldOff, crashes }: Ending & Pick<Fault, 'kind'>): Promise<void> {
    const { cast, history, server, places } = this.#parts
    const { writers } = cast
    await cast.noticedTheEnd()
    if (heldOff) for (const writer of writers) writer.disconnect()
    if (crashes !== undefined) await writers[crashes]?.crash()
    const promised = cast.documents.map((id) => history.promisedIn(id))
    const startedAt = performance.now()
    await server.start()
    history.note('started')
    if (!heldOff) for (const writer of writers) writer.connect()
    await places.compareCold(`${kind} ${this.struck.get(kind)}`, promised)
    this.recovery.record(performance.now() - startedAt)
    for (const writer of writers) writer.connect()
  }

  async #freeze({ lastingMs }: Of<'freeze'>): Promise<void> {
    this.#parts.server.signal('SIGSTOP')
    await pause(lastingMs)
    this.#parts.server.signal('SIGCONT')
  }

  async #fill({ lastingMs }: Of<'disk full'>): Promise<void> {
    await this.#parts.disk?.fill()
    await pause(lastingMs)
    await this.#parts.disk?.free()
  }

  async #outage({ networks, state, lastingMs }: Of<'network'>): Promise<void> {
    const struck = this.#parts.networks.filter((_, index) => networks.includes(index))
    for (const network of struck) network.become(state)
    await pause(lastingMs)
    for (const network of struck) network.heal()
    // As a browser tells its pages.
    for (const writer of this.#parts.cast.writers) writer.connect()
    this.#parts.history.note('healed')
  }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}
