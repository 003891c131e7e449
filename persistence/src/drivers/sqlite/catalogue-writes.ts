/**
 * What the writer does to the catalogue. Each function runs inside a transaction of its caller's.
 *
 * An entry is checked before it is changed: a new seal would make damage look sound.
 */
import type { CatalogueChange, NewDocument } from '../../driver.ts'
import { StoreError } from '../../error.ts'
import type { DocumentInfo } from '../../store.ts'
import { checkEntry, DOCUMENT_COLUMNS, documentOf, sealEntry } from './rows.ts'
import type { Statements } from './statements.ts'

export function insertDocument(
  statements: Statements,
  { id, kind, title, foldedTitle, createdAt }: NewDocument,
): { document: DocumentInfo; created: boolean } {
  const insert = `INSERT INTO documents (id, kind, title, folded_title, created_at, updated_at, last_seq, bytes)
    VALUES (?, ?, ?, ?, ?, ?, 0, 0) ON CONFLICT (id) DO NOTHING`
  const created = statements.run(insert, id, kind, title, foldedTitle, createdAt, createdAt)
  if (created === 1) sealEntry(statements, id)
  const document = find(statements, id)
  if (document === undefined) throw new StoreError('corrupt', `document ${id} is not where it was put`)
  return { document, created: created === 1 }
}

export function changeDocument(
  statements: Statements,
  documentId: string,
  change: CatalogueChange,
): DocumentInfo | undefined {
  const entry = statements.get('SELECT * FROM documents WHERE id = ?', documentId)
  if (entry === undefined) return undefined
  checkEntry(entry)
  switch (change.kind) {
    case 'rename': {
      const rename = 'UPDATE documents SET title = ?, folded_title = ? WHERE id = ?'
      statements.run(rename, change.title, change.foldedTitle, documentId)
      break
    }
    case 'trash': {
      const trash = 'UPDATE documents SET trashed_at = coalesce(trashed_at, ?) WHERE id = ?'
      statements.run(trash, change.at, documentId)
      break
    }
    case 'untrash':
      statements.run('UPDATE documents SET trashed_at = NULL WHERE id = ?', documentId)
      break
    case 'raise-schema': {
      const raise = 'UPDATE documents SET schema = max(schema, ?) WHERE id = ?'
      statements.run(raise, change.schema, documentId)
      break
    }
  }
  sealEntry(statements, documentId)
  return find(statements, documentId)
}

/** @returns whether there was one. */
export function removeDocument(statements: Statements, documentId: string): boolean {
  const key = statements.get('SELECT key FROM documents WHERE id = ?', documentId)?.['key']
  if (key === undefined) return false
  for (const table of ['log', 'snapshots', 'segments']) {
    statements.run(`DELETE FROM ${table} WHERE document = ?`, key)
  }
  return statements.run('DELETE FROM documents WHERE key = ?', key) === 1
}

function find(statements: Statements, documentId: string): DocumentInfo | undefined {
  const row = statements.get(`SELECT ${DOCUMENT_COLUMNS} FROM documents WHERE id = ?`, documentId)
  return row && documentOf(row)
}
