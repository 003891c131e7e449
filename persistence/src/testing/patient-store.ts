/**
 * A store over one that refuses now and then: asks again whatever was refused with `full` or `unavailable`, until it is
 * done.
 *
 * It trusts the contract: when one append is refused, so are those of its document that were offered behind it, and all
 * of them are offered again in their order. A store that commits one of those would have them in the wrong order.
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
  readonly #queues = new Map<string, Queue>()
  readonly #unsettled = new Set<Promise<Sequence>>()
  #appends = 0

  override append(documentId: string, updates: readonly NewUpdate[]): Promise<Sequence> {
    let queue = this.#queues.get(documentId)
    if (queue === undefined) {
      queue = { documentId, underWay: 0, refused: [] }
      this.#queues.set(documentId, queue)
    }
    const { promise, resolve, reject } = Promise.withResolvers<Sequence>()
    this.#appends += 1
    const one = { order: this.#appends, updates, resolve, reject }
    // Behind those that wait to be offered again, not before them.
    if (queue.refused.length > 0) queue.refused.push(one)
    else void this.#offer(queue, one)
    this.#unsettled.add(promise)
    const settled = (): boolean => this.#unsettled.delete(promise)
    promise.then(settled, settled)
    return promise
  }

  async #offer(queue: Queue, one: WaitingAppend): Promise<void> {
    queue.underWay += 1
    try {
      one.resolve(await this.inner.append(queue.documentId, one.updates))
    } catch (error) {
      if (isPassing(error)) queue.refused.push(one)
      else one.reject(error)
    }
    queue.underWay -= 1
    if (queue.underWay > 0) return
    const again = queue.refused.splice(0).sort((a, b) => a.order - b.order)
    for (const waiting of again) void this.#offer(queue, waiting)
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

  override raiseSchema(documentId: string, schema: number): Promise<DocumentInfo> {
    return again(() => super.raiseSchema(documentId, schema))
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
    await Promise.allSettled(this.#unsettled)
    await super.close()
  }
}

interface Queue {
  readonly documentId: string
  underWay: number
  /** And what came after they were. */
  readonly refused: WaitingAppend[]
}

interface WaitingAppend {
  readonly order: number
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
