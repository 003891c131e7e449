/**
 * A store that fails and hangs by seed, and otherwise keeps every promise of the one below it.
 *
 * An append that fails wrote nothing, as the contract says; whoever forgets to offer it again loses it.
 */
import { setImmediate } from 'node:timers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { StoreError } from '../error.ts'
import { GroupCommit, type Outcome } from '../group-commit.ts'
import type { DocumentStore, NewUpdate, Sequence, Snapshot, StoredDocument } from '../store.ts'
import { randomFrom } from './random.ts'
import { StoreWrapper } from './store-wrapper.ts'

export interface FaultOptions {
  readonly seed: number
  /** Share of the calls that fail with `unavailable` or `full`, 0 to 1. */
  readonly failRate: number
  /** A commit takes up to so many turns of the event loop longer. Default 0. */
  readonly maxDelayTurns?: number
}

interface Item {
  readonly documentId: string
  readonly updates: readonly NewUpdate[]
}

export class FaultyStore extends StoreWrapper {
  readonly #random: () => number
  readonly #maxDelayTurns: number
  readonly #commits: GroupCommit<Item, Sequence>
  #failRate: number
  #hanging: { ended: Promise<void>; end: () => void } | undefined

  constructor(inner: DocumentStore, { seed, failRate, maxDelayTurns = 0 }: FaultOptions) {
    super(inner)
    this.#random = randomFrom(seed)
    this.#failRate = failRate
    this.#maxDelayTurns = maxDelayTurns
    this.#commits = new GroupCommit({
      commit: (batch) => this.#commit(batch),
      keyOf: (item) => item.documentId,
      bytesOf: () => 0,
      schedule: (start) => setImmediate(start),
      maxItems: 64,
      maxBytes: 1,
    })
  }

  /** From now on nothing commits and nothing fails, until `heal`. */
  hang(): void {
    if (this.#hanging !== undefined) return
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    this.#hanging = { ended, end }
  }

  /** No more faults; what hangs goes on. */
  heal(): void {
    this.#failRate = 0
    this.#hanging?.end()
    this.#hanging = undefined
  }

  override append(documentId: string, updates: readonly NewUpdate[]): Promise<Sequence> {
    return this.#commits.submit({ documentId, updates })
  }

  override async load(documentId: string): Promise<StoredDocument> {
    this.#maybeFail()
    return super.load(documentId)
  }

  override async putSnapshot(documentId: string, snapshot: Snapshot): Promise<void> {
    this.#maybeFail()
    await super.putSnapshot(documentId, snapshot)
  }

  override async close(): Promise<void> {
    this.heal()
    await this.#commits.whenIdle()
    await super.close()
  }

  async #commit(batch: readonly Item[]): Promise<readonly Outcome<Sequence>[]> {
    await this.#hanging?.ended
    const turns = Math.floor(this.#random() * (this.#maxDelayTurns + 1))
    for (let turn = 0; turn < turns; turn += 1) await nextTurn()
    const failed = new Map<string, Error>()
    const outcomes: Outcome<Sequence>[] = []
    for (const { documentId, updates } of batch) {
      try {
        const before = failed.get(documentId)
        if (before !== undefined) throw before
        this.#maybeFail()
        outcomes.push({ kind: 'committed', result: await this.inner.append(documentId, updates) })
      } catch (cause) {
        const error = cause instanceof Error ? cause : new Error(String(cause))
        failed.set(documentId, error)
        outcomes.push({ kind: 'failed', error })
      }
    }
    return outcomes
  }

  #maybeFail(): void {
    if (this.#random() >= this.#failRate) return
    const code = this.#random() < 0.5 ? 'full' : 'unavailable'
    throw new StoreError(code, `${code}, as the test wished`)
  }
}

export function faultyStore(store: DocumentStore, options: FaultOptions): FaultyStore {
  return new FaultyStore(store, options)
}
