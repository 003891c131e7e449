/** A store that passes everything on to another one; a test's store overrides what it wants to bend. */
import type { StoreError } from '../error.ts'
import type {
  DocumentInfo,
  DocumentKind,
  DocumentQuery,
  DocumentStore,
  NewUpdate,
  Sequence,
  Snapshot,
  StoredDocument,
  StoredUpdate,
} from '../store.ts'

export class StoreWrapper implements DocumentStore {
  protected readonly inner: DocumentStore

  constructor(inner: DocumentStore) {
    this.inner = inner
  }

  get epoch(): string {
    return this.inner.epoch
  }

  append(documentId: string, updates: readonly NewUpdate[]): Promise<Sequence> {
    return this.inner.append(documentId, updates)
  }

  load(documentId: string): Promise<StoredDocument> {
    return this.inner.load(documentId)
  }

  read(documentId: string, fromSeq: Sequence, limit?: number): Promise<readonly StoredUpdate[]> {
    return this.inner.read(documentId, fromSeq, limit)
  }

  readHistory(documentId: string, fromSeq: Sequence): Promise<readonly StoredUpdate[]> {
    return this.inner.readHistory(documentId, fromSeq)
  }

  putSnapshot(documentId: string, snapshot: Snapshot): Promise<void> {
    return this.inner.putSnapshot(documentId, snapshot)
  }

  create(entry: {
    id: string
    kind: DocumentKind
    title?: string
  }): Promise<{ document: DocumentInfo; created: boolean }> {
    return this.inner.create(entry)
  }

  get(documentId: string): Promise<DocumentInfo | undefined> {
    return this.inner.get(documentId)
  }

  list(query?: DocumentQuery): Promise<{ documents: readonly DocumentInfo[]; total: number }> {
    return this.inner.list(query)
  }

  rename(documentId: string, title: string): Promise<DocumentInfo> {
    return this.inner.rename(documentId, title)
  }

  raiseSchema(documentId: string, schema: number): Promise<DocumentInfo> {
    return this.inner.raiseSchema(documentId, schema)
  }

  trash(documentId: string): Promise<DocumentInfo> {
    return this.inner.trash(documentId)
  }

  untrash(documentId: string): Promise<DocumentInfo> {
    return this.inner.untrash(documentId)
  }

  remove(documentId: string): Promise<void> {
    return this.inner.remove(documentId)
  }

  checkWritable(): Promise<void> {
    return this.inner.checkWritable()
  }

  onFatal(listener: (error: StoreError) => void): () => void {
    return this.inner.onFatal(listener)
  }

  close(): Promise<void> {
    return this.inner.close()
  }
}
