/** Faults of a server that the checker must find, and what they are planted in for it to have the occasion. */
import { mutantOf } from '../mutation/mutants.ts'
import type { Edit } from '../mutation/plant.ts'
import { killing, storageTrouble } from './plan.ts'
import type { TrialSize } from './schedule.ts'
import type { StageKind } from './stage.ts'

export interface CheckedMutant {
  readonly name: string
  /** What would be wrong with the product. */
  readonly fault: string
  readonly edits: readonly Edit[]
  /** A word of what the checker must say. */
  readonly says: RegExp
  readonly stage: StageKind
  readonly size: TrialSize
}

/** A trial ends with its first finding, so this is how long the checker may need, not how long it does. */
const KILLING = { stage: 'installed', size: killing({ kills: 30, edits: 20_000 }) } as const
const CUTTING = { stage: 'storage', size: storageTrouble({ cuts: 20, edits: 4_000 }) } as const

/** No fault: a document of which this few bytes wait for the disk takes no more, so refusals are common. */
export const SMALL_QUEUE: readonly Edit[] = [
  {
    file: 'sync-server/src/room/room-limits.ts',
    find: 'maxQueuedBytes: 16 * 1_048_576',
    put: 'maxQueuedBytes: 128',
  },
]

const CONNECTION = 'persistence/src/drivers/sqlite/connection.ts'

function known(name: string): Pick<CheckedMutant, 'name' | 'fault' | 'edits'> {
  const { fault, edits } = mutantOf(name)
  return { name, fault, edits }
}

export const CHECKED_MUTANTS: readonly CheckedMutant[] = [
  { ...known('ack-before-commit'), says: /is lost in checked-\d, opened cold/, ...KILLING },
  { ...known('relay-before-commit'), says: /is lost in checked-\d, opened cold/, ...KILLING },
  {
    name: 'drop-one-in-10000',
    fault: 'the update that brings every ten thousandth word is taken, acknowledged and never stored',
    edits: [
      {
        file: 'sync-server/src/room/room.ts',
        find: 'return this.#queue.push(update, { principal: from.principal, author: from.id })',
        // Clients put words together, so words are counted, by the sign that each begins with.
        put: `const facts = globalThis as unknown as { words?: number }
    const before = facts.words ?? 0
    facts.words = before + update.bytes.filter((byte) => byte === 60).length
    if (Math.floor(facts.words / 10_000) > Math.floor(before / 10_000)) return this.#queue.committed
    return this.#queue.push(update, { principal: from.principal, author: from.id })`,
      },
    ],
    says: /is lost|the server complained: .*: an accepted update does not go on where its client was/,
    stage: 'installed',
    size: killing({ kills: 0, edits: 12_000 }),
  },
  {
    name: 'append-twice',
    fault: 'every record is stored twice',
    edits: [
      {
        file: 'sync-server/src/room/commit-queue.ts',
        find: 'const records = this.#finish(batches)',
        put: 'const records = this.#finish(batches)?.flatMap((record) => [record, record])',
      },
    ],
    says: /is there twice in the records/,
    stage: 'installed',
    size: killing({ kills: 1, edits: 500 }),
  },
  {
    name: 'ack-on-a-refused-update',
    fault: 'an update that was not taken for want of room is acknowledged',
    edits: [
      ...SMALL_QUEUE,
      {
        file: 'sync-server/src/socket/writing.ts',
        find: `counters.refusals['queue-full']++
        this.#acks.refuse()`,
        put: `counters.refusals['queue-full']++
        this.#acks.take(room.committed, arrivedAt)
        this.acknowledge()`,
      },
    ],
    says: /is lost/,
    ...KILLING,
  },
  {
    name: 'synchronous-normal',
    fault: 'a commit is not synced, only written: a kill leaves it there, a power cut does not',
    edits: [
      {
        file: CONNECTION,
        find: 'database.exec(`PRAGMA synchronous = ${synchronous}`)',
        put: 'database.exec(`PRAGMA synchronous = NORMAL`)',
      },
      // It would be noticed at the start.
      { file: CONNECTION, find: 'assertDurable(database)\n    return', put: 'return' },
    ],
    says: /is lost in checked-\d, opened cold after power cut/,
    ...CUTTING,
  },
  {
    name: 'trim-one-record-early',
    fault: 'a compaction trims the log one record further than its snapshot reaches',
    edits: [
      {
        file: 'sync-server/src/room/compactor.ts',
        find: '...tail.map(({ bytes }) => bytes)]',
        put: '...tail.slice(0, -1).map(({ bytes }) => bytes)]',
      },
    ],
    says: /is lost|a snapshot lacks something/,
    ...CUTTING,
  },
]
