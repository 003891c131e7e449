/**
 * The connection that reads, in a thread of its own: a large document being loaded delays nobody's acknowledgement.
 *
 * Each answer is of one moment, checked against its seals, and no older than the last commit that was acknowledged.
 */
import { join } from 'node:path'
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { CatalogueQuery, DocumentExtent, LogRange } from '../../driver.ts'
import { StoreError } from '../../error.ts'
import { checkRecord } from '../../record.ts'
import type { DocumentInfo, StoredUpdate } from '../../store.ts'
import { openReader } from './connection.ts'
import { DATABASE_FILE } from './folder.ts'
import { type Packed, pack } from './pack.ts'
import {
  DOCUMENT_COLUMNS,
  documentOf,
  type Row,
  segmentIdentity,
  snapshotIdentity,
  type UpdateFacts,
  updateOf,
} from './rows.ts'
import { judge } from './sqlite-error.ts'
import { Statements } from './statements.ts'
import { readTransaction } from './transaction.ts'

export interface PackedUpdates {
  readonly updates: readonly UpdateFacts[]
  readonly packed: Packed
}

export interface PackedDocument {
  readonly lastSeq: number
  readonly snapshot: { readonly through: number } | undefined
  readonly log: readonly UpdateFacts[]
  /** The snapshot's bytes and summary when there is one, then each update's bytes. */
  readonly packed: Packed
}

export interface PackedSegments {
  readonly segments: readonly { readonly first: number; readonly last: number }[]
  readonly packed: Packed
}

export class Reader {
  readonly #database: DatabaseSync
  readonly #statements: Statements

  constructor(folder: string) {
    this.#database = openReader(join(folder, DATABASE_FILE))
    this.#statements = new Statements(this.#database)
  }

  load(documentId: string): PackedDocument | undefined {
    return this.#ofDocument(documentId, (key, lastSeq) => {
      const newest = 'SELECT * FROM snapshots WHERE document = ? ORDER BY through DESC LIMIT 1'
      const [snapshot] = this.#statements.all(newest, key).map((row) => snapshotOf(documentId, row))
      const sql = 'SELECT * FROM log WHERE document = ? AND seq > ? ORDER BY seq'
      const log = this.#statements
        .all(sql, key, snapshot?.through ?? 0)
        .map((row) => updateOf(documentId, row))
      return {
        lastSeq,
        snapshot: snapshot && { through: snapshot.through },
        log: log.map(factsOf),
        packed: pack([
          ...(snapshot === undefined ? [] : [snapshot.bytes, snapshot.summary]),
          ...log.map((update) => update.bytes),
        ]),
      }
    })
  }

  readLog({ documentId, range }: { documentId: string; range: LogRange }): PackedUpdates | undefined {
    return this.#ofDocument(documentId, (key) => {
      const sql = 'SELECT * FROM log WHERE document = ? AND seq >= ? AND seq <= ? ORDER BY seq LIMIT ?'
      const rows = this.#statements.all(sql, key, range.from, range.through, range.limit)
      const updates = rows.map((row) => updateOf(documentId, row))
      return { updates: updates.map(factsOf), packed: pack(updates.map((update) => update.bytes)) }
    })
  }

  extent(documentId: string): DocumentExtent | undefined {
    return this.#ofDocument(documentId, (key, lastSeq) => {
      const [row] = this.#statements.all(
        'SELECT max(through) AS through FROM snapshots WHERE document = ?',
        key,
      )
      return { lastSeq, snapshotThrough: (row?.['through'] as number | null | undefined) ?? 0 }
    })
  }

  readSegments(query: { documentId: string; fromSeq: number; limit: number }): PackedSegments | undefined {
    const { documentId, fromSeq, limit } = query
    return this.#ofDocument(documentId, (key) => {
      const sql = 'SELECT * FROM segments WHERE document = ? AND last >= ? ORDER BY last LIMIT ?'
      const rows = this.#statements.all(sql, key, fromSeq, limit)
      const segments = rows.map((row) => segmentOf(documentId, row))
      return {
        segments: segments.map(({ first, last }) => ({ first, last })),
        packed: pack(segments.map((segment) => segment.bytes)),
      }
    })
  }

  findDocument(documentId: string): DocumentInfo | undefined {
    return about(`document ${documentId}`, () => {
      const [row] = this.#statements.all(`SELECT ${DOCUMENT_COLUMNS} FROM documents WHERE id = ?`, documentId)
      return row && documentOf(row)
    })
  }

  listDocuments(query: CatalogueQuery): { documents: readonly DocumentInfo[]; total: number } {
    const { foldedSearch, trashed, limit, offset } = query
    const matching = 'FROM documents WHERE (trashed_at IS NOT NULL) = ? AND instr(folded_title, ?) > 0'
    const values = [trashed ? 1 : 0, foldedSearch]
    return about('the catalogue', () =>
      readTransaction(this.#database, () => {
        const page = `SELECT ${DOCUMENT_COLUMNS} ${matching} ORDER BY updated_at DESC, id LIMIT ? OFFSET ?`
        const documents = this.#statements.all(page, ...values, limit, offset).map(documentOf)
        const [count] = this.#statements.all(`SELECT count(*) AS total ${matching}`, ...values)
        return { documents, total: (count?.['total'] as number | undefined) ?? 0 }
      }),
    )
  }

  close(): void {
    this.#database.close()
  }

  #ofDocument<Result>(
    documentId: string,
    work: (key: SQLInputValue, lastSeq: number) => Result,
  ): Result | undefined {
    return about(`document ${documentId}`, () =>
      readTransaction(this.#database, () => {
        const [row] = this.#statements.all('SELECT key, last_seq FROM documents WHERE id = ?', documentId)
        return row && work(row['key'] ?? null, row['last_seq'] as number)
      }),
    )
  }
}

/** Reading changes nothing on disk, so even a failing disk is only a reason to try again. */
function about<Result>(subject: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    const verdict = judge(cause)
    if (verdict.kind === 'foreign') throw cause
    const code = verdict.kind === 'fatal' ? 'unavailable' : verdict.error.code
    throw new StoreError(code, `${subject}: ${verdict.error.message}`, cause)
  }
}

function factsOf({ seq, at, principal }: StoredUpdate): UpdateFacts {
  return { seq, at, principal }
}

function snapshotOf(
  documentId: string,
  row: Row,
): { through: number; bytes: Uint8Array; summary: Uint8Array } {
  const through = row['through'] as number
  const bytes = row['bytes'] as Uint8Array
  const summary = row['summary'] as Uint8Array
  checkRecord(row['seal'] as Uint8Array, snapshotIdentity(documentId, through), bytes, summary)
  return { through, bytes, summary }
}

function segmentOf(documentId: string, row: Row): { first: number; last: number; bytes: Uint8Array } {
  const range = { first: row['first'] as number, last: row['last'] as number }
  const bytes = row['bytes'] as Uint8Array
  checkRecord(row['seal'] as Uint8Array, segmentIdentity(documentId, range), bytes)
  return { ...range, bytes }
}
