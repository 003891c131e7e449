/**
 * The driver for one folder on one machine: `weft.db`, written by one thread and read by another.
 *
 * This side only packs, sends and unpacks; the event loop never waits for the disk.
 */
import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
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
} from '../../driver.ts'
import { StoreError } from '../../error.ts'
import type { DocumentInfo, Sequence, StoredUpdate } from '../../store.ts'
import type { Pragmas, Synchronous } from './connection.ts'
import { pack, unpack } from './pack.ts'
import type { PackedDocument, Reader } from './reader.ts'
import type { UpdateFacts } from './rows.ts'
import type { SqliteWorkerData, WriterReady } from './sqlite-worker.ts'
import { WorkerCalls } from './worker-calls.ts'
import type { Writer } from './writer.ts'

export interface SqliteOptions {
  /** Made when missing, readable by its owner only. */
  readonly folder: string
  /** `FULL`; a test shows that anything else is refused. */
  readonly synchronous?: Synchronous
  /** See `StoreOptions`. */
  readonly onFinding?: (finding: string) => void
}

export class SqliteDriver implements Driver {
  readonly epoch: string
  readonly #writer: WorkerCalls<Writer>
  readonly #reader: WorkerCalls<Reader>
  readonly #fatalListeners = new Set<(error: StoreError) => void>()
  #fatal: StoreError | undefined
  #closing: Promise<void> | undefined

  private constructor(epoch: string, writer: WorkerCalls<Writer>, reader: WorkerCalls<Reader>) {
    this.epoch = epoch
    this.#writer = writer
    this.#reader = reader
  }

  /** @throws {StoreError} `locked`, `newer`, `corrupt`, `full`, `unavailable`: in one line that names the folder. */
  static async open(options: SqliteOptions): Promise<SqliteDriver> {
    const { folder, synchronous = 'FULL', onFinding = () => undefined } = options
    const path = resolve(folder)
    let end: (error: StoreError) => void = () => undefined
    const onEnd = (error: StoreError): void => end(error)
    const writer = new WorkerCalls<Writer>(startWorker({ role: 'writer', folder: path, synchronous }), onEnd)
    try {
      const { epoch, findings } = (await writer.ready()) as WriterReady
      const reader = new WorkerCalls<Reader>(startWorker({ role: 'reader', folder: path }), onEnd)
      try {
        await reader.ready()
      } catch (error) {
        await reader.terminate()
        await writer.call('close', undefined)
        throw error
      }
      const driver = new SqliteDriver(epoch, writer, reader)
      for (const finding of findings) onFinding(finding)
      end = (error) => void driver.#end(error)
      return driver
    } catch (error) {
      await writer.terminate()
      throw error
    }
  }

