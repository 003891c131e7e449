/**
 * When a document's tail is folded into a new snapshot, and what happens when that fails.
 *
 * The work is done in a worker, one document at a time, from what the store has (so its checksums are checked) and
 * not from memory. A document that cannot be compacted is fenced: it still takes edits, and it is listed.
 */
import { type DocumentStore, type Snapshot, StoreError } from '@weft/persistence'
import type { Quarantine } from '../crashes/quarantine.ts'
import type { Logger } from '../observe/logger.ts'
import type { Clock } from './clock.ts'
import type { Compacted, CompactorRequest } from './compactor-worker.ts'
import { knowledgeOf } from './held-snapshot.ts'
import type { Room } from './room.ts'
import type { RoomCounters } from './room-stats.ts'
import { WorkerCalls } from './worker-calls.ts'

export interface CompactorOptions {
  readonly store: DocumentStore
  readonly logger: Logger
  readonly counters: RoomCounters
  readonly clock: Clock
  readonly quarantine: Quarantine
  /** Of the thread that builds a whole document, bytes; a document that takes more is fenced. */
  readonly maxWorkerBytes: number
}

/**
 * A compaction costs as much as the document is large, and a live room gains little from it: its tail is merged in
 * memory anyway. So a room that never rests takes a hundredth of a core, and one that people come to and leave a
 * twentieth.
 */
const REST = {
  live: { factor: 100, minMs: 60_000 },
  idle: { factor: 20, minMs: 0 },
  manyRecords: { factor: 4, minMs: 0 },
}
/** A tail of more records rests less: each costs some 5 µs when the document is opened cold, whatever its size. */
const MANY_TAIL_RECORDS = 8_000
/** A tail beyond this waits for nothing: it is what every newcomer is sent. */
const URGENT_TAIL_BYTES = 8 * 1_048_576

/** A document that a worker is not done with by then is taken for one that never ends: a hundred times what the largest takes. */
const MAX_WORK_MS = 300_000

const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './compactor-worker.ts' : './compactor-worker.js',
  import.meta.url,
)

export class Compactor {
  readonly #options: CompactorOptions
  readonly #compactions: WorkerCalls<CompactorRequest, Compacted>
  /** On a thread of their own: somebody waits for these. */
  readonly #differences: WorkerCalls<CompactorRequest, Compacted>
  readonly #wanted = new Set<Room>()
  readonly #fenced = new Set<string>()
  readonly #last = new WeakMap<Room, { readonly endedAt: number; readonly tookMs: number }>()
  #current: Room | undefined
  #running: Promise<void> | undefined
  #closed = false

  constructor(options: CompactorOptions) {
    this.#options = options
    const { clock, maxWorkerBytes } = options
    const worker = { url: workerUrl, clock, maxHeapBytes: maxWorkerBytes, answersWithinMs: MAX_WORK_MS }
    this.#compactions = new WorkerCalls(worker)
    this.#differences = new WorkerCalls(worker)
  }

  /** Documents that are not compacted any more, until the process is started again. */
  get fenced(): readonly string[] {
    return [...this.#fenced]
  }

  request(room: Room): void {
    if (this.#closed || this.#fenced.has(room.documentId) || room === this.#current) return
    if (this.#rests(room)) return
    this.#wanted.add(room)
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  #rests(room: Room): boolean {
    const last = this.#last.get(room) ?? { endedAt: room.openedAt, tookMs: 0 }
    const { tailBytes, tailRecords, snapshotBytes } = room.log.sizes
    const quiet = room.idleSince === undefined ? REST.live : REST.idle
    const { factor, minMs } = tailRecords > MANY_TAIL_RECORDS ? REST.manyRecords : quiet
    if (this.#options.clock.now() >= last.endedAt + Math.max(minMs, factor * last.tookMs)) return false
    return tailBytes < Math.max(URGENT_TAIL_BYTES, 2 * snapshotBytes)
  }

  isBusyWith(room: Room): boolean {
    return room === this.#current || this.#wanted.has(room)
  }

  readonly differ = async (update: Uint8Array, vector: Uint8Array): Promise<Uint8Array> =>
    (await this.#differences.call({ kind: 'differ', update, vector })).bytes

  async close(): Promise<void> {
    this.#closed = true
    this.#wanted.clear()
    await Promise.all([this.#compactions.close(), this.#differences.close()])
    await this.#running
  }

  async #run(): Promise<void> {
    for (const room of this.#wanted) {
      this.#wanted.delete(room)
      this.#current = room
      const startedAt = this.#options.clock.now()
      if (room.isOpen) await this.#compact(room)
      const endedAt = this.#options.clock.now()
      this.#last.set(room, { endedAt, tookMs: endedAt - startedAt })
      this.#current = undefined
    }
  }

  async #compact(room: Room): Promise<void> {
    const { documentId } = room
    const { logger, counters, quarantine } = this.#options
    try {
      await quarantine.run('fold', documentId, () => this.#fold(room))
    } catch (error) {
      if (this.#closed) return
      counters.compactionFailures++
      // The storage has said no: that is not this document's fault, and it is asked again.
      const passes = error instanceof StoreError && error.code !== 'corrupt'
      if (!passes) this.#fenced.add(documentId)
      logger.warn({ err: error, documentId, fenced: !passes }, 'a document could not be compacted')
    }
  }

  async #fold(room: Room): Promise<void> {
    const { documentId } = room
    const { store, logger, counters, clock } = this.#options
    const startedAt = clock.now()
    const { snapshot, tail } = await store.load(documentId)
    const through = tail.at(-1)?.seq
    if (through === undefined || this.#closed) return
    const updates = [...(snapshot === undefined ? [] : [snapshot.bytes]), ...tail.map(({ bytes }) => bytes)]
    const { bytes, summary, isCollected } = await this.#compactions.call({
      kind: 'compact',
      updates,
      summary: snapshot?.summary ?? new Uint8Array(0),
      principals: tail.map(({ principal }) => principal),
    })
    const compacted: Snapshot = { through, bytes, summary }
    await store.putSnapshot(documentId, compacted)
    if (!isCollected)
      logger.info({ documentId }, 'a document was folded as it is: its updates contradict their order')
    counters.compactions++
    counters.durations.compaction.observe((clock.now() - startedAt) / 1_000)
    room.compacted(compacted, knowledgeOf(compacted))
  }
}
