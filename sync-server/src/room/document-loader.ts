/**
 * From a document's id to its room: looked up, or made by who comes first, its log read, its room built.
 *
 * What a document may do to the process while it is opened or folded is the quarantine's business; that it is loaded
 * once, however many ask, the registry's.
 */
import { type DocumentInfo, type DocumentStore, StoreError } from '@weft/persistence'
import { CLOSE, mayWrite, ProtocolError } from '@weft/protocol'
import { type Quarantine, SetAsideError } from '../crashes/quarantine.ts'
import type { Arrival } from '../socket/arrival.ts'
import type { Compactor } from './compactor.ts'
import { Joins } from './join.ts'
import { Room, type RoomDeps } from './room.ts'
import { type OpenedLog, StoredLog } from './stored-log.ts'

export interface Loaded {
  readonly room: Room
  readonly joins: Joins
  /** Something stored of it was damaged when it was loaded, and the next compaction repairs it. */
  readonly isDamaged: boolean
}

export interface LoaderOptions extends Omit<RoomDeps, 'restore' | 'requestCompaction'> {
  readonly store: DocumentStore
  readonly quarantine: Quarantine
  readonly compactor: Pick<Compactor, 'request' | 'differ'>
  /** A log has been read again for a room. */
  readonly grew: (loaded: Loaded) => void
}

/** Deleted documents that are remembered as such. */
const MAX_DELETED = 10_000

export class DocumentLoader {
  readonly #options: LoaderOptions
  /** Not made again by who comes back. */
  readonly #deleted = new Set<string>()

  constructor(options: LoaderOptions) {
    this.#options = options
  }

  /** It was deleted: who comes back must not create it. */
  deleted(documentId: string): void {
    this.#deleted.delete(documentId)
    this.#deleted.add(documentId)
    for (const oldest of this.#deleted) {
      if (this.#deleted.size <= MAX_DELETED) return
      this.#deleted.delete(oldest)
    }
  }

  /** @throws whatever `refusalFor` can say in words */
  async load(arrival: Arrival): Promise<Loaded> {
    const { store, quarantine, logger, clock, limits, compactor, grew } = this.#options
    const stored = new StoredLog(store, arrival.documentId)
    const risking = <Result>(work: () => Promise<Result>): Promise<Result> =>
      quarantine.run('open', arrival.documentId, work)
    const open = (): Promise<OpenedLog> => risking(() => stored.open())
    // Asked for at once, so that a cold document costs one way to the storage and not two.
    const [found, opened] = await Promise.allSettled([this.#find(arrival), open()])
    if (found.status === 'rejected') throw found.reason
    const info = found.value
    // It was not there when it was read, and has been made since.
    const wasMade = opened.status === 'rejected' && isNotFound(opened.reason)
    if (opened.status === 'rejected' && !wasMade) throw opened.reason
    const { log, known, damage } = opened.status === 'fulfilled' ? opened.value : await open()
    if (damage !== undefined)
      logger.warn(
        { documentId: info.id, damage },
        'a snapshot is damaged; history stands in, and the next compaction repairs it',
      )
    const restore = async (): Promise<void> => {
      await risking(() => stored.restore(log))
      grew(loaded)
    }
    const requestCompaction = (room: Room): void => compactor.request(room)
    const room = new Room(info, log, known, { ...this.#options, restore, requestCompaction })
    const joins = new Joins({
      log,
      clock,
      inlineBytes: limits.inlineDiffBytes,
      differ: (update, vector) => risking(() => compactor.differ(update, vector)),
      restore,
    })
    const loaded = { room, joins, isDamaged: damage !== undefined }
    return loaded
  }

  /** With which words a session is closed whose document could not be loaded; what is a fault is logged. */
  refusalFor(error: unknown, documentId: string): { code: number; reason: string } {
    const { logger } = this.#options
    if (isNotFound(error)) return { code: CLOSE.deleted, reason: 'there is no such document' }
    if (error instanceof SetAsideError) {
      logger.warn({ documentId, reason: error.message }, 'a document that is set aside was asked for')
      const reason = 'opening it ended the server twice: it is set aside; see `weft verify` and `weft retry`'
      return { code: CLOSE.storeUnavailable, reason }
    }
    logger.error({ err: error, documentId }, 'a document could not be opened')
    // A stored update that cannot be read is damage, whoever finds it.
    if (error instanceof StoreError || error instanceof ProtocolError)
      return { code: CLOSE.storeUnavailable, reason: 'the document cannot be read' }
    return { code: CLOSE.internal, reason: 'internal error' }
  }

  /** The document, made by who comes first where nobody signs in: guarded when that client knows the schema. */
  async #find({ documentId, role, schema }: Arrival): Promise<DocumentInfo> {
    const { store } = this.#options
    const existing = await store.get(documentId)
    if (existing === undefined && (!mayWrite(role) || this.#deleted.has(documentId)))
      throw new StoreError('not-found', `no document ${documentId}`)
    const info =
      existing ??
      (await store.create({ id: documentId, kind: schema === undefined ? 'yjs' : 'weft' })).document
    if (info.trashedAt !== undefined)
      throw new StoreError('not-found', `document ${documentId} is in the trash`)
    this.#deleted.delete(documentId)
    return info
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'not-found'
}