  async append(batch: readonly Append[], at: number): Promise<readonly AppendOutcome[]> {
    const outcomes = await this.#writer.call('append', {
      at,
      appends: batch.map(({ documentId, updates }) => ({
        documentId,
        principals: updates.map((update) => update.principal),
      })),
      packed: pack(batch.flatMap(({ updates }) => updates.map((update) => update.bytes))),
    })
    return outcomes.map((outcome) =>
      outcome.kind === 'committed'
        ? outcome
        : { kind: 'failed', error: new StoreError(outcome.code, outcome.message) },
    )
  }

  async load(documentId: string): Promise<DocumentRows | undefined> {
    const answer = await this.#reader.call('load', documentId)
    return answer && unpackDocument(answer)
  }

  async readLog(documentId: string, range: LogRange): Promise<readonly StoredUpdate[] | undefined> {
    const answer = await this.#reader.call('readLog', { documentId, range })
    return answer && withBytes(answer.updates, unpack(answer.packed))
  }

  extent(documentId: string): Promise<DocumentExtent | undefined> {
    return this.#reader.call('extent', documentId)
  }

  soundSnapshot(documentId: string): Promise<Sequence | undefined> {
    return this.#reader.call('soundSnapshot', documentId)
  }

  async readSegments(
    documentId: string,
    fromSeq: Sequence,
    limit: number,
  ): Promise<readonly SegmentRow[] | undefined> {
    const answer = await this.#reader.call('readSegments', { documentId, fromSeq, limit })
    return answer && withBytes(answer.segments, unpack(answer.packed))
  }

  async fold({ documentId, after, keep, snapshot, segments }: Fold): Promise<boolean> {
    return this.#writer.call('fold', {
      documentId,
      after,
      keep,
      through: snapshot.through,
      segments: segments.map(({ first, last }) => ({ first, last })),
      packed: pack([snapshot.bytes, snapshot.summary, ...segments.map((segment) => segment.bytes)]),
    })
  }

  insertDocument(document: NewDocument): Promise<{ document: DocumentInfo; created: boolean }> {
    return this.#writer.call('insertDocument', document)
  }

  findDocument(documentId: string): Promise<DocumentInfo | undefined> {
    return this.#reader.call('findDocument', documentId)
  }

  listDocuments(query: CatalogueQuery): Promise<{ documents: readonly DocumentInfo[]; total: number }> {
    return this.#reader.call('listDocuments', query)
  }

  changeDocument(documentId: string, change: CatalogueChange): Promise<DocumentInfo | undefined> {
    return this.#writer.call('changeDocument', { documentId, change })
  }

  removeDocument(documentId: string): Promise<boolean> {
    return this.#writer.call('removeDocument', documentId)
  }

  async probe(): Promise<void> {
    await this.#writer.call('probe', undefined)
  }

  /** The settings of the very connection that commits. */
  inspect(): Promise<Pragmas> {
    return this.#writer.call('inspect', undefined)
  }

  /** Lets the database grow to so many pages of 4 KiB and no further: a full disk, to order. */
  async limitPages(pages: number): Promise<void> {
    await this.#writer.call('limitPages', pages)
  }

  onFatal(listener: (error: StoreError) => void): () => void {
    this.#fatalListeners.add(listener)
    return () => this.#fatalListeners.delete(listener)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    try {
      await this.#writer.call('finish', undefined)
      await this.#reader.call('close', undefined)
      await this.#writer.call('close', undefined)
    } catch (error) {
      // Its listeners have been told; there is nothing more to close in order.
      if (this.#fatal === undefined) throw error
    } finally {
      // In this order for the reason given at #end.
      await this.#writer.terminate()
      await this.#reader.terminate()
    }
  }

  async #end(error: StoreError): Promise<void> {
    if (this.#fatal !== undefined) return
    this.#fatal = error
    // The writer ends while the reader still has the database open. SQLite therefore does not take it for the last
    // one, and makes no checkpoint, whose sync may falsely succeed now and give up the log file.
    await this.#writer.terminate()
    for (const listener of this.#fatalListeners) listener(error)
  }
}

export function unpackDocument(document: PackedDocument): DocumentRows {
  const { lastSeq, snapshot, segments, log, damage, packed } = document
  const parts = unpack(packed)
  const [bytes = new Uint8Array(), summary = new Uint8Array()] =
    snapshot === undefined ? [] : parts.splice(0, 2)
  const folded = parts.splice(0, segments.length)
  return {
    lastSeq,
    snapshot: snapshot && { through: snapshot.through, bytes, summary },
    segments: withBytes(segments, folded),
    log: withBytes(log, parts),
    damage,
  }
}

function startWorker(data: SqliteWorkerData): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return new Worker(new URL(`./sqlite-worker.${extension}`, import.meta.url), { workerData: data })
}

function withBytes<Facts extends UpdateFacts | { first: number; last: number }>(
  facts: readonly Facts[],
  parts: readonly Uint8Array[],
): (Facts & { bytes: Uint8Array })[] {
  return facts.map((fact, index) => ({ ...fact, bytes: parts[index] ?? new Uint8Array() }))
}
