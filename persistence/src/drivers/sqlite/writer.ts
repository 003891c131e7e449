/**
 * The one connection that writes, in a thread of its own: here a commit may wait for the disk.
 *
 * Once the disk failed the writer is dead and stays so. It does not even close its connection then: closing would
 * checkpoint, and a checkpoint after a failed sync can throw away the log file that still has everything.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { CatalogueChange, NewDocument } from '../../driver.ts'
import { StoreError } from '../../error.ts'
import { sealRecord } from '../../record.ts'
import type { DocumentInfo } from '../../store.ts'
import { checkpoint, inspect, openWriter, type Pragmas, type Synchronous } from './connection.ts'
import { holdFolder, prepareFolder } from './folder.ts'
import { type Packed, unpack } from './pack.ts'
import {
  DOCUMENT_COLUMNS,
  documentOf,
  type Row,
  sealUpdate,
  segmentIdentity,
  snapshotIdentity,
} from './rows.ts'
import { migrate, readMeta, writeMeta } from './schema.ts'
import { judge } from './sqlite-error.ts'
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

export interface AppendBatch {
  readonly at: number
  /** The principals of each append's updates; the updates' bytes stand in `packed` in the same order. */
  readonly appends: readonly { readonly documentId: string; readonly principals: readonly string[] }[]
  readonly packed: Packed
}

export type WriterOutcome =
  | { readonly kind: 'committed'; readonly seq: number }
  | { readonly kind: 'failed'; readonly code: StoreError['code']; readonly message: string }

export interface PackedFold {
  readonly documentId: string
  readonly after: number
  readonly through: number
  readonly segments: readonly { readonly first: number; readonly last: number }[]
  /** The snapshot's bytes, its summary, then each segment's bytes. */
  readonly packed: Packed
}

interface PendingAppend {
  readonly documentId: string
  readonly principals: readonly string[]
  readonly parts: readonly Uint8Array[]
}

export class Writer {
  readonly epoch: string
  readonly #database: DatabaseSync
  readonly #letGo: () => void
  readonly #onFatal: (error: StoreError) => void
  readonly #statements = new Map<string, StatementSync>()
  #dead: StoreError | undefined
  #logBytes = 0

  constructor({ folder, synchronous, onFatal }: WriterOptions) {
    this.#onFatal = onFatal
    prepareFolder(folder)
    this.#letGo = holdFolder(folder)
    try {
      const opened = openDatabase(folder, synchronous)
      this.#database = opened.database
      this.epoch = opened.epoch
    } catch (error) {
      this.#letGo()
      throw error
    }
  }

  append({ at, appends, packed }: AppendBatch): readonly WriterOutcome[] {
    const bytes = unpack(packed)
    let next = 0
    const pending = appends.map(({ documentId, principals }) => {
      const parts = bytes.slice(next, next + principals.length)
      next += principals.length
      return { documentId, principals, parts }
    })
    const outcomes = this.#guard(() => this.#commitTogether(pending, at))
    this.#logBytes += packed.buffer.byteLength + appends.length * BYTES_PER_APPEND
    return outcomes
  }

