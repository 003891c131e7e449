/**
 * The one connection that writes, in a thread of its own: here a commit may wait for the disk.
 *
 * Once the disk failed the writer is dead and stays so. It does not even close its connection then: closing would
 * checkpoint, and a checkpoint after a failed sync can throw away the log file that still has everything.
 *
 * A database that is on a full disk when it is opened can be read all the same. What a start writes is then written
 * before the first thing that anybody wants to keep, as soon as there is space.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { CatalogueChange, NewDocument } from '../../driver.ts'
import { StoreError } from '../../error.ts'
import type { DocumentInfo } from '../../store.ts'
import { keepBeforeUpgrade } from './before-upgrade.ts'
import { changeDocument, insertDocument, removeDocument } from './catalogue-writes.ts'
import { abandon, checkpoint, inspect, openWriter, type Pragmas, type Synchronous } from './connection.ts'
import { ensureEpoch } from './epoch.ts'
import { DATABASE_FILE, type FolderHold, holdFolder, prepareFolder, RESTORE_FILE } from './folder.ts'
import { describeDropped, droppedTail } from './log-tail.ts'
import { type AppendBatch, LogWrites, type PackedFold, type WriterOutcome } from './log-writes.ts'
import { writeMeta } from './meta.ts'
import { assertWhole, hasLogFile, markOpen, unmarkOpen } from './open-mark.ts'
import { assertTables, migrate } from './schema.ts'
import { judge } from './sqlite-error.ts'
import { Statements } from './statements.ts'
import { transaction } from './transaction.ts'

/** Log file bytes after which it is moved into the database: a restart reads at most about this much again. */
const CHECKPOINT_BYTES = 4 * 1024 * 1024
/** About what one append costs in the log file beyond its bytes: a page of the log and one of the catalogue. */
const BYTES_PER_APPEND = 8 * 1024

export interface WriterOptions {
  readonly folder: string
  readonly synchronous: Synchronous
  readonly onFatal: (error: StoreError) => void
}

export class Writer {
  readonly epoch: string
  /** What is wrong with what was found, although it is used: one line each. */
  readonly findings: readonly string[]
  readonly #database: DatabaseSync
  readonly #file: string
  readonly #hold: FolderHold
  readonly #onFatal: (error: StoreError) => void
  readonly #statements: Statements
  readonly #log: LogWrites
  #dead: StoreError | undefined
  /** The database says that it is open: nothing is committed before it does. */
  #isBegun = false
  #logBytes = 0

