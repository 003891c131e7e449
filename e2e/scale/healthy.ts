/**
 * Two people who write and read as long as everything else happens, and the most that they may wait.
 *
 * They are measured first with nobody else there. What they wait for beside an attacker is held against the fuzz's limit
 * (`LIMITS.ackP99Ms`): 250 ms, or more on a machine that was slow before the attack, or on which a thread that wants next to
 * nothing waits for a processor. `healthy.test.ts` shows that a server which stands still 300 ms at a time does not keep it.
 */
import * as Y from 'yjs'
import { allowedMs, LIMITS } from '../fuzz/limits.ts'
import { nowMs, Waits } from '../fuzz/waits.ts'
import { Watcher } from '../fuzz/watcher.ts'
import { until } from '../harness/wait.ts'
import type { Histogram } from '../load/histogram.ts'
import { Visitor } from './visitor.ts'

/** Less often than a room that is busy, which gathers what comes before it commits: that would be the most of every wait. */
const BEAT_MS = 80
/** So many are typed and read with nobody else there. */
const IDLE_BEATS = 40
/** And so many after whatever they are measured beside: a word that was on its way still counts. */
const LAST_BEATS = 5

/** From a key to its reader. */
export interface Wait {
  readonly latencies: Histogram
  readonly p99Ms: number
  readonly allowedMs: number
}

export class Healthy {
  readonly #writer: Visitor
  readonly #reader: Visitor
  readonly #watcher: Watcher
  #waits = new Waits()
  /** Half of the time: what holds one or two of so few up is no slow machine. */
  #idleMs = Number.NaN
  #beats = 0
  #beatAt: number | undefined
  #timer: NodeJS.Timeout | undefined

  /** Resolves when they write, and it is known how fast that is with nobody else there. @param server `http://host:port` */
  static async enter(server: string): Promise<Healthy> {
    const healthy = new Healthy(server)
    await until('the healthy are here', () => healthy.#writer.synced && healthy.#reader.synced)
    healthy.#beat()
    const { latencies } = await healthy.measured(() => healthy.beats(IDLE_BEATS))
    healthy.#idleMs = latencies.quantile(0.5)
    return healthy
  }

  private constructor(server: string) {
    const room = { server, documentId: 'healthy' }
    this.#watcher = new Watcher(server)
    this.#writer = new Visitor({ ...room, doc: new Y.Doc() })
    this.#reader = new Visitor({ ...room, doc: new Y.Doc(), heard: (update) => this.#heard(update) })
  }

  /** Resolves when so many more words were typed, stored and read. */
  async beats(count: number): Promise<void> {
    const from = this.#beats
    await until('the healthy go on', () => this.#beats >= from + count && this.#writer.saved)
    const cut = this.#writer.closed ?? this.#reader.closed
    if (cut !== undefined) throw new Error(`somebody healthy was shut out with ${cut.code}`)
  }

  /** What they wait for while `run` goes on. */
  async measured(run: () => Promise<unknown>): Promise<Wait> {
    await this.#watcher.take()
    this.#waits = new Waits()
    await run()
    await this.beats(LAST_BEATS)
    const { pauses, lateP99Ms } = await this.#watcher.take()
    const latencies = this.#waits.without(pauses)
    const allowed = allowedMs(LIMITS.ackP99Ms, this.#idleMs, lateP99Ms)
    return { latencies, p99Ms: latencies.quantile(0.99), allowedMs: allowed }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#beatAt = undefined
    this.#writer.drop()
    this.#reader.drop()
    await this.#watcher.close()
  }

  #beat(): void {
    this.#beats++
    this.#beatAt = nowMs()
    this.#writer.edit((doc) => doc.getText('t').insert(0, `beat ${this.#beats};`))
  }

  #heard(update: Uint8Array): void {
    if (this.#beatAt === undefined || !Buffer.from(update).includes(`beat ${this.#beats};`)) return
    this.#waits.record(this.#beatAt, nowMs())
    this.#beatAt = undefined
    this.#timer = setTimeout(() => this.#beat(), BEAT_MS)
  }
}
