/** Rows as `node:sqlite` gives them, as the values of `store.ts`. Columns are typed by the schema (`STRICT`). */
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { SegmentRow } from '../../driver.ts'
import { checkRecord, type RecordIdentity, sealRecord } from '../../record.ts'
import type { DocumentInfo, DocumentKind, Sequence, Snapshot, StoredUpdate } from '../../store.ts'
import type { Statements } from './statements.ts'

export type Row = Record<string, SQLOutputValue>

export const DOCUMENT_COLUMNS = 'id, kind, schema, title, created_at, updated_at, trashed_at, last_seq, bytes'

export function documentOf(row: Row): DocumentInfo {
  return {
    id: row['id'] as string,
    title: row['title'] as string,
    kind: row['kind'] as DocumentKind,
    schema: row['schema'] as number,
    createdAt: row['created_at'] as number,
    updatedAt: row['updated_at'] as number,
    trashedAt: (row['trashed_at'] as number | null) ?? undefined,
    lastSeq: row['last_seq'] as number,
    bytes: row['bytes'] as number,
  }
}

/** A page that has decayed may say that something else than bytes is there: then it differs from what was sealed. */
export function bytesOf(value: SQLOutputValue | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : new TextEncoder().encode(String(value))
}

export type UpdateFacts = Omit<StoredUpdate, 'bytes'>

export function updateOf(documentId: string, row: Row): StoredUpdate {
  const facts = {
    seq: row['seq'] as number,
    at: row['at'] as number,
    principal: row['principal'] as string,
  }
  const bytes = bytesOf(row['bytes'])
  checkRecord(bytesOf(row['seal']), updateIdentity(documentId, facts), bytes)
  return { ...facts, bytes }
}

export function sealUpdate(documentId: string, facts: UpdateFacts, bytes: Uint8Array): Uint8Array {
  return sealRecord(updateIdentity(documentId, facts), bytes)
}

function updateIdentity(documentId: string, { seq, at, principal }: UpdateFacts): RecordIdentity {
  return { kind: 'update', documentId, seq, facts: [at, principal] }
}

export function snapshotIdentity(documentId: string, through: number): RecordIdentity {
  return { kind: 'snapshot', documentId, seq: through, facts: [] }
}

export function segmentIdentity(
  documentId: string,
  segment: { first: number; last: number },
): RecordIdentity {
  return { kind: 'segment', documentId, seq: segment.last, facts: [segment.first] }
}

/** @throws {StoreError} `corrupt` when the row differs from its seal. */
export function snapshotOf(documentId: string, row: Row): Snapshot {
  const through = row['through'] as number
  const bytes = bytesOf(row['bytes'])
  const summary = bytesOf(row['summary'])
  checkRecord(bytesOf(row['seal']), snapshotIdentity(documentId, through), bytes, summary)
  return { through, bytes, summary }
}

/** @throws {StoreError} `corrupt` when the row differs from its seal. */
export function segmentOf(documentId: string, row: Row): SegmentRow {
  const range = { first: row['first'] as number, last: row['last'] as number }
  const bytes = bytesOf(row['bytes'])
  checkRecord(bytesOf(row['seal']), segmentIdentity(documentId, range), bytes)
  return { ...range, bytes }
}

/** @throws {StoreError} `corrupt` when the entry differs from its seal. @param row all columns */
export function checkEntry(row: Row): void {
  checkRecord(bytesOf(row['seal']), entryIdentity(row))
}

/** Seals the document's entry as it now stands; to be called in the transaction that changed it. */
export function sealEntry(statements: Statements, documentId: string): void {
  const row = statements.get('SELECT * FROM documents WHERE id = ?', documentId)
  if (row === undefined) return
  statements.run('UPDATE documents SET seal = ? WHERE id = ?', sealRecord(entryIdentity(row)), documentId)
}

/** Without what every append changes: `last_seq`, `updated_at` and `bytes` follow from the document's other rows. */
function entryIdentity(row: Row): RecordIdentity {
  const facts = ['key', 'kind', 'title', 'folded_title', 'created_at', 'trashed_at']
  // Added to seals that were made before there was one: those hold 0, and a column that is not there is 0, too.
  if (row['schema'] !== undefined && row['schema'] !== 0) facts.push('schema')
  return {
    kind: 'entry',
    documentId: row['id'] as string,
    seq: 0,
    facts: facts.map((name) => (row[name] as string | number | null) ?? ''),
  }
}

/** The log of the document with this key begins after it. A snapshot and its history are written as one. */
export function foldedThrough(statements: Statements, key: SQLInputValue): Sequence {
  const newest = `SELECT max(
    (SELECT coalesce(max(through), 0) FROM snapshots WHERE document = ?1),
    (SELECT coalesce(max(last), 0) FROM segments WHERE document = ?1)
  ) AS through`
  return statements.get(newest, key)?.['through'] as Sequence
}
