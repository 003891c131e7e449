/**
 * The document on this device: what was typed survives a closed tab, with or without a server.
 *
 * Append-only: every update of the Yjs document is added, batched for at most 100 ms. Several tabs of one browser
 * append to the same copy without knowing of each other; loading merges what all of them wrote. A tab folds
 * records together only when their content is in its own document, so no tab can drop another one's words.
 *
 * Nothing here throws at the person who types. What fails is told as an event and tried again, and what has
 * been told as kept is in a completed transaction. Which edits the server has is told from outside.
 */
import type { IDBPDatabase } from 'idb'
import * as Y from 'yjs'
import type { ApplyGate } from '../apply-gate.ts'
import { type Clock, systemClock } from './clock.ts'
import {
  type CopyDatabase,
  type CopyWrite,
  copyKey,
  openCopies,
  readCopy,
  type StoredCopy,
  type WaitingRow,
  writeCopy,
  writeDurable,
} from './local-copy-db.ts'
import { browserPage, type PageEvents } from './page-events.ts'
import type { Rekeyed } from './rekey.ts'
import type { CopyFailure } from './save-state.ts'

/** Longest an edit waits for company before it is written. */
const BATCH_MS = 100
/** What the server has called durable is noted with the next edit that is written, or when it has said nothing more for so long. */
const NOTE_MS = 300
/** After a failure; a full disk does not become empty by asking ten times a second. */
const RETRY_MS = 5_000
/** Fold the records together when there are so many, or when they outweigh the document by so many bytes. */
const FOLD_RECORDS = 200
const FOLD_BYTES = 262_144

export interface LocalCopyOptions {
  /** Address of the server, as the provider has it. */
  readonly server: string
  readonly documentId: string
  /** Who writes here; another person at the same browser has another copy. Default: nobody in particular. */
  readonly principal?: string
  /** Records after which a tab folds those it knows into one; default 200. */
  readonly foldRecords?: number
  readonly clock?: Clock
  readonly page?: PageEvents
}

export type CopyEvent =
  /** Edits through this number, as given to `record`, are in a completed transaction. */
  | { readonly kind: 'kept'; readonly through: number }
  /** The browser took the database away: nothing told as kept before is, until it is told again. */
  | { readonly kind: 'lost' }
  /** `cause`: what somebody's listener threw while the copy was added to the document. */
  | { readonly kind: 'failed'; readonly reason: CopyFailure; readonly cause?: unknown }

export interface LoadedCopy {
  /** The copy held something. */
  readonly found: boolean
  /** Edits of other pages that no server has called durable, not counting those told by an earlier load. */
  readonly waiting: number
}

export class LocalCopy {
  /** Origin of the transactions that load it. */
  readonly origin = Symbol('local copy')
  readonly #copy: string
  readonly #tab = crypto.randomUUID()
  readonly #foldRecords: number
  readonly #clock: Clock
  readonly #listeners = new Set<(event: CopyEvent) => void>()
  readonly #undoPage: () => void
  #database: Promise<IDBPDatabase<CopyDatabase>> | undefined
  #doc: Y.Doc | undefined
  /** Records whose content is in our document, and how many bytes of them came after the last folding. */
  readonly #known = new Set<number>()
  #knownBytes = 0
  #foldedBytes = 0
  /** Waiting rows of other tabs as last read: their edits through this number are in our document. */
  readonly #others = new Map<string, number>()
  #batch: Uint8Array[] = []
  /** By tab, the edits through which the server has called durable, and no row says so yet. */
  #notes = new Map<string, number>()
  #recorded = 0
  #written = 0
  #durable = 0
  #mustFold = false
  /** How often the database has gone under us: keys and writes of an earlier one say nothing of this one. */
  #losses = 0
  #cancelTimer: (() => void) | undefined
  #cancelNotes: (() => void) | undefined
  #work: Promise<void> = Promise.resolve()
  #closed = false
  /** It has been rewritten, and goes on as another page's. */
  #frozen = false

  constructor({ server, documentId, principal = '', foldRecords, clock, page }: LocalCopyOptions) {
    this.#foldRecords = foldRecords ?? FOLD_RECORDS
    this.#copy = copyKey(principal, server, documentId)
    this.#clock = clock ?? systemClock
    this.#undoPage = (page ?? browserPage()).onHidden(() => void this.flush())
  }

