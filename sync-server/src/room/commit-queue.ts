/**
 * From accepted to on disk: hands a room's updates to the store in the order in which they were accepted.
 *
 * One append is under way at a time; what arrives meanwhile is put together (`batch.ts`) and shares the next one, and
 * what arrives in one turn of the event loop shares the first. A storage that refuses is tried again with the same batch until it takes it:
 * nothing is dropped, nothing is told to anybody, and what is accepted meanwhile waits behind it, up to a bound.
 */
import { setImmediate } from 'node:timers/promises'
import { type DocumentStore, StoreError } from '@weft/persistence'
import type { StorageState } from '@weft/protocol'
import type { Ticket } from './ack-count.ts'
import { Batch, type BatchRecord } from './batch.ts'
import type { Clock } from './clock.ts'
import type { StoredSection } from './contradiction.ts'
import type { Intake } from './intake.ts'
import type { LogEntry } from './log.ts'
import type { RoomLimits } from './room-limits.ts'
import type { RoomCounters } from './room-stats.ts'
import type { UpdateLayout } from './update-layout.ts'

export interface CommitQueueOptions {
  readonly store: DocumentStore
  readonly documentId: string
  readonly clock: Clock
  readonly limits: RoomLimits
  readonly counters: RoomCounters
  /** Of all documents. */
  readonly intake: Intake
  /** These are on disk, in this order. Must not throw. */
  readonly committed: (entries: readonly LogEntry[]) => void
  /** The storage has begun to refuse, or to take again. Must not throw. */
  readonly stateChanged: (state: StorageState, message: string) => void
  /** The queue was full, and half of it is free again. Must not throw. */
  readonly drained: () => void
  /** The storage will never take these; whoever sent them still has them. */
  readonly lost: (error: unknown) => void
}

/** One append's worth, so that a long wait does not become one endless transaction. */
const MAX_APPEND_RECORDS = 1_000
const MAX_APPEND_BYTES = 8 * 1_048_576

export class CommitQueue {
  readonly #options: CommitQueueOptions
  /** Of the last commits, oldest first. */
  readonly #commitTimes: number[] = []
  /** The last one still grows. */
  #waiting: Batch[] = []
  /** Taken by the commit that runs, or ran last. */
  #underWay: readonly Batch[] = []
  #waitingBytes = 0
  #waitingUpdates = 0
  /** Those of them that no commit has taken. */
  #gathered = 0
  #isGathering = false
  #accepted: Ticket = 0
  #committed: Ticket = 0
  #running = false
  #closed = false
  #wasFull = false
  #state: StorageState = 'ok'
  #message = ''
  /** Version of the schema that what was accepted is written with, and what of it the catalogue knows. */
  #schema = 0
  #storedSchema = 0
  #wake: (() => void) | undefined
  #idle: (() => void)[] = []

  constructor(options: CommitQueueOptions) {
    this.#options = options
  }

  /** Of the record that holds the update accepted last. */
  get accepted(): Ticket {
    return this.#accepted
  }

  /** Of the record committed last. */
  get committed(): Ticket {
    return this.#committed
  }

  get bytes(): number {
    return this.#waitingBytes
  }