  fold({ documentId, after, through, segments, packed }: PackedFold): boolean {
    const [snapshot, summary, ...folded] = unpack(packed)
    if (snapshot === undefined || summary === undefined) throw new RangeError('a fold carries its snapshot')
    this.#logBytes += packed.buffer.byteLength + BYTES_PER_APPEND
    return this.#guard(() =>
      transaction(this.#database, () => {
        const key = this.#get('SELECT key FROM documents WHERE id = ?', documentId)?.['key']
        if (key === undefined || this.#snapshotThrough(key) !== after) return false
        const seal = sealRecord(snapshotIdentity(documentId, through), snapshot, summary)
        this.#run('INSERT INTO snapshots (document, through, seal, summary, bytes) VALUES (?, ?, ?, ?, ?)', [
          key,
          through,
          seal,
          summary,
          snapshot,
        ])
        this.#run('DELETE FROM snapshots WHERE document = ? AND through < ?', [key, after])
        segments.forEach((segment, index) => {
          const bytes = folded[index] ?? new Uint8Array()
          const seal = sealRecord(segmentIdentity(documentId, segment), bytes)
          const values = [key, segment.first, segment.last, seal, bytes]
          this.#run(
            'INSERT INTO segments (document, first, last, seal, bytes) VALUES (?, ?, ?, ?, ?)',
            values,
          )
        })
        const dropped = this.#run('DELETE FROM log WHERE document = ? AND seq <= ?', [key, through])
        if (dropped !== through - after) {
          const message = `document ${documentId}: ${dropped} records to fold instead of ${through - after}`
          throw new StoreError('corrupt', message)
        }
        this.#run(
          `UPDATE documents SET bytes = ? + (SELECT coalesce(sum(length(bytes)), 0) FROM log WHERE document = ?)
           WHERE key = ?`,
          [snapshot.length, key, key],
        )
        return true
      }),
    )
  }

  insertDocument(document: NewDocument): { document: DocumentInfo; created: boolean } {
    const { id, kind, title, foldedTitle, createdAt } = document
    return this.#change(() => {
      const created = this.#run(
        `INSERT INTO documents (id, kind, title, folded_title, created_at, updated_at, last_seq, bytes)
         VALUES (?, ?, ?, ?, ?, ?, 0, 0) ON CONFLICT (id) DO NOTHING`,
        [id, kind, title, foldedTitle, createdAt, createdAt],
      )
      const row = this.#get(`SELECT ${DOCUMENT_COLUMNS} FROM documents WHERE id = ?`, id)
      if (row === undefined) throw new StoreError('corrupt', `document ${id} is not where it was put`)
      return { document: documentOf(row), created: created === 1 }
    })
  }

  changeDocument({
    documentId,
    change,
  }: {
    documentId: string
    change: CatalogueChange
  }): DocumentInfo | undefined {
    return this.#change(() => {
      switch (change.kind) {
        case 'rename':
          this.#run('UPDATE documents SET title = ?, folded_title = ? WHERE id = ?', [
            change.title,
            change.foldedTitle,
            documentId,
          ])
          break
        case 'trash':
          this.#run('UPDATE documents SET trashed_at = coalesce(trashed_at, ?) WHERE id = ?', [
            change.at,
            documentId,
          ])
          break
        case 'untrash':
          this.#run('UPDATE documents SET trashed_at = NULL WHERE id = ?', [documentId])
          break
      }
      const row = this.#get(`SELECT ${DOCUMENT_COLUMNS} FROM documents WHERE id = ?`, documentId)
      return row && documentOf(row)
    })
  }

  removeDocument(documentId: string): boolean {
    return this.#change(() => {
      const key = this.#get('SELECT key FROM documents WHERE id = ?', documentId)?.['key']
      if (key === undefined) return false
      for (const table of ['log', 'snapshots', 'segments']) {
        this.#run(`DELETE FROM ${table} WHERE document = ?`, [key])
      }
      return this.#run('DELETE FROM documents WHERE key = ?', [key]) === 1
    })
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

  close(): void {
    if (this.#dead !== undefined) return
    this.#checkpoint('TRUNCATE')
    this.#database.close()
    this.#letGo()
  }

  #commitTogether(pending: readonly PendingAppend[], at: number): readonly WriterOutcome[] {
    try {
      return transaction(this.#database, () => pending.map((append) => this.#insert(append, at)))
    } catch (cause) {
      const documents = new Set(pending.map((append) => append.documentId))
      if (documents.size === 1 || judge(cause).kind !== 'refused') throw cause
      // One document's damage, or one paste too large for the disk, is not the others' business.
      const outcomes = new Map<PendingAppend, WriterOutcome>()
      for (const documentId of documents) {
        const own = pending.filter((append) => append.documentId === documentId)
        this.#commitAlone(own, at).forEach((outcome, index) => {
          const append = own[index]
          if (append !== undefined) outcomes.set(append, outcome)
        })
      }
      return pending.flatMap((append) => outcomes.get(append) ?? [])
    }
  }

  #commitAlone(own: readonly PendingAppend[], at: number): readonly WriterOutcome[] {
    try {
      return transaction(this.#database, () => own.map((append) => this.#insert(append, at)))
    } catch (cause) {
      const verdict = judge(cause)
      if (verdict.kind !== 'refused') throw cause
      const { code, message } = verdict.error
      return own.map(({ documentId }) => ({
        kind: 'failed',
        code,
        message: `document ${documentId}: ${message}`,
      }))
    }
  }

  #insert({ documentId, principals, parts }: PendingAppend, at: number): WriterOutcome {
    const row = this.#get('SELECT key, last_seq FROM documents WHERE id = ?', documentId)
    if (row === undefined) return { kind: 'failed', code: 'not-found', message: `no document ${documentId}` }
    const key = row['key'] ?? null
    let seq = row['last_seq'] as number
    let added = 0
    parts.forEach((bytes, index) => {
      seq += 1
      added += bytes.length
      const principal = principals[index] ?? ''
      const seal = sealUpdate(documentId, { seq, at, principal }, bytes)
      const values = [key, seq, at, principal, seal, bytes]
      this.#run(
        'INSERT INTO log (document, seq, at, principal, seal, bytes) VALUES (?, ?, ?, ?, ?, ?)',
        values,
      )
    })
    const values = [seq, at, added, key]
    this.#run('UPDATE documents SET last_seq = ?, updated_at = ?, bytes = bytes + ? WHERE key = ?', values)
    return { kind: 'committed', seq }
  }

  #snapshotThrough(key: SQLInputValue): number {
    const row = this.#get('SELECT max(through) AS through FROM snapshots WHERE document = ?', key)
    return (row?.['through'] as number | null | undefined) ?? 0
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
    const result = this.#guard(() => transaction(this.#database, work))
    this.#logBytes += BYTES_PER_APPEND
    return result
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

  #get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values)
  }

  #run(sql: string, values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes)
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

function openDatabase(folder: string, synchronous: Synchronous): { database: DatabaseSync; epoch: string } {
  try {
    const database = openWriter(join(folder, DATABASE_FILE), synchronous)
    try {
      migrate(database)
      return { database, epoch: ensureEpoch(database) }
    } catch (error) {
      database.close()
      throw error
    }
  } catch (cause) {
    const verdict = judge(cause)
    if (verdict.kind === 'foreign') throw cause
    const { code, message } = verdict.error
    const known = code === 'closed' ? 'unavailable' : code
    throw new StoreError(known, `data folder ${folder}: ${DATABASE_FILE}: ${message}`, cause)
  }
}

export const DATABASE_FILE = 'weft.db'

function ensureEpoch(database: DatabaseSync): string {
  const stored = readMeta(database, 'epoch')
  if (stored !== undefined) return stored
  const epoch = randomUUID()
  transaction(database, () => writeMeta(database, 'epoch', epoch))
  return epoch
}
