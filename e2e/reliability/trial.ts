/**
 * One trial of the checker: people type while a server is broken again and again; then everything heals, and every
 * place that holds a document is compared with what happened.
 */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LoopbackProxy } from '../harness/loopback-proxy.ts'
import { randomFrom } from '../harness/random.ts'
import { until } from '../harness/wait.ts'
import type { Histogram } from '../load/histogram.ts'
import { pause } from '../load/typing.ts'
import type { Edit } from '../mutation/plant.ts'
import { Cast } from './cast.ts'
import { History, type HistoryCounts } from './history.ts'
import { Nemesis } from './nemesis.ts'
import { Places } from './places.ts'
import type { Plan } from './plan.ts'
import { type Fault, NETWORKS } from './schedule.ts'
import { openStage, type Stage } from './stage.ts'
import { Findings } from './verdict.ts'

export interface TrialResult {
  readonly plan: Plan
  /** See `Nemesis`. */
  readonly struck: ReadonlyMap<string, number>
  readonly caught: ReadonlyMap<string, number>
  readonly refusals: number
  readonly recovery: Histogram
  readonly counts: HistoryCounts
  readonly durable: Histogram
  readonly findings: Findings
  /** The plan, the history, and after a finding the data folder: what is left to look at. */
  readonly folder: string
}

const LEFT = fileURLToPath(new URL('../../.cache/reliability', import.meta.url))

export interface TrialOptions {
  /** Faults, and what gives them the occasion. */
  readonly planted?: readonly Edit[]
  /** Folder; one of its own when left out. */
  readonly leftIn?: string
}

export async function runTrial(
  plan: Plan,
  { planted = [], leftIn }: TrialOptions = {},
): Promise<TrialResult> {
  const folder = leftIn ?? join(LEFT, `${plan.stage.replace(' ', '-')}-${plan.seed}-${process.pid}`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'plan.json'), JSON.stringify(plan, undefined, 1))
  const stage = await openStage(plan.stage, planted)
  const ways = Array.from({ length: NETWORKS }, () => LoopbackProxy.open(stage.server.port))
  const networks = await Promise.all(ways)
  const trial = new Trial({ plan, stage, networks, folder })
  try {
    return await trial.run()
  } finally {
    for (const network of networks) await network.close()
    await stage.close()
  }
}

interface TrialParts {
  readonly plan: Plan
  readonly stage: Stage
  readonly networks: readonly LoopbackProxy[]
  readonly folder: string
}

class Trial {
  readonly #parts: TrialParts
  readonly #history: History
  readonly #cast: Cast
  readonly #places: Places
  readonly #nemesis: Nemesis
  readonly #findings = new Findings()

  constructor(parts: TrialParts) {
    const { plan, networks, stage, folder } = parts
    this.#parts = parts
    this.#history = new History(join(folder, 'history.jsonl'))
    this.#cast = new Cast({
      servers: networks.map(({ url }) => url),
      documents: plan.documents,
      writers: plan.writers,
      history: this.#history,
      random: randomFrom(plan.seed),
    })
    const common = {
      server: stage.server,
      cast: this.#cast,
      history: this.#history,
      findings: this.#findings,
    }
    this.#places = new Places(common)
    this.#nemesis = new Nemesis({ ...stage, ...common, networks, places: this.#places })
  }

  /** What goes wrong on the way is a finding too: a server that does not come back keeps no promise. */
  async run(): Promise<TrialResult> {
    const { plan, stage, folder } = this.#parts
    let isStruck = false
    const typing = this.#cast.type(plan.edits, () => isStruck)
    try {
      await this.#strikeAll(plan.faults)
      isStruck = true
      await typing
      // What came after a finding would only hide what went before.
      if (this.#findings.isClean) await this.#compareAll()
    } catch (error) {
      this.#findings.say(error instanceof Error ? error.message : String(error))
    } finally {
      this.#cast.stop()
      await typing
      await stage.server.kill()
      if (!this.#findings.isClean) await cp(stage.server.data, join(folder, 'data'), { recursive: true })
      await this.#cast.close()
      this.#history.flush()
    }
    const { struck, caught, refusals, recovery } = this.#nemesis
    const { counts, durable } = this.#history
    return { plan, struck, caught, refusals, recovery, counts, durable, findings: this.#findings, folder }
  }

  async #strikeAll(faults: readonly Fault[]): Promise<void> {
    for (const fault of faults) {
      const isDue = (): boolean => this.#cast.settled >= fault.afterSettled
      await until(`${fault.afterSettled} words are settled`, isDue, Boolean, 60_000)
      await pause(fault.delayMs)
      await this.#nemesis.strike(fault)
      if (!this.#findings.isClean) return
    }
  }

  async #compareAll(): Promise<void> {
    await this.#places.compareScreens()
    // Nothing is said to the server before: what it has not written by now was never promised.
    await this.#parts.stage.server.kill()
    this.#nemesis.hearComplaints()
    await this.#places.compareDisk()
  }
}
