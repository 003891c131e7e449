/**
 * A store over one that refuses now and then: asks again whatever was refused with `full` or `unavailable`, until it is
 * done. For each document in the order of the calls, as its writer would.
 */
import { StoreError } from '../error.ts'
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
import { StoreWrapper } from './store-wrapper.ts'

class PatientStore extends StoreWrapper {
  /** For each document its appends that are not done yet, in order, and whoever works on them. */
  readonly #waiting = new Map<string, WaitingAppend[]>()
  readonly #working = new Set<Promise<void>>()
  #closed = false

  override append(documentId: string, updates: readonly NewUpdate[]): Promise<Sequence> {
    if (this.#closed) return this.inner.append(documentId, updates)
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(documentId)
      const one = { updates, resolve, reject }
      if (waiting !== undefined) waiting.push(one)
      else {
        const started = [one]
        this.#waiting.set(documentId, started)
        const working = this.#work(documentId, started).finally(() => this.#working.delete(working))
        this.#working.add(working)
      }
    })
  }

  /** All of them at once, so that they share commits; those that were refused again, in their order. */
  async #work(documentId: string, waiting: WaitingAppend[]): Promise<void> {
    // What is asked for in the same turn goes together.
    await Promise.resolve()
    while (waiting.length > 0) {
      const round = waiting.splice(0)
      const settled = await Promise.allSettled(
        round.map(({ updates }) => this.inner.append(documentId, updates)),
      )
      const again: WaitingAppend[] = []
      settled.forEach((result, index) => {
        const one = round[index]
        if (one === undefined) return
        if (result.status === 'fulfilled') one.resolve(result.value)
        else if (isPassing(result.reason)) again.push(one)
        else one.reject(result.reason)
      })
      waiting.unshift(...again)
    }
    this.#waiting.delete(documentId)
  }

  override load(documentId: string): Promise<StoredDocument> {
    return again(() => super.load(documentId))
  }

  override read(documentId: string, fromSeq: Sequence, limit?: number): Promise<readonly StoredUpdate[]> {
    return again(() => super.read(documentId, fromSeq, limit))
  }

  override readHistory(documentId: string, fromSeq: Sequence): Promise<readonly StoredUpdate[]> {
    return again(() => super.readHistory(documentId, fromSeq))
  }

  override putSnapshot(documentId: string, snapshot: Snapshot): Promise<void> {
    return again(() => super.putSnapshot(documentId, snapshot))
  }

  override create(entry: {
    id: string
    kind: DocumentKind
    title?: string
  }): Promise<{ document: DocumentInfo; created: boolean }> {
    return again(() => super.create(entry))
  }

  override get(documentId: string): Promise<DocumentInfo | undefined> {
    return again(() => super.get(documentId))
  }

  override list(query?: DocumentQuery): Promise<{ documents: readonly DocumentInfo[]; total: number }> {
    return again(() => super.list(query))
  }

  override rename(documentId: string, title: string): Promise<DocumentInfo> {
    return again(() => super.rename(documentId, title))
  }

  override trash(documentId: string): Promise<DocumentInfo> {
    return again(() => super.trash(documentId))
  }

  override untrash(documentId: string): Promise<DocumentInfo> {
    return again(() => super.untrash(documentId))
  }

  override remove(documentId: string): Promise<void> {
    return again(() => super.remove(documentId))
  }

  override checkWritable(): Promise<void> {
    return again(() => super.checkWritable())
  }

  override async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#working)
    await super.close()
  }
}

interface WaitingAppend {
  readonly updates: readonly NewUpdate[]
  readonly resolve: (seq: Sequence) => void
  readonly reject: (error: unknown) => void
}

async function again<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isPassing(error)) throw error
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof StoreError && (error.code === 'full' || error.code === 'unavailable')
}

export function patientStore(store: DocumentStore): DocumentStore {
  return new PatientStore(store)
}
