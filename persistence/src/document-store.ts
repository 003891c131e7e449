/**
 * `DocumentStore` over any driver: group commit, folding, folded titles, what is refused.
 *
 * The promises of `store.ts` are kept here once; a driver only moves rows.
 */
import { clearTimeout, setTimeout } from 'node:timers'
import type { Append, DocumentRows, Driver, SegmentRow } from './driver.ts'
import { StoreError } from './error.ts'
import { foldTitle } from './fold-title.ts'
import { GroupCommit, type Outcome } from './group-commit.ts'
import { packSegment, unpackSegment } from './history.ts'
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
} from './store.ts'

/** A batch beyond either bound would make those behind it wait for more than one ordinary commit. */
const MAX_BATCH_APPENDS = 1_024
const MAX_BATCH_BYTES = 8 * 1024 * 1024
/** Log rows read, and packed into one history segment, at a time while folding. */
const ROWS_PER_SEGMENT = 1_000
const MAX_UPDATES_PER_APPEND = 1_024
const MAX_PRINCIPAL_CHARACTERS = 128
const MAX_TITLE_CHARACTERS = 200
const DEFAULT_READ_LIMIT = 1_000
const DEFAULT_LIST_LIMIT = 100

export interface DocumentStoreOptions {
  /** ms since 1970. */
  readonly now: () => number
  /** See `StoreOptions`. */
  readonly closeWithinMs: number
  /** Runs `start` once this turn's appends have arrived. */
  readonly schedule: (start: () => void) => void
}

export class DriverStore implements DocumentStore {
  readonly epoch: string
  readonly #driver: Driver
  readonly #now: () => number
  readonly #closeWithinMs: number
  readonly #commits: GroupCommit<Append, Sequence>
  /** Why calls are refused; undefined while they are not. */
  #closed: StoreError | undefined
  #closing: Promise<void> | undefined

