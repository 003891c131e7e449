/**
 * The few things one database must do; everything else of the store's promises is kept once, in `document-store.ts`.
 *
 * Each method is one transaction. A driver whose bytes can decay seals every row it inserts and checks every row it
 * reads (`record.ts`), on its own thread where it has one. What it throws on purpose is a `StoreError`.
 */
import type { StoreError } from './error.ts'
import type { DocumentInfo, DocumentKind, NewUpdate, Sequence, Snapshot, StoredUpdate } from './store.ts'

/** Folded log rows `first` to `last`, packed and compressed by `history.ts`. */
export interface SegmentRow {
  readonly first: Sequence
  readonly last: Sequence
  readonly bytes: Uint8Array
}

export interface Append {
  readonly documentId: string
  readonly updates: readonly NewUpdate[]
}

export type AppendOutcome =
  | { readonly kind: 'committed'; readonly seq: Sequence }
  | { readonly kind: 'failed'; readonly error: StoreError }

export interface DocumentRows {
  readonly lastSeq: Sequence
  readonly snapshot: Snapshot | undefined
  /** History after the snapshot, by sequence: none unless a newer snapshot is damaged or lost. */
  readonly segments: readonly SegmentRow[]
  /** Every row that is not in history, by sequence. */
  readonly log: readonly StoredUpdate[]
  /** See `StoredDocument`. */
  readonly damage: string | undefined
}

export interface DocumentExtent {
  readonly lastSeq: Sequence
  /** The log begins after this: the newest snapshot's sequence, or history's end should that snapshot be lost. */
  readonly foldedThrough: Sequence
}

export interface LogRange {
  readonly from: Sequence
  /** Inclusive. */
  readonly through: Sequence
  readonly limit: number
}

export interface Fold {
  readonly documentId: string
  /** Where the log began when this fold was packed: `foldedThrough`. */
  readonly after: Sequence
  /** The one snapshot that stays beside the new one: the newest that reads well, 0 for none. */
  readonly keep: Sequence
  readonly snapshot: Snapshot
  /** The log rows after `after` through the snapshot's, without gaps. */
  readonly segments: readonly SegmentRow[]
}

export interface NewDocument {
  readonly id: string
  readonly kind: DocumentKind
  readonly title: string
  /** What a search compares with, see `fold-title.ts`. */
  readonly foldedTitle: string
  readonly createdAt: number
}

export type CatalogueChange =
  | { readonly kind: 'rename'; readonly title: string; readonly foldedTitle: string }
  | { readonly kind: 'trash'; readonly at: number }
  | { readonly kind: 'untrash' }
  /** Never lowers it. */
  | { readonly kind: 'raise-schema'; readonly schema: number }

export interface CatalogueQuery {
  readonly foldedSearch: string
  readonly trashed: boolean
  readonly limit: number
  readonly offset: number
}

export interface Driver {
  readonly epoch: string

  /**
   * Commits the batch; when it resolves, what was committed survives a power cut. Outcomes stand in the order of the
   * appends. When one append of a document fails, so do those behind it in this batch that are for the same document.
   * @throws {StoreError} `closed` when nothing can be said to be committed.
   */
  append(batch: readonly Append[], at: number): Promise<readonly AppendOutcome[]>

  /** @throws {StoreError} `corrupt`, as the other reads do. Unknown documents give undefined everywhere. */
  load(documentId: string): Promise<DocumentRows | undefined>
  readLog(documentId: string, range: LogRange): Promise<readonly StoredUpdate[] | undefined>
  extent(documentId: string): Promise<DocumentExtent | undefined>
  /** The sequence of the newest snapshot that reads well, 0 for none. */
  soundSnapshot(documentId: string): Promise<Sequence | undefined>
  /** Segments that hold `fromSeq` or later ones, in order, at most `limit`. */
  readSegments(
    documentId: string,
    fromSeq: Sequence,
    limit: number,
  ): Promise<readonly SegmentRow[] | undefined>
  /**
   * Stores the snapshot and the segments, keeps the snapshot `keep`, drops every other and the folded rows.
   * @returns false, having done nothing, when the document no longer stands where the fold builds on.
   */
  fold(fold: Fold): Promise<boolean>

  insertDocument(document: NewDocument): Promise<{ document: DocumentInfo; created: boolean }>
  findDocument(documentId: string): Promise<DocumentInfo | undefined>
  listDocuments(query: CatalogueQuery): Promise<{ documents: readonly DocumentInfo[]; total: number }>
  changeDocument(documentId: string, change: CatalogueChange): Promise<DocumentInfo | undefined>
  /** @returns whether there was one. */
  removeDocument(documentId: string): Promise<boolean>

  /** Writes something small, durably. */
  probe(): Promise<void>
  onFatal(listener: (error: StoreError) => void): () => void
  /** Finishes what was asked before. Safe to call twice. */
  close(): Promise<void>
}
