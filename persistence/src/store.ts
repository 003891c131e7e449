/**
 * What a store promises, whichever database is below it.
 *
 * A document is a log of opaque updates, numbered by `Sequence` from 1 without gaps, and a catalogue entry.
 * A snapshot is the merged state through some sequence; it stands in place of the log's prefix.
 * The store knows nothing of Yjs: whoever needs a merged state computes it.
 */

import type { StoreError } from './error.ts'

/** Position of an update in its document's log: a whole number from 1, without gaps. 0 means "before the first". */
export type Sequence = number

/** `weft`: the block model, guarded by its schema. `yjs`: any Yjs document, made by a stock client. */
export type DocumentKind = 'weft' | 'yjs'

export interface NewUpdate {
  /** Opaque to the store, at least 1 byte. */
  readonly bytes: Uint8Array
  /** Who wrote it, at most 128 characters. */
  readonly principal: string
}

export interface StoredUpdate {
  readonly seq: Sequence
  readonly bytes: Uint8Array
  readonly principal: string
  /** When it was committed, ms since 1970. */
  readonly at: number
}

export interface Snapshot {
  /** The last sequence whose content is contained. */
  readonly through: Sequence
  readonly bytes: Uint8Array
  /** What the caller wants to know of `bytes` without decoding them; opaque, may be empty. */
  readonly summary: Uint8Array
}

export interface StoredDocument {
  readonly snapshot: Snapshot | undefined
  /** Every update after the snapshot, in order. */
  readonly tail: readonly StoredUpdate[]
  /**
   * What was found damaged, in one line, although nothing is lost: `snapshot` is then an older one (or none), and
   * `tail` begins in history. The next newer snapshot that is put repairs it.
   */
  readonly damage?: string
}

export interface DocumentInfo {
  readonly id: string
  /** Empty when nobody named it. At most 200 characters. */
  readonly title: string
  readonly kind: DocumentKind
  /** Newest version of the schema that its writers said they write; 0 when none did. Opaque to the store. */
  readonly schema: number
  readonly createdAt: number
  /** Time of the last committed update, or of creation; ms since 1970. */
  readonly updatedAt: number
  /** When it was moved to the trash, ms since 1970; undefined when it was not. */
  readonly trashedAt: number | undefined
  readonly lastSeq: Sequence
  /** Bytes of its snapshot and tail. */
  readonly bytes: number
}

export interface DocumentQuery {
  /** Part of a title, any case; every document when empty. */
  readonly search?: string
  /** Those in the trash, or (default) those that are not. */
  readonly trashed?: boolean
  /** Default 100. */
  readonly limit?: number
  readonly offset?: number
}

export interface DocumentStore {
  /** Random, made when the folder is first used and again at each restore: tells clients that history may have moved back. */
  readonly epoch: string

  /**
   * Adds `updates` to the document's log in the order given, all of them or none, creating nothing:
   * the document must be in the catalogue. Calls for one document commit in the order of the calls; when one
   * fails, so do those for the same document that wait behind it, since they may build upon what is then missing.
   *
   * @param updates 1 to 1,024 of them; their bytes must not change until the promise settles.
   * @returns the sequence of the last one. Resolves only when the bytes would survive a power cut,
   *   so the caller may acknowledge.
   * @throws {StoreError} `full`, `unavailable`: nothing was written, try again later; `not-found`; `corrupt`;
   *   `closed`: after a failed sync nobody can tell whether it was written.
   */
  append(documentId: string, updates: readonly NewUpdate[]): Promise<Sequence>

  /**
   * The stored state of a document: the newest snapshot that reads well and every update after it. Where the newest
   * one is damaged, the one before it and history stand in.
   * @throws {StoreError} `not-found`; `corrupt` when something is damaged that nothing else has: nothing of the document
   *   is returned.
   */
  load(documentId: string): Promise<StoredDocument>

  /**
   * Updates from `fromSeq` on that are still in the log, at most `limit` (default 1,000) of them.
   * @throws {StoreError} `not-found`, `corrupt`.
   */
  read(documentId: string, fromSeq: Sequence, limit?: number): Promise<readonly StoredUpdate[]>

  /**
   * Writes the snapshot, keeps the one before it, and folds the log through `snapshot.through` into history,
   * in one transaction. A snapshot that is not newer than the stored one is ignored; one that is damaged does not count
   * as stored, and leaves.
   * @throws {StoreError} `not-found`; `corrupt` when a record to be folded is damaged; `full`, `unavailable`.
   */
  putSnapshot(documentId: string, snapshot: Snapshot): Promise<void>

  /**
   * Folded updates from `fromSeq` on, in order, with their times and authors: some of them, at least one unless there
   * is none; ask again from the last one's sequence + 1 for more. What is still in the log, `read` gives.
   * @throws {StoreError} `not-found`, `corrupt`.
   */
  readHistory(documentId: string, fromSeq: Sequence): Promise<readonly StoredUpdate[]>

  /** @returns the entry and whether this call created it; an existing one is returned as it is. */
  create(entry: {
    id: string
    kind: DocumentKind
    title?: string
  }): Promise<{ document: DocumentInfo; created: boolean }>
  get(documentId: string): Promise<DocumentInfo | undefined>
  /** Newest change first. */
  list(query?: DocumentQuery): Promise<{ documents: readonly DocumentInfo[]; total: number }>
  rename(documentId: string, title: string): Promise<DocumentInfo>
  /** Raises the document's schema version to `schema`; never lowers it. */
  raiseSchema(documentId: string, schema: number): Promise<DocumentInfo>
  trash(documentId: string): Promise<DocumentInfo>
  untrash(documentId: string): Promise<DocumentInfo>
  /** Removes the document and everything of it for good, history included. */
  remove(documentId: string): Promise<void>

  /** Resolves when a write to the storage has just succeeded. @throws {StoreError} with the reason when it cannot. */
  checkWritable(): Promise<void>

  /** Called once when the store ends by itself, because a sync to disk failed: the process should exit and be started again. */
  onFatal(listener: (error: StoreError) => void): () => void

  /**
   * Finishes what was accepted, then lets the folder go. Safe to call twice.
   * @throws {StoreError} `unavailable` when the storage has not answered for as long as the store was opened to wait
   *   (20 s unless told otherwise): the folder is held until the process ends.
   */
  close(): Promise<void>
}
