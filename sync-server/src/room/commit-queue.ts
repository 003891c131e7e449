/**
 * From accepted to on disk: hands a room's updates to the store in the order in which they were accepted.
 *
 * One append is under way at a time; what arrives meanwhile shares the next one, and what arrives in one turn of the
 * event loop shares the first. A storage that refuses is tried again with the same batch until it takes it:
 * nothing is dropped, nothing is told to anybody, and what is accepted meanwhile waits behind it, up to a bound.
 */
import { setImmediate } from 'node:timers/promises'
import { type DocumentStore, StoreError } from '@weft/persistence'
import type { StorageState } from '@weft/protocol'
import { TokenBucket } from '../socket/rate-limit.ts'
import type { Ticket } from './ack-count.ts'
import type { Clock } from './clock.ts'
import { concatenate } from './compose.ts'
import type { LogEntry } from './log.ts'
import type { RoomLimits } from './room-limits.ts'
import type { RoomCounters } from './room-stats.ts'
import { readOwnLayout, type UpdateLayout, withoutReferences } from './update-layout.ts'

export interface Accepted {
  readonly update: UpdateLayout
  readonly principal: string
  /** `Member.id`. */
  readonly author: number
}

export interface CommitQueueOptions {
  readonly store: DocumentStore
  readonly documentId: string
  readonly clock: Clock
  readonly limits: RoomLimits
  readonly counters: RoomCounters
  /** One batch is on disk, merged if it can be. Must not throw. */
  readonly committed: (entry: LogEntry) => void
  /** The storage has begun to refuse, or to take again. Must not throw. */
  readonly stateChanged: (state: StorageState, message: string) => void
  /** Everything accepted is committed after a time in which the queue was full. */
  readonly drained: () => void
  /** The storage will never take these; whoever sent them still has them. */
  readonly lost: (error: unknown) => void
}

/** One update for all that was committed together; undefined when they cannot be merged. */
function mergeBatch(batch: readonly Accepted[]): UpdateLayout | undefined {
  try {
    return withoutReferences(readOwnLayout(concatenate(batch.map(({ update }) => update))))
  } catch {
    return undefined
  }
}

/** What stays in memory of a batch that is on disk, whatever is in it: merged, or else as it was stored. */
function entriesOf(batch: readonly Accepted[], last: number): LogEntry[] {
  const merged = batch.length > 1 ? mergeBatch(batch) : undefined
  if (merged !== undefined)
    return [{ seq: last, records: batch.length, update: merged, author: soleAuthor(batch) }]
  return batch.map(({ update, author }, index) => ({
    seq: last - batch.length + 1 + index,
    records: 1,
    update: withoutReferences(update),
    author,
  }))
}

function soleAuthor(batch: readonly Accepted[]): number {
  const author = batch[0]?.author ?? 0
  return batch.every((accepted) => accepted.author === author) ? author : 0
}

/** One append's worth, so that a long wait does not become one endless transaction. */
const MAX_BATCH_UPDATES = 1_000
const MAX_BATCH_BYTES = 8 * 1_048_576

export class CommitQueue {
  readonly #options: CommitQueueOptions
  readonly #pace: TokenBucket
  #waiting: Accepted[] = []
  #waitingBytes = 0
  #accepted: Ticket = 0
  #committed: Ticket = 0
  #running = false
  #closed = false
  #wasFull = false
  #state: StorageState = 'ok'
  #message = ''
  #wake: (() => void) | undefined
  #idle: (() => void)[] = []

  constructor(options: CommitQueueOptions) {
    const { limits, clock } = options
    this.#options = options
    const rate = { perSecond: limits.commitsPerSecond, capacity: limits.commitBurst }
    this.#pace = new TokenBucket(rate, clock.now())
  }

  /** Of the update accepted last. */
  get accepted(): Ticket {
    return this.#accepted
  }

  /** Of the update committed last. */
  get committed(): Ticket {
    return this.#committed
  }