  /** Updates accepted and not yet on disk. */
  get updates(): number {
    return this.#waitingUpdates
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

  /**
   * @param update its bytes are copied, and put together with what its principal wrote just before.
   * @returns the ticket of the record it will be in.
   */
  push(update: UpdateLayout, { principal, author }: { principal: string; author: number }): Ticket {
    const last = this.#waiting.at(-1)
    if (last?.mayTake(principal, update) && last.bytes < MAX_APPEND_BYTES) last.add(update, author)
    else {
      this.#waiting.push(new Batch(principal, update, { author, since: this.#options.clock.now() }))
      this.#accepted++
    }
    this.#add(update.bytes.length)
    this.#waitingUpdates++
    this.#gathered++
    if (this.#isGathering && this.#hasEnough) this.#wake?.()
    if (!this.#running && !this.#closed) {
      this.#running = true
      void this.#run().catch((error: unknown) => this.#fail(error))
    }
    return this.#accepted
  }

  /** What waits for the store or is on its way there, newest first. */
  *sections(): Generator<StoredSection, undefined> {
    for (const batch of [...this.#underWay, ...this.#waiting].reverse()) yield* batch.sections()
  }

  /** Nothing that is pushed from now on is committed before the catalogue says so. */
  raiseSchema(version: number): void {
    this.#schema = Math.max(this.#schema, version)
  }

  /** Resolves once nothing waits for the store, or the queue was closed. */
  whenIdle(): Promise<void> {
    if (!this.#running) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  /** A defect: the room is told that nothing more comes from here. */
  #fail(error: unknown): void {
    this.#closed = true
    this.#running = false
    for (const resolve of this.#idle.splice(0)) resolve()
    this.#options.lost(error)
  }

  #add(bytes: number): void {
    this.#waitingBytes += bytes
    this.#options.intake.add(bytes)
  }

  /** What `close` has already let go is not taken away again. */
  #remove(bytes: number): void {
    const counted = Math.min(bytes, this.#waitingBytes)
    this.#waitingBytes -= counted
    this.#options.intake.remove(counted)
  }

  /** Nothing more is handed to the store; safe to call twice. */
  close(): void {
    this.#closed = true
    this.#remove(this.#waitingBytes)
    this.#wake?.()
  }

  async #run(): Promise<void> {
    // The frames of one turn of the event loop come from many sockets, and share an append.
    await setImmediate()
    while (this.#waiting.length > 0 && !this.#closed) {
      await this.#gather()
      if (!this.#closed) await this.#commit(this.#nextBatches())
      this.#underWay = []
      this.#tellRoom()
    }
    this.#running = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Not only once it is empty: in a room in which somebody always types, it never is. */
  #tellRoom(): void {
    if (!this.#wasFull || this.#closed || this.#waitingBytes > this.#options.limits.maxQueuedBytes / 2) return
    this.#wasFull = false
    this.#options.drained()
  }

  /**
   * A room that commits faster than anybody can see gathers for a moment what comes behind the first that waits, and
   * then commits and relays all of it at once: fewer syncs, fewer frames. A quiet room never waits, nor does one in
   * which enough has come already.
   */
  async #gather(): Promise<void> {
    const { clock, limits } = this.#options
    const now = clock.now()
    const times = this.#commitTimes
    const [first = Number.NEGATIVE_INFINITY] = times
    const isBusy = times.length >= limits.busyCommits && now - first < limits.busyWithinMs
    const wait = (this.#waiting[0]?.since ?? now) + limits.gatherMs - now
    if (isBusy && wait > 0 && !this.#hasEnough) {
      this.#isGathering = true
      await this.#pause(wait)
      this.#isGathering = false
    }
    times.push(clock.now())
    if (times.length > limits.busyCommits) times.shift()
  }

  get #hasEnough(): boolean {
    return this.#gathered >= this.#options.limits.gatherUpdates
  }

  #nextBatches(): readonly Batch[] {
    let count = 0
    let bytes = 0
    for (const batch of this.#waiting) {
      if (count === MAX_APPEND_RECORDS || (count > 0 && bytes + batch.bytes > MAX_APPEND_BYTES)) break
      count++
      this.#gathered -= batch.updates
      bytes += batch.bytes
    }
    this.#underWay = this.#waiting.splice(0, count)
    return this.#underWay
  }

  async #commit(batches: readonly Batch[]): Promise<void> {
    const { counters, clock } = this.#options
    const records = this.#finish(batches)
    if (records === undefined) return
    const startedAt = clock.now()
    const last = await this.#append(
      records.map(({ update, principal }) => ({ bytes: update.bytes, principal })),
    )
    if (last === undefined) return
    counters.durations.commit.observe((clock.now() - startedAt) / 1_000)
    for (const batch of batches) {
      counters.updatesCommitted += batch.updates
      this.#waitingUpdates -= batch.updates
      this.#remove(batch.bytes)
    }
    this.#committed += batches.length
    for (const { update } of records) counters.bytesCommitted += update.bytes.length
    const first = last - records.length + 1
    this.#options.committed(
      records.map(({ update, author }, index) => ({ seq: first + index, update, author })),
    )
    const since = batches[0]?.since
    if (since !== undefined) counters.durations.relay.observe((clock.now() - since) / 1_000)
  }

  #finish(batches: readonly Batch[]): BatchRecord[] | undefined {
    try {
      return batches.map((batch) => batch.finish())
    } catch (error) {
      this.#closed = true
      this.#options.lost(error)
      return undefined
    }
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
        await this.#storeSchema(store, documentId)
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

  async #storeSchema(store: DocumentStore, documentId: string): Promise<void> {
    const version = this.#schema
    if (version <= this.#storedSchema) return
    try {
      await store.raiseSchema(documentId, version)
    } catch (error) {
      // A damaged entry of the catalogue is for `weft verify`; it keeps nobody from writing.
      if (!(error instanceof StoreError && error.code === 'corrupt')) throw error
    }
    this.#storedSchema = version
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
