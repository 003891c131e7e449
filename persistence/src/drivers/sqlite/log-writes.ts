/**
 * What the writer does to a document's log: batches in, prefixes folded away.
 *
 * One document's trouble is its own: when a shared commit is refused, each document gets a commit of its own.
 */
import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../../error.ts'
import { sealRecord } from '../../record.ts'
import { type Packed, unpack } from './pack.ts'
import { foldedThrough, sealUpdate, segmentIdentity, snapshotIdentity } from './rows.ts'
import { judge } from './sqlite-error.ts'
import type { Statements } from './statements.ts'
import { transaction } from './transaction.ts'

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
  readonly keep: number
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

export class LogWrites {
  readonly #database: DatabaseSync
  readonly #statements: Statements

  constructor(database: DatabaseSync, statements: Statements) {
    this.#database = database
    this.#statements = statements
  }

  append({ at, appends, packed }: AppendBatch): readonly WriterOutcome[] {
    const bytes = unpack(packed)
    let next = 0
    const pending = appends.map(({ documentId, principals }) => {
      const parts = bytes.slice(next, next + principals.length)
      next += principals.length
      return { documentId, principals, parts }
    })
    return this.#commitTogether(pending, at)
  }

  /** @returns false, having done nothing, when the document no longer stands where the fold builds on. */
  fold({ documentId, after, keep, through, segments, packed }: PackedFold): boolean {
    const [snapshot, summary, ...folded] = unpack(packed)
    if (snapshot === undefined || summary === undefined) throw new RangeError('a fold carries its snapshot')
    const statements = this.#statements
    return transaction(this.#database, () => {
      const key = statements.get('SELECT key FROM documents WHERE id = ?', documentId)?.['key']
      if (key === undefined || foldedThrough(statements, key) !== after) return false

      statements.run('DELETE FROM snapshots WHERE document = ? AND through <> ?', key, keep)
      const seal = sealRecord(snapshotIdentity(documentId, through), snapshot, summary)
      const addSnapshot =
        'INSERT INTO snapshots (document, through, seal, summary, bytes) VALUES (?, ?, ?, ?, ?)'
      statements.run(addSnapshot, key, through, seal, summary, snapshot)

      segments.forEach((segment, index) => {
        const bytes = folded[index] ?? new Uint8Array()
        const seal = sealRecord(segmentIdentity(documentId, segment), bytes)
        const addSegment = 'INSERT INTO segments (document, first, last, seal, bytes) VALUES (?, ?, ?, ?, ?)'
        statements.run(addSegment, key, segment.first, segment.last, seal, bytes)
      })
      const dropped = statements.run('DELETE FROM log WHERE document = ? AND seq <= ?', key, through)
      if (dropped !== through - after) {
        const message = `document ${documentId}: ${dropped} records to fold instead of ${through - after}`
        throw new StoreError('corrupt', message)
      }
      const tail = 'SELECT coalesce(sum(length(bytes)), 0) FROM log WHERE document = ?'
      statements.run(`UPDATE documents SET bytes = ? + (${tail}) WHERE key = ?`, snapshot.length, key, key)
      return true
    })
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
    const statements = this.#statements
    const row = statements.get('SELECT key, last_seq FROM documents WHERE id = ?', documentId)
    if (row === undefined) return { kind: 'failed', code: 'not-found', message: `no document ${documentId}` }
    const key = row['key'] ?? null
    let seq = row['last_seq'] as number
    let added = 0
    parts.forEach((bytes, index) => {
      seq += 1
      added += bytes.length
      const principal = principals[index] ?? ''
      const seal = sealUpdate(documentId, { seq, at, principal }, bytes)
      const addUpdate =
        'INSERT INTO log (document, seq, at, principal, seal, bytes) VALUES (?, ?, ?, ?, ?, ?)'
      statements.run(addUpdate, key, seq, at, principal, seal, bytes)
    })
    const move = 'UPDATE documents SET last_seq = ?, updated_at = ?, bytes = bytes + ? WHERE key = ?'
    statements.run(move, seq, at, added, key)
    return { kind: 'committed', seq }
  }
}