  get bytes(): number {
    return this.#waitingBytes
  }

  get storage(): { readonly state: StorageState; readonly message: string } {
    return { state: this.#state, message: this.#message }
  }

  /** Whether nothing more may be accepted now; `drained` tells when it may again. */
  get isFull(): boolean {
    const full = this.#waitingBytes > this.#options.limits.maxQueuedBytes
    this.#wasFull ||= full
    return full
  }

  push(accepted: Accepted): Ticket {
    this.#waiting.push(accepted)
    this.#waitingBytes += accepted.update.bytes.length
    this.#accepted++
    if (!this.#running && !this.#closed) {
      this.#running = true
      void this.#run()
    }
    return this.#accepted
  }

  /** Resolves once nothing waits for the store, or the queue was closed. */
  whenIdle(): Promise<void> {
    if (!this.#running) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  /** Nothing more is handed to the store. */
  close(): void {
    this.#closed = true
    this.#wake?.()
  }

  async #run(): Promise<void> {
    // The frames of one turn of the event loop come from many sockets, and share an append.
    await setImmediate()
    while (this.#waiting.length > 0 && !this.#closed) {
      await this.#keepPace()
      if (!this.#closed) await this.#commit(this.#nextBatch())
    }
    this.#running = false
    for (const resolve of this.#idle.splice(0)) resolve()
    if (this.#wasFull && !this.#closed) {
      this.#wasFull = false
      this.#options.drained()
    }
  }

  /**
   * A room that commits faster than anybody can see waits for a sixtieth of a second, and then commits and relays
   * all that came: fewer syncs, fewer frames. A quiet room never waits.
   */
  async #keepPace(): Promise<void> {
    const { clock } = this.#options
    const wait = this.#pace.tryTake(clock.now())
    if (wait === 0) return
    await this.#pause(wait)
    this.#pace.take(1, clock.now())
  }

  #nextBatch(): Accepted[] {
    let count = 0
    let bytes = 0
    for (const { update } of this.#waiting) {
      if (count === MAX_BATCH_UPDATES || (count > 0 && bytes + update.bytes.length > MAX_BATCH_BYTES)) break
      count++
      bytes += update.bytes.length
    }
    return this.#waiting.splice(0, count)
  }

  async #commit(batch: readonly Accepted[]): Promise<void> {
    const { counters, clock } = this.#options
    const updates = batch.map(({ update, principal }) => ({ bytes: update.bytes, principal }))
    const startedAt = clock.now()
    const last = await this.#append(updates)
    if (last === undefined) return
    counters.commits++
    counters.commitSeconds += (clock.now() - startedAt) / 1_000
    counters.updatesCommitted += batch.length
    for (const { bytes } of updates) {
      counters.bytesCommitted += bytes.length
      this.#waitingBytes -= bytes.length
    }
    this.#committed += batch.length
    for (const entry of entriesOf(batch, last)) this.#options.committed(entry)
  }

  /** @returns undefined when the queue was closed before the store took them, or the store never will. */
  async #append(updates: readonly { bytes: Uint8Array; principal: string }[]): Promise<number | undefined> {
    const { store, documentId, limits } = this.#options
    let last: number | undefined
    for (
      let pause = limits.minRetryMs;
      last === undefined && !this.#closed;
      pause = Math.min(pause * 2, limits.maxRetryMs)
    ) {
      try {
        last = await store.append(documentId, updates)
      } catch (error) {
        if (!(error instanceof StoreError) || (error.code !== 'full' && error.code !== 'unavailable')) {
          this.#closed = true
          this.#options.lost(error)
          return undefined
        }
        this.#become(error.code, error.message)
        await this.#pause(pause)
      }
    }
    if (last !== undefined) this.#become('ok', '')
    return last
  }

  #become(state: StorageState, message: string): void {
    if (state === this.#state) return
    this.#state = state
    this.#message = message
    this.#options.stateChanged(state, message)
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }
}
