/**
 * The connection that reads, in a thread of its own: a large document being loaded delays nobody's acknowledgement.
 *
 * Each answer is of one moment, checked against its seals, and no older than the last commit that was acknowledged.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { CatalogueQuery, DocumentExtent, LogRange, SegmentRow } from '../../driver.ts'
import { StoreError } from '../../error.ts'
import type { DocumentInfo, Sequence, Snapshot, StoredUpdate } from '../../store.ts'
import { openReader } from './connection.ts'
import { type Packed, pack } from './pack.ts'
import {
  DOCUMENT_COLUMNS,
  documentOf,
  foldedThrough,
  segmentOf,
  snapshotOf,
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
  readonly segments: readonly { readonly first: number; readonly last: number }[]
  readonly log: readonly UpdateFacts[]
  readonly damage: string | undefined
  /** The snapshot's bytes and summary when there is one, then each segment's bytes, then each update's. */
  readonly packed: Packed
}

export interface PackedSegments {
  readonly segments: readonly { readonly first: number; readonly last: number }[]
  readonly packed: Packed
}

export class Reader {
  readonly #database: DatabaseSync
  readonly #statements: Statements

  /** @param file the database */
  constructor(file: string) {
    this.#database = openReader(file)
    this.#statements = new Statements(this.#database)
  }

  load(documentId: string): PackedDocument | undefined {
    return this.#ofDocument(documentId, (key, lastSeq) => {
      const { snapshot, damage } = this.#soundSnapshot(documentId, key)
      const start = snapshot?.through ?? 0
      const sql = 'SELECT * FROM log WHERE document = ? AND seq > ? ORDER BY seq'
      const log = this.#statements.all(sql, key, start).map((row) => updateOf(documentId, row))
      // The log goes on where the newest snapshot ended; an older one needs what was folded since.
      const isOlder = (log[0]?.seq ?? lastSeq + 1) > start + 1
      const because = damage ?? 'the newest snapshot is lost'
      const segments = isOlder ? this.#historyAfter(documentId, key, start, because) : []
      return {
        lastSeq,
        snapshot: snapshot && { through: snapshot.through },
        segments: segments.map(({ first, last }) => ({ first, last })),
        log: log.map(factsOf),
        damage: segments.length > 0 ? because : damage,
        packed: pack([
          ...(snapshot === undefined ? [] : [snapshot.bytes, snapshot.summary]),
          ...segments.map(({ bytes }) => bytes),
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
    return this.#ofDocument(documentId, (key, lastSeq) => ({
      lastSeq,
      foldedThrough: foldedThrough(this.#statements, key),
    }))
  }

  soundSnapshot(documentId: string): Sequence | undefined {
    return this.#ofDocument(documentId, (key) => this.#soundSnapshot(documentId, key).snapshot?.through ?? 0)
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

  /** The newest snapshot whose seal is right, and what is wrong with those after it. */
  #soundSnapshot(
    documentId: string,
    key: SQLInputValue,
  ): { snapshot: Snapshot | undefined; damage: string | undefined } {
    const wrong: string[] = []
    const damage = (): string | undefined => (wrong.length === 0 ? undefined : wrong.join('; '))
    const sql = 'SELECT through FROM snapshots WHERE document = ? ORDER BY through DESC'
    for (const { through } of this.#statements.all(sql, key)) {
      const row = this.#statements.get(
        'SELECT * FROM snapshots WHERE document = ? AND through = ?',
        key,
        through ?? 0,
      )
      try {
        if (row !== undefined) return { snapshot: snapshotOf(documentId, row), damage: damage() }
      } catch (error) {
        const verdict = judge(error)
        if (verdict.kind !== 'refused' || verdict.error.code !== 'corrupt') throw error
        wrong.push(verdict.error.message)
      }
    }
    return { snapshot: undefined, damage: damage() }
  }

  /** @param because what is said should history be damaged too: then nothing is left that has these updates. */
  #historyAfter(documentId: string, key: SQLInputValue, after: Sequence, because: string): SegmentRow[] {
    const sql = 'SELECT * FROM segments WHERE document = ? AND last > ? ORDER BY last'
    try {
      return this.#statements.all(sql, key, after).map((row) => segmentOf(documentId, row))
    } catch (error) {
      const verdict = judge(error)
      if (verdict.kind !== 'refused') throw error
      throw new StoreError(verdict.error.code, `${verdict.error.message}; ${because}`, error)
    }
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
