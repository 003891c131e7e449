/**
 * Where a server can be caught in the middle of something, and how it is brought there.
 *
 * The places are planted in the source while it is loaded: what production runs has none of them, and no way to reach
 * them. Each holds its own thread only; the rest of the server goes on until it is struck.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { armedFile, FAILPOINT_FOLDER, reachedFile } from '../harness/failpoint.ts'
import { until } from '../harness/wait.ts'
import type { Edit } from '../mutation/plant.ts'

interface Place {
  readonly name: string
  readonly file: string
  /** Must be there once. */
  readonly find: string
  /** `HERE` stands for the call. */
  readonly put: string
}

const LOG_WRITES = 'persistence/src/drivers/sqlite/log-writes.ts'
const WRITER = 'persistence/src/drivers/sqlite/writer.ts'
const SCHEMA = 'persistence/src/drivers/sqlite/schema.ts'

/** Reached while people type. */
const BUSY: readonly Place[] = [
  {
    name: 'append: a record is written, its document not',
    file: LOG_WRITES,
    find: 'statements.run(addUpdate, key, seq, at, principal, seal, bytes)',
    put: 'statements.run(addUpdate, key, seq, at, principal, seal, bytes)\n      HERE',
  },
  {
    name: 'append: before its commit',
    file: LOG_WRITES,
    find: 'return transaction(this.#database, () => pending.map((append) => this.#insert(append, at)))',
    put: `return transaction(this.#database, () => {
        const inserted = pending.map((append) => this.#insert(append, at))
        HERE
        return inserted
      })`,
  },
  {
    name: 'append: synced, nobody knows',
    file: WRITER,
    find: 'return this.#write(() => this.#log.append(batch))',
    put: 'const appended = this.#write(() => this.#log.append(batch))\n    HERE\n    return appended',
  },
  {
    name: 'room: on disk, not relayed',
    file: 'sync-server/src/room/room.ts',
    find: 'for (const entry of entries) this.log.append(entry)',
    put: 'HERE\n    for (const entry of entries) this.log.append(entry)',
  },
  {
    name: 'session: relayed, not acknowledged',
    file: 'sync-server/src/socket/writing.ts',
    find: 'const since = this.#acks.commit(room.committed)',
    put: 'HERE\n    const since = this.#acks.commit(room.committed)',
  },
  {
    name: 'compaction: snapshot made, not stored',
    file: 'sync-server/src/room/compactor.ts',
    find: 'await store.putSnapshot(documentId, compacted)',
    put: 'HERE\n      await store.putSnapshot(documentId, compacted)',
  },
  {
    name: 'compaction: snapshot written, log not trimmed',
    file: LOG_WRITES,
    find: 'statements.run(addSnapshot, key, through, seal, summary, snapshot)',
    put: 'statements.run(addSnapshot, key, through, seal, summary, snapshot)\n      HERE',
  },
  {
    name: 'compaction: before its commit',
    file: LOG_WRITES,
    find: 'return true\n    })',
    put: 'HERE\n      return true\n    })',
  },
  {
    name: 'compaction: synced, nobody knows',
    file: WRITER,
    find: 'return this.#write(() => this.#log.fold(fold))',
    put: 'const isFolded = this.#write(() => this.#log.fold(fold))\n    HERE\n    return isFolded',
  },
  {
    name: 'checkpoint: due',
    file: WRITER,
    find: "this.#checkpoint('PASSIVE')",
    put: "HERE\n    this.#checkpoint('PASSIVE')",
  },
  {
    name: 'checkpoint: done',
    file: WRITER,
    find: 'this.#logBytes = 0\n',
    put: 'this.#logBytes = 0\n    queueMicrotask(() => HERE)\n',
  },
]

/** Reached while a server starts. */
const STARTING: readonly Place[] = [
  {
    name: 'migration: the folder is copied, nothing changed',
    file: WRITER,
    find: 'keepBeforeUpgrade(database, folder)',
    put: 'keepBeforeUpgrade(database, folder)\n      HERE',
  },
  {
    name: 'migration: half of a step',
    file: SCHEMA,
    find: "sealEntry(statements, row['id'] as string)",
    put: "{ sealEntry(statements, row['id'] as string); HERE }",
  },
  {
    name: 'migration: before the commit of a step',
    file: SCHEMA,
    find: 'database.exec(`PRAGMA user_version = ${step.format}`)',
    put: 'database.exec(`PRAGMA user_version = ${step.format}`)\n      HERE',
  },
  {
    name: 'migration: done, not said to be open',
    file: WRITER,
    find: 'markOpen(this.#database, this.#hold.name)',
    put: 'HERE\n      markOpen(this.#database, this.#hold.name)',
  },
  {
    name: 'start: before the first checkpoint',
    file: WRITER,
    find: "checkpoint(this.#database, 'PASSIVE')",
    put: "HERE\n    checkpoint(this.#database, 'PASSIVE')",
  },
]

/** No fault: folds and checkpoints come every few dozen commits, so that a trial has many of each. */
const OFTEN: readonly Edit[] = [
  {
    file: 'persistence/src/compaction-policy.ts',
    find: 'const MAX_TAIL_RECORDS = 500',
    put: 'const MAX_TAIL_RECORDS = 40',
  },
  {
    file: 'sync-server/src/room/compactor.ts',
    find: 'live: { factor: 100, minMs: 60_000 }',
    put: 'live: { factor: 0, minMs: 0 }',
  },
  // Whoever kills servers in the middle of a fold, one after the other, learns nothing of the document.
  {
    file: 'sync-server/src/crashes/suspects.ts',
    find: '{ open: 2, fold: 5 }',
    put: '{ open: Number.POSITIVE_INFINITY, fold: Number.POSITIVE_INFINITY }',
  },
  { file: WRITER, find: 'CHECKPOINT_BYTES = 4 * 1024 * 1024', put: 'CHECKPOINT_BYTES = 512 * 1024' },
]

const planted = ({ name, file, find, put }: Place): Edit => ({
  file,
  find,
  put: put.replace('HERE', () => `failpoint(${JSON.stringify(name)})`),
})

/** No place in our source: the whole process is stopped when SQLite writes a page of the database itself. */
export const MIDDLE_OF_CHECKPOINT = 'checkpoint: some of its pages are moved'
/** The how-manieth page. */
export const MOVED_PAGE = 3

export const BUSY_FAILPOINTS: readonly string[] = [...BUSY.map(({ name }) => name), MIDDLE_OF_CHECKPOINT]
export const STARTING_FAILPOINTS: readonly string[] = STARTING.map(({ name }) => name)
/** What a server is to be started with for `OFTEN` and all places. */
export const FAILPOINT_EDITS: readonly Edit[] = [...OFTEN, ...[...BUSY, ...STARTING].map(planted)]

export class Failpoints {
  readonly folder: string

  static async open(): Promise<Failpoints> {
    return new Failpoints(await mkdtemp(join(tmpdir(), 'weft-failpoints-')))
  }

  private constructor(folder: string) {
    this.folder = folder
  }

  get env(): Record<string, string> {
    return { [FAILPOINT_FOLDER]: this.folder }
  }

  /** The next thread that comes by is held there. */
  arm(name: string): Promise<void> {
    return writeFile(armedFile(this.folder, name), '')
  }

  /** Resolves once a thread is held there. @throws when none comes by in time */
  async reached(name: string): Promise<void> {
    const file = reachedFile(this.folder, name)
    await until(`the server comes to ${name}`, () => existsSync(file), Boolean, 60_000)
    await rm(file)
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }
}