  constructor(driver: Driver, { now, closeWithinMs, schedule }: DocumentStoreOptions) {
    this.epoch = driver.epoch
    this.#driver = driver
    this.#now = now
    this.#closeWithinMs = closeWithinMs
    driver.onFatal((error) => {
      this.#closed ??= error
    })
    this.#commits = new GroupCommit({
      commit: (batch) => this.#commit(batch),
      keyOf: (append) => append.documentId,
      bytesOf: (append) => append.updates.reduce((sum, update) => sum + update.bytes.length, 0),
      schedule,
      maxItems: MAX_BATCH_APPENDS,
      maxBytes: MAX_BATCH_BYTES,
    })
  }

  async append(documentId: string, updates: readonly NewUpdate[]): Promise<Sequence> {
    this.#assertOpen()
    assertUpdates(updates)
    return this.#commits.submit({ documentId, updates })
  }

  async load(documentId: string): Promise<StoredDocument> {
    this.#assertOpen()
    return joinRows(documentId, known(documentId, await this.#driver.load(documentId)))
  }

  async read(
    documentId: string,
    fromSeq: Sequence,
    limit = DEFAULT_READ_LIMIT,
  ): Promise<readonly StoredUpdate[]> {
    this.#assertOpen()
    const range = { from: fromSeq, through: Number.MAX_SAFE_INTEGER, limit }
    return known(documentId, await this.#driver.readLog(documentId, range))
  }

  async readHistory(documentId: string, fromSeq: Sequence): Promise<readonly StoredUpdate[]> {
    this.#assertOpen()
    const [segment] = known(documentId, await this.#driver.readSegments(documentId, fromSeq, 1))
    if (segment === undefined) return []
    return (await unpackSegment(documentId, segment)).filter((update) => update.seq >= fromSeq)
  }

  async putSnapshot(documentId: string, snapshot: Snapshot): Promise<void> {
    this.#assertOpen()
    const { foldedThrough: after, lastSeq } = known(documentId, await this.#driver.extent(documentId))
    if (snapshot.through > lastSeq) {
      throw new RangeError(`document ${documentId} has no update ${snapshot.through} to be in a snapshot`)
    }
    const keep = known(documentId, await this.#driver.soundSnapshot(documentId))
    // With the newest one damaged, a snapshot of the same sequence is what repairs it.
    if (snapshot.through <= keep || snapshot.through < after) return
    const segments = await this.#packLog(documentId, after, snapshot.through)
    const folded =
      segments !== undefined && (await this.#driver.fold({ documentId, after, keep, snapshot, segments }))
    // Another fold came first: this one may still be newer than what that one stored.
    if (!folded) await this.putSnapshot(documentId, snapshot)
  }

  /** @returns undefined when the log was folded meanwhile. */
  async #packLog(documentId: string, after: Sequence, through: Sequence): Promise<SegmentRow[] | undefined> {
    const segments: SegmentRow[] = []
    for (let from = after + 1; from <= through; from += ROWS_PER_SEGMENT) {
      const count = Math.min(ROWS_PER_SEGMENT, through - from + 1)
      const rows = known(documentId, await this.#driver.readLog(documentId, { from, through, limit: count }))
      const extent = known(documentId, await this.#driver.extent(documentId))
      if (extent.foldedThrough !== after) return undefined
      assertContiguous(documentId, rows, { from, count })
      segments.push(await packSegment(rows))
    }
    return segments
  }

  async create(entry: {
    id: string
    kind: DocumentKind
    title?: string
  }): Promise<{ document: DocumentInfo; created: boolean }> {
    this.#assertOpen()
    const { id, kind, title = '' } = entry
    assertTitle(title)
    return this.#driver.insertDocument({
      id,
      kind,
      title,
      foldedTitle: foldTitle(title),
      createdAt: this.#now(),
    })
  }

  async get(documentId: string): Promise<DocumentInfo | undefined> {
    this.#assertOpen()
    return this.#driver.findDocument(documentId)
  }

  async list(query: DocumentQuery = {}): Promise<{ documents: readonly DocumentInfo[]; total: number }> {
    this.#assertOpen()
    const { search = '', trashed = false, limit = DEFAULT_LIST_LIMIT, offset = 0 } = query
    return this.#driver.listDocuments({ foldedSearch: foldTitle(search.trim()), trashed, limit, offset })
  }

  async rename(documentId: string, title: string): Promise<DocumentInfo> {
    this.#assertOpen()
    assertTitle(title)
    const change = { kind: 'rename', title, foldedTitle: foldTitle(title) } as const
    return known(documentId, await this.#driver.changeDocument(documentId, change))
  }

  async raiseSchema(documentId: string, schema: number): Promise<DocumentInfo> {
    this.#assertOpen()
    if (!Number.isSafeInteger(schema) || schema < 0)
      throw new RangeError(`a schema version is a whole number, not ${schema}`)
    const change = { kind: 'raise-schema', schema } as const
    return known(documentId, await this.#driver.changeDocument(documentId, change))
  }

  async trash(documentId: string): Promise<DocumentInfo> {
    this.#assertOpen()
    const change = { kind: 'trash', at: this.#now() } as const
    return known(documentId, await this.#driver.changeDocument(documentId, change))
  }

  async untrash(documentId: string): Promise<DocumentInfo> {
    this.#assertOpen()
    return known(documentId, await this.#driver.changeDocument(documentId, { kind: 'untrash' }))
  }

  async remove(documentId: string): Promise<void> {
    this.#assertOpen()
    if (!(await this.#driver.removeDocument(documentId))) throw notFound(documentId)
  }

  async checkWritable(): Promise<void> {
    this.#assertOpen()
    await this.#driver.probe()
  }

  onFatal(listener: (error: StoreError) => void): () => void {
    return this.#driver.onFatal(listener)
  }

  close(): Promise<void> {
    this.#closed ??= new StoreError('closed', 'the store is closed')
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const ms = this.#closeWithinMs
    const message = `the storage has not answered for ${ms} ms; what was acknowledged is on disk`
    const timer = setTimeout(() => reject(new StoreError('unavailable', message)), ms)
    const closed = this.#commits.whenIdle().then(() => this.#driver.close())
    try {
      await Promise.race([closed, late])
    } finally {
      clearTimeout(timer)
    }
  }

  async #commit(batch: readonly Append[]): Promise<readonly Outcome<Sequence>[]> {
    const outcomes = await this.#driver.append(batch, this.#now())
    return outcomes.map((outcome) =>
      outcome.kind === 'committed' ? { kind: 'committed', result: outcome.seq } : outcome,
    )
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw this.#closed
  }
}

/** @throws {StoreError} `corrupt` when an update is missing, or history cannot be unpacked. */
export async function joinRows(documentId: string, rows: DocumentRows): Promise<StoredDocument> {
  const { lastSeq, snapshot, segments, log, damage } = rows
  const start = snapshot?.through ?? 0
  const tail: StoredUpdate[] = []
  for (const segment of segments)
    for (const update of await unpackSegment(documentId, segment)) if (update.seq > start) tail.push(update)
  for (const update of log) tail.push(update)
  assertContiguous(documentId, tail, { from: start + 1, count: lastSeq - start, damage })
  return { snapshot, tail, ...(damage === undefined ? {} : { damage }) }
}

function notFound(documentId: string): StoreError {
  return new StoreError('not-found', `no document ${documentId}`)
}

function known<Value>(documentId: string, value: Value | undefined): Value {
  if (value === undefined) throw notFound(documentId)
  return value
}

/** A row that is missing is damage like any other: what follows it may build upon it. */
function assertContiguous(
  documentId: string,
  rows: readonly StoredUpdate[],
  expected: { from: Sequence; count: number; damage?: string | undefined },
): void {
  const missing = rows.findIndex((row, index) => row.seq !== expected.from + index)
  if (missing === -1 && rows.length === expected.count) return
  const seq = expected.from + (missing === -1 ? Math.min(rows.length, expected.count) : missing)
  const besides = expected.damage === undefined ? '' : `; ${expected.damage}`
  throw new StoreError('corrupt', `document ${documentId}: update ${seq} is missing${besides}`)
}

function assertUpdates(updates: readonly NewUpdate[]): void {
  if (updates.length < 1 || updates.length > MAX_UPDATES_PER_APPEND) {
    throw new RangeError(`an append takes 1 to ${MAX_UPDATES_PER_APPEND} updates, not ${updates.length}`)
  }
  for (const { bytes, principal } of updates) {
    if (bytes.length === 0) throw new RangeError('an update has at least one byte')
    if (principal.length > MAX_PRINCIPAL_CHARACTERS) {
      throw new RangeError(`a principal has at most ${MAX_PRINCIPAL_CHARACTERS} characters`)
    }
  }
}

function assertTitle(title: string): void {
  if (title.length <= MAX_TITLE_CHARACTERS) return
  throw new RangeError(`a title has at most ${MAX_TITLE_CHARACTERS} characters, not ${title.length}`)
}