  /** @returns its undo. */
  onEvent(listener: (event: CopyEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Adds what is kept here to `doc`, which must be the same one every time. Called again it adds what
   * other tabs have written since. Never rejects: a copy that cannot be read is told as `failed`.
   */
  load(doc: Y.Doc, gate: ApplyGate): Promise<LoadedCopy> {
    this.#doc = doc
    const before = this.#work
    const loading = (async () => {
      await before
      return this.#load(doc, gate)
    })()
    this.#work = settled(loading)
    return loading
  }

  async #load(doc: Y.Doc, gate: ApplyGate): Promise<LoadedCopy> {
    const losses = this.#losses
    let stored: StoredCopy
    try {
      stored = await readCopy(await this.#open(), this.#copy, this.#known)
    } catch (cause) {
      this.#emit({ kind: 'failed', reason: failureOf(cause) })
      return { found: false, waiting: 0 }
    }
    let applied = stored.updates.size === 0
    try {
      if (!applied)
        gate.run(() =>
          doc.transact(() => {
            this.#apply(doc, stored.updates, losses)
            applied = true
          }, this.origin),
        )
    } catch (cause) {
      this.#emit({ kind: 'failed', reason: 'broken', cause })
    }
    // What did not get into the document must not be called durable with it: it is counted by a later load.
    const found = this.#known.size > 0 || (applied && stored.updates.size > 0)
    return { found, waiting: applied ? this.#noteRows(stored.rows) : 0 }
  }

  #apply(doc: Y.Doc, updates: ReadonlyMap<number, Uint8Array>, losses: number): void {
    for (const [key, bytes] of updates) {
      try {
        Y.applyUpdate(doc, bytes, this.origin)
      } catch {
        // One record that a fault of the disk has spoilt must not hide the others; it is never folded away.
        this.#emit({ kind: 'failed', reason: 'broken' })
        continue
      }
      // A key of a database that is gone may be another tab's record in the next one.
      if (losses !== this.#losses) continue
      this.#known.add(key)
      this.#knownBytes += bytes.length
    }
  }

  #noteRows(rows: readonly WaitingRow[]): number {
    let waiting = 0
    for (const { tab, written, durable } of rows) {
      if (tab === this.#tab) continue
      // What the server has said is true before a row says so.
      const onServer = Math.max(durable, this.#notes.get(tab) ?? 0)
      const counted = this.#others.get(tab) ?? 0
      waiting += Math.max(0, written - Math.max(onServer, counted))
      if (written > onServer) this.#others.set(tab, Math.max(counted, written))
    }
    return waiting
  }

  /**
   * Keeps an update of the document, soon.
   *
   * @param edit the number of the edit made on this page, from 1 and rising by 1; undefined for others' updates.
   */
  record(update: Uint8Array, edit: number | undefined): void {
    if (this.#closed || this.#frozen) return
    this.#batch.push(update)
    if (edit !== undefined) this.#recorded = edit
    this.#cancelTimer ??= this.#clock.after(BATCH_MS, () => void this.#keep())
  }

  /**
   * The server has called this page's edits through `through` durable, and, when `others` is set,
   * everything that `load` had added before they were sent.
   *
   * Noted soon, not at once: a transaction for every key's acknowledgement would cost more than the key. A page that dies
   * before it has noted it leaves edits as waiting that are on the server, which the next one finds out there.
   */
  acknowledge(through: number, others: boolean): void {
    this.#durable = Math.max(this.#durable, through)
    if (others) {
      for (const [tab, written] of this.#others) this.#notes.set(tab, written)
      this.#others.clear()
    }
    this.#notes.set(this.#tab, this.#durable)
    this.#cancelNotes?.()
    if (!this.#closed) this.#cancelNotes = this.#clock.after(NOTE_MS, () => void this.flush())
  }

  /**
   * Puts `change` of everything that is kept here, and of the document, in its place, in one transaction. From now on
   * nothing more is recorded: what is in the document is not what the copy holds.
   *
   * @returns false when that failed: what is kept is as it was
   */
  async rewrite(change: (update: Uint8Array) => Rekeyed): Promise<boolean> {
    this.#frozen = true
    let done = false
    await this.#enqueue(async () => {
      const doc = this.#doc
      if (doc === undefined) return
      const database = await this.#open()
      const { updates } = await readCopy(database, this.#copy, new Set())
      const { rest, rewritten } = change(Y.mergeUpdates([...updates.values(), Y.encodeStateAsUpdate(doc)]))
      await writeCopy(database, {
        copy: this.#copy,
        tab: this.#tab,
        bytes: rewritten === undefined ? rest : Y.mergeUpdates([rest, rewritten]),
        replaces: [...updates.keys()],
        written: this.#recorded,
        writtenBefore: this.#written,
        durable: this.#durable,
      })
      done = true
      this.#batch = []
      this.#written = this.#recorded
      this.#emit({ kind: 'kept', through: this.#recorded })
    })
    return done
  }

  /** Writes what waits, now. Resolves when it is written, or has failed and been told. */
  flush(): Promise<void> {
    void this.#keep()
    return this.#enqueue(() => this.#note())
  }

  #keep(): Promise<void> {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    return this.#enqueue(() => this.#write())
  }

  /** Writes what waits and lets go of the database. Safe to call twice. */
  async close(): Promise<void> {
    this.#undoPage()
    await this.flush()
    this.#closed = true
    this.#cancelTimer?.()
    const database = this.#database
    this.#database = undefined
    const opened = await database?.catch(() => undefined)
    opened?.close()
  }

  async #write(): Promise<void> {
    const doc = this.#doc
    if (doc === undefined || this.#frozen || (this.#batch.length === 0 && !this.#mustFold)) return
    const losses = this.#losses
    const batch = this.#batch
    const through = this.#recorded
    const fold = this.#mustFold || this.#shouldFold()
    this.#batch = []
    const bytes = fold ? Y.encodeStateAsUpdate(doc) : Y.mergeUpdates(batch)
    const write: CopyWrite = {
      copy: this.#copy,
      tab: this.#tab,
      bytes,
      replaces: fold ? [...this.#known] : [],
      written: through,
      writtenBefore: this.#written,
      durable: this.#durable,
    }
    let key: number
    try {
      key = await writeCopy(await this.#open(), write)
    } catch (cause) {
      this.#batch = [bytes, ...this.#batch]
      throw cause
    }
    // It completed, and went with its database: the whole document is still to be written.
    if (losses !== this.#losses) return
    if (fold) this.#known.clear()
    this.#known.add(key)
    this.#foldedBytes = fold ? bytes.length : this.#foldedBytes
    this.#knownBytes = fold ? 0 : this.#knownBytes + bytes.length
    this.#mustFold = false
    this.#written = through
    if (this.#notes.get(this.#tab) === write.durable) this.#notes.delete(this.#tab)
    this.#emit({ kind: 'kept', through })
  }

  async #note(): Promise<void> {
    this.#cancelNotes?.()
    this.#cancelNotes = undefined
    const notes = new Map(this.#notes)
    // What has not been written yet carries the news itself.
    if (this.#written === 0) notes.delete(this.#tab)
    if (notes.size === 0) return
    await writeDurable(await this.#open(), this.#copy, notes)
    for (const [tab, through] of notes) if (this.#notes.get(tab) === through) this.#notes.delete(tab)
  }

  #shouldFold(): boolean {
    return this.#known.size >= this.#foldRecords || this.#knownBytes > Math.max(FOLD_BYTES, this.#foldedBytes)
  }

  /** One piece of work at a time, in order; a failure is told, and tried again later. */
  #enqueue(run: () => Promise<void>): Promise<void> {
    const running = this.#work.then(run).catch((cause: unknown) => {
      if ((this.#batch.length > 0 || this.#mustFold) && !this.#closed)
        this.#cancelTimer ??= this.#clock.after(RETRY_MS, () => void this.flush())
      this.#emit({ kind: 'failed', reason: failureOf(cause) })
    })
    this.#work = settled(running)
    return this.#work
  }

  #open(): Promise<IDBPDatabase<CopyDatabase>> {
    this.#database ??= openCopies(() => this.#gone()).catch((cause: unknown) => {
      this.#database = undefined
      throw cause
    })
    return this.#database
  }

  /** Gone under us, perhaps with its content: the whole document is put there again. */
  #gone(): void {
    this.#database = undefined
    this.#known.clear()
    this.#knownBytes = 0
    this.#written = 0
    this.#mustFold = true
    this.#losses++
    if (!this.#closed) this.#cancelTimer ??= this.#clock.after(BATCH_MS, () => void this.flush())
    this.#emit({ kind: 'lost' })
  }

  #emit(event: CopyEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}

/** Whatever became of it, what comes after it has its turn. */
async function settled(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch {
    // Only a listener of our events can have thrown.
  }
}

function failureOf(cause: unknown): CopyFailure {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : ''
  if (name === 'QuotaExceededError') return 'full'
  return name === 'DataError' || name === 'UnknownError' || name === 'VersionError' ? 'broken' : 'unavailable'
}
