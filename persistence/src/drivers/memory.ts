/**
 * A store that lives as long as the process: for tests, and for trying Weft out. Every promise but survival, so it
 * seals nothing and keeps no snapshot but the newest.
 */
import { randomUUID } from 'node:crypto'
import type {
  Append,
  AppendOutcome,
  CatalogueChange,
  CatalogueQuery,
  DocumentExtent,
  DocumentRows,
  Driver,
  Fold,
  LogRange,
  NewDocument,
  SegmentRow,
} from '../driver.ts'
import { StoreError } from '../error.ts'
import type { DocumentInfo, Sequence, Snapshot, StoredUpdate } from '../store.ts'

interface Entry {
  info: DocumentInfo
  foldedTitle: string
  log: StoredUpdate[]
  snapshot: Snapshot | undefined
  segments: SegmentRow[]
}

export class MemoryDriver implements Driver {
  readonly epoch = randomUUID()
  readonly #entries = new Map<string, Entry>()

  async append(batch: readonly Append[], at: number): Promise<readonly AppendOutcome[]> {
    return batch.map((append) => this.#appendOne(append, at))
  }

  #appendOne({ documentId, updates }: Append, at: number): AppendOutcome {
    const entry = this.#entries.get(documentId)
    if (entry === undefined) {
      return { kind: 'failed', error: new StoreError('not-found', `no document ${documentId}`) }
    }
    let seq = entry.info.lastSeq
    for (const { bytes, principal } of updates) {
      seq += 1
      entry.log.push({ seq, at, principal, bytes: bytes.slice() })
    }
    entry.info = { ...entry.info, lastSeq: seq, updatedAt: at, bytes: storedBytes(entry) }
    return { kind: 'committed', seq }
  }

  async load(documentId: string): Promise<DocumentRows | undefined> {
    const entry = this.#entries.get(documentId)
    if (entry === undefined) return undefined
    const { info, snapshot, log } = entry
    return { lastSeq: info.lastSeq, snapshot, segments: [], log: [...log], damage: undefined }
  }

  async readLog(documentId: string, range: LogRange): Promise<readonly StoredUpdate[] | undefined> {
    return this.#entries
      .get(documentId)
      ?.log.filter(({ seq }) => seq >= range.from && seq <= range.through)
      .slice(0, range.limit)
  }

  async extent(documentId: string): Promise<DocumentExtent | undefined> {
    const entry = this.#entries.get(documentId)
    return entry && { lastSeq: entry.info.lastSeq, foldedThrough: entry.snapshot?.through ?? 0 }
  }

  async soundSnapshot(documentId: string): Promise<Sequence | undefined> {
    const entry = this.#entries.get(documentId)
    return entry && (entry.snapshot?.through ?? 0)
  }

  async readSegments(
    documentId: string,
    fromSeq: Sequence,
    limit: number,
  ): Promise<readonly SegmentRow[] | undefined> {
    const entry = this.#entries.get(documentId)
    return entry?.segments.filter((segment) => segment.last >= fromSeq).slice(0, limit)
  }

  async fold({ documentId, after, snapshot, segments }: Fold): Promise<boolean> {
    const entry = this.#entries.get(documentId)
    if (entry === undefined || (entry.snapshot?.through ?? 0) !== after) return false
    entry.snapshot = { ...snapshot, bytes: snapshot.bytes.slice(), summary: snapshot.summary.slice() }
    entry.segments.push(...segments)
    entry.log = entry.log.filter(({ seq }) => seq > snapshot.through)
    entry.info = { ...entry.info, bytes: storedBytes(entry) }
    return true
  }

  async insertDocument(document: NewDocument): Promise<{ document: DocumentInfo; created: boolean }> {
    const existing = this.#entries.get(document.id)
    if (existing !== undefined) return { document: existing.info, created: false }
    const { id, kind, title, foldedTitle, createdAt } = document
    const dates = { createdAt, updatedAt: createdAt, trashedAt: undefined }
    const info: DocumentInfo = { id, title, kind, schema: 0, ...dates, lastSeq: 0, bytes: 0 }
    this.#entries.set(id, {
      info,
      foldedTitle,
      log: [],
      snapshot: undefined,
      segments: [],
    })
    return { document: info, created: true }
  }

  async findDocument(documentId: string): Promise<DocumentInfo | undefined> {
    return this.#entries.get(documentId)?.info
  }

  async listDocuments(query: CatalogueQuery): Promise<{ documents: readonly DocumentInfo[]; total: number }> {
    const found = [...this.#entries.values()]
      .filter((entry) => (entry.info.trashedAt !== undefined) === query.trashed)
      .filter((entry) => entry.foldedTitle.includes(query.foldedSearch))
      .map((entry) => entry.info)
      .sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1))
    return { documents: found.slice(query.offset, query.offset + query.limit), total: found.length }
  }

  async changeDocument(documentId: string, change: CatalogueChange): Promise<DocumentInfo | undefined> {
    const entry = this.#entries.get(documentId)
    if (entry === undefined) return undefined
    switch (change.kind) {
      case 'rename':
        entry.info = { ...entry.info, title: change.title }
        entry.foldedTitle = change.foldedTitle
        break
      case 'trash':
        entry.info = { ...entry.info, trashedAt: entry.info.trashedAt ?? change.at }
        break
      case 'untrash':
        entry.info = { ...entry.info, trashedAt: undefined }
        break
      case 'raise-schema':
        entry.info = { ...entry.info, schema: Math.max(entry.info.schema, change.schema) }
        break
    }
    return entry.info
  }

  async removeDocument(documentId: string): Promise<boolean> {
    return this.#entries.delete(documentId)
  }

  async probe(): Promise<void> {
    // Memory can always be written.
  }

  onFatal(): () => void {
    return () => undefined
  }

  async close(): Promise<void> {
    this.#entries.clear()
  }
}

function storedBytes({ snapshot, log }: Entry): number {
  return log.reduce((sum, update) => sum + update.bytes.length, snapshot?.bytes.length ?? 0)
}