  constructor({ folder, synchronous, onFatal }: WriterOptions) {
    this.#onFatal = onFatal
    prepareFolder(folder)
    const hold = holdFolder(folder)
    this.#hold = hold
    this.#file = join(folder, DATABASE_FILE)
    try {
      const opened = openDatabase(folder, synchronous, hold)
      this.#database = opened.database
      this.epoch = opened.epoch
      this.findings = [...opened.findings, ...this.#beginIfThereIsSpace(folder)]
      this.#statements = new Statements(opened.database)
      this.#log = new LogWrites(opened.database, this.#statements)
    } catch (error) {
      hold.giveUp()
      throw error
    }
  }

  /** @returns what is to be said when there is none @throws {StoreError} for anything else */
  #beginIfThereIsSpace(folder: string): readonly string[] {
    try {
      this.#begin()
      return []
    } catch (cause) {
      const error = openError(folder, cause)
      if (error.code === 'full')
        return ['no space left: documents can be read, and nothing is saved until there is some again']
      abandon(this.#database, this.#file)
      throw error
    }
  }

  #begin(): void {
    if (this.#isBegun) return
    this.#hold.takeName()
    try {
      markOpen(this.#database, this.#hold.name)
    } catch (error) {
      this.#hold.returnName()
      throw error
    }
    // From here on a copy of the file alone says of itself that it is not whole.
    checkpoint(this.#database, 'PASSIVE')
    this.#isBegun = true
  }

  append(batch: AppendBatch): readonly WriterOutcome[] {
    this.#logBytes += batch.packed.buffer.byteLength + batch.appends.length * BYTES_PER_APPEND
    return this.#write(() => this.#log.append(batch))
  }

  fold(fold: PackedFold): boolean {
    this.#logBytes += fold.packed.buffer.byteLength + BYTES_PER_APPEND
    return this.#write(() => this.#log.fold(fold))
  }

  insertDocument(document: NewDocument): { document: DocumentInfo; created: boolean } {
    return this.#change(() => insertDocument(this.#statements, document))
  }

  changeDocument(query: { documentId: string; change: CatalogueChange }): DocumentInfo | undefined {
    return this.#change(() => changeDocument(this.#statements, query.documentId, query.change))
  }

  removeDocument(documentId: string): boolean {
    return this.#change(() => removeDocument(this.#statements, documentId))
  }

  probe(): void {
    this.#change(() => writeMeta(this.#database, 'probed', randomUUID()))
  }

  inspect(): Pragmas {
    return this.#guard(() => inspect(this.#database))
  }

  /** At most this many pages (of 4 KiB) of database from now on: how a disk becomes full where there is none to fill. */
  limitPages(pages: number): void {
    this.#guard(() => this.#database.exec(`PRAGMA max_page_count = ${pages}`))
  }

  /** What can wait until the answer is out. */
  tidy(): void {
    if (this.#dead !== undefined || this.#logBytes < CHECKPOINT_BYTES) return
    this.#logBytes = 0
    this.#checkpoint('PASSIVE')
  }

  /** Leaves one whole file, and an empty log file. To be called while the reader still has the database open. */
  finish(): void {
    // Of one that was never begun everything stays as it was found.
    if (this.#dead !== undefined || !this.#isBegun) return
    this.#guard(() => unmarkOpen(this.#database))
    this.#checkpoint('TRUNCATE')
  }

  close(): void {
    if (this.#dead !== undefined) return
    // Leaves the empty log file and its index where they are: the next start has room for them, also on a full disk.
    abandon(this.#database, this.#file)
    if (this.#isBegun) this.#hold.letGo()
    else this.#hold.giveUp()
  }

  #checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): void {
    try {
      checkpoint(this.#database, mode)
    } catch (cause) {
      const verdict = judge(cause)
      // Nothing is lost: what could not be moved is still in the log file, and is tried again.
      if (verdict.kind === 'refused' && verdict.error.code === 'full') return
      const message = `the database could not be brought up to date: ${String(cause)}`
      this.#die(verdict.kind === 'fatal' ? verdict.error : new StoreError('closed', message, cause))
    }
  }

  #change<Result>(work: () => Result): Result {
    const result = this.#write(() => transaction(this.#database, work))
    this.#logBytes += BYTES_PER_APPEND
    return result
  }

  #write<Result>(work: () => Result): Result {
    return this.#guard(() => {
      this.#begin()
      return work()
    })
  }

  #guard<Result>(work: () => Result): Result {
    if (this.#dead !== undefined) throw this.#dead
    try {
      return work()
    } catch (cause) {
      const verdict = judge(cause)
      switch (verdict.kind) {
        case 'refused':
          throw verdict.error
        case 'fatal':
          this.#die(verdict.error)
          throw verdict.error
        case 'foreign':
          throw cause
      }
    }
  }

  #die(error: StoreError): void {
    if (this.#dead !== undefined) return
    this.#dead = error
    this.#onFatal(error)
  }
}

function openDatabase(
  folder: string,
  synchronous: Synchronous,
  hold: FolderHold,
): { database: DatabaseSync; epoch: string; findings: readonly string[] } {
  try {
    const file = join(folder, DATABASE_FILE)
    if (!existsSync(file) && existsSync(join(folder, RESTORE_FILE)))
      throw new StoreError('unavailable', 'a restore was interrupted; do it again with --force')
    const found = { hasLogFile: hasLogFile(file), lastHolder: hold.before }
    // Before SQLite opens it: it goes on from there without a word.
    const dropped = droppedTail(`${file}-wal`)
    const database = openWriter(file, synchronous)
    try {
      assertWhole(database, found)
      keepBeforeUpgrade(database, folder)
      migrate(database)
      assertTables(database)
      const epoch = ensureEpoch(database)
      return { database, epoch, findings: dropped === undefined ? [] : [describeDropped(dropped)] }
    } catch (error) {
      abandon(database, file)
      throw error
    }
  } catch (cause) {
    throw openError(folder, cause)
  }
}

/** @throws what is a defect of ours */
function openError(folder: string, cause: unknown): StoreError {
  const verdict = judge(cause)
  if (verdict.kind === 'foreign') throw cause
  const { code, message } = verdict.error
  const known = code === 'closed' ? 'unavailable' : code
  return new StoreError(known, `data folder ${folder}: ${DATABASE_FILE}: ${message}`, cause)
}
