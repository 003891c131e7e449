/**
 * One room per document: the promise is the lock. A document is loaded once however many ask for it, nothing is
 * served or accepted before it is, and a room that nobody is in leaves memory.
 */
import { type DocumentInfo, type DocumentStore, StoreError } from '@weft/persistence'
import { CLOSE, mayWrite, type Notice, ProtocolError } from '@weft/protocol'
import { noQuarantine, type Quarantine, SetAsideError } from '../crashes/quarantine.ts'
import type { Logger } from '../observe/logger.ts'
import type { Arrival, SessionSocket } from '../socket/arrival.ts'
import { Backlog } from '../socket/backlog.ts'
import { Session } from '../socket/session.ts'
import { type Clock, systemClock } from './clock.ts'
import { Compactor } from './compactor.ts'
import { Intake } from './intake.ts'
import { Joins } from './join.ts'
import { relieve } from './residency.ts'
import { Room } from './room.ts'
import { ROOM_LIMITS, type RoomLimits } from './room-limits.ts'
import { RoomCounters, type RoomStats } from './room-stats.ts'
import { type OpenedLog, StoredLog } from './stored-log.ts'

export interface RoomsOptions {
  readonly store: DocumentStore
  readonly logger: Logger
  /** What is left out has its default. */
  readonly limits?: Partial<RoomLimits>
  readonly clock?: Clock
  /** Default: none, a document that ends the process does so whenever it is opened. */
  readonly quarantine?: Quarantine
}

export interface Rooms {
  /** Hands over a socket that has just been opened; it is closed when the document cannot be. */
  attach(socket: SessionSocket, arrival: Arrival): void
  /** To every `weft.1` session of the document, if it is open. */
  notify(documentId: string, notice: Notice): void
  /** Closes every session of the document; with `CLOSE.deleted` it is not created again by who comes back. */
  closeDocument(documentId: string, code: number, reason: string): void
  /** Takes nobody new, waits for what was accepted, closes everybody with 1001 in slices. Safe to call twice. */
  drain(options?: { readonly withinMs?: number }): Promise<void>
  stats(): RoomStats
}

interface Loaded {
  readonly room: Room
  readonly joins: Joins
  /** Something stored of it was damaged when it was loaded, and the next compaction repairs it. */
  readonly isDamaged: boolean
}

interface LiveDocument {
  readonly loading: Promise<Loaded>
  /** Once that has been done. */
  loaded: Loaded | undefined
}

const TICK_MS = 1_000
/** Deleted documents that are remembered as such. */
const MAX_DELETED = 10_000
/** What a room takes besides its document, measured: of small documents that is nearly all. */
const ROOM_BYTES = 6_144
/** Sockets closed at a time by a drain, and the pause between: reconnects come spread, a thousand a second. */
const DRAIN_SLICE = 100
const DRAIN_PAUSE_MS = 100
/** Of the time that is left, what the pauses may take in all, however many sockets there are. */
const DRAIN_SHARE = 0.8

export function createRooms(options: RoomsOptions): Rooms {
  return new RoomRegistry(options)
}

class RoomRegistry implements Rooms {
  readonly #store: DocumentStore
  readonly #logger: Logger
  readonly #limits: RoomLimits
  readonly #clock: Clock
  readonly #quarantine: Quarantine
  readonly #counters = new RoomCounters()
  readonly #compactor: Compactor
  readonly #intake: Intake
  readonly #backlog = new Backlog()
  readonly #documents = new Map<string, LiveDocument>()
  readonly #sessions = new Set<Session>()
  readonly #deleted = new Set<string>()
  #cancelTick: (() => void) | undefined
  /** At the last look at all rooms, and what has been loaded since. */
  #residentBytes = 0
  #cancelRelief: (() => void) | undefined
  #drain: Promise<void> | undefined

  constructor(options: RoomsOptions) {
    const { store, logger, limits = {}, clock = systemClock, quarantine = noQuarantine } = options
    this.#store = store
    this.#quarantine = quarantine
    this.#logger = logger
    this.#limits = { ...ROOM_LIMITS, ...limits }
    this.#clock = clock
    const { maxWorkerBytes } = this.#limits
    this.#intake = new Intake(this.#limits.maxTotalQueuedBytes)
    this.#compactor = new Compactor({
      store,
      logger,
      counters: this.#counters,
      clock,
      quarantine,
      maxWorkerBytes,
    })
    this.#tickLater()
  }

  attach(socket: SessionSocket, arrival: Arrival): void {
    const deps = {
      clock: this.#clock,
      limits: this.#limits,
      logger: this.#logger,
      counters: this.#counters,
      intake: this.#intake,
      backlog: this.#backlog,
    }
    const session = new Session(socket, arrival, deps)
    if (this.#drain !== undefined) {
      session.close(CLOSE.draining, 'the server is stopping')
      return
    }
    this.#sessions.add(session)
    void this.#open(session, arrival)
  }

  async #open(session: Session, arrival: Arrival): Promise<void> {
    try {
      let loaded = await this.#load(arrival)
      // It may have ended since: nobody was here, or its storage failed.
      while (!loaded.room.isOpen && !session.isClosed) {
        this.#forget(loaded.room)
        loaded = await this.#load(arrival)
      }
      session.open({ ...loaded, epoch: this.#store.epoch })
    } catch (error) {
      // Who comes while the server stops finds the store closed; that is no fault.
      if (this.#drain !== undefined) {
        session.close(CLOSE.draining, 'the server is stopping')
        return
      }
      const { code, reason } = this.#refusalFor(error, arrival.documentId)
      session.close(code, reason)
    }
  }

  #load(arrival: Arrival): Promise<Loaded> {
    const { documentId } = arrival
    const found = this.#documents.get(documentId)
    if (found !== undefined) return found.loading
    const document: LiveDocument = { loading: this.#loadDocument(arrival), loaded: undefined }
    this.#documents.set(documentId, document)
    const isCurrent = (): boolean => this.#documents.get(documentId) === document
    document.loading.then(
      (loaded) => {
        if (isCurrent()) {
          document.loaded = loaded
          this.#grew(loaded)
        } else loaded.room.end(CLOSE.overloaded, 'closed while it was being loaded')
        return loaded
      },
      () => isCurrent() && this.#documents.delete(documentId),
    )
    return document.loading
  }

  async #loadDocument(arrival: Arrival): Promise<Loaded> {
    const stored = new StoredLog(this.#store, arrival.documentId)
    const risking = <Result>(work: () => Promise<Result>): Promise<Result> =>
      this.#quarantine.run('open', arrival.documentId, work)
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
      this.#logger.warn(
        { documentId: info.id, damage },
        'a snapshot is damaged; history stands in, and the next compaction repairs it',
      )
    const restore = async (): Promise<void> => {
      await risking(() => stored.restore(log))
      this.#grew(loaded)
    }
    const room = new Room(info, log, known, {
      restore,
      store: this.#store,
      clock: this.#clock,
      limits: this.#limits,
      logger: this.#logger,
      counters: this.#counters,
      intake: this.#intake,
      requestCompaction: (room) => this.#compactor.request(room),
    })
    const joins = new Joins({
      log,
      clock: this.#clock,
      inlineBytes: this.#limits.inlineDiffBytes,
      differ: (update, vector) => risking(() => this.#compactor.differ(update, vector)),
      restore,
    })
    const loaded = { room, joins, isDamaged: damage !== undefined }
    return loaded
  }

  /** The document, made by who comes first where nobody signs in: guarded when that client knows the schema. */
  async #find({ documentId, role, schema }: Arrival): Promise<DocumentInfo> {
    const existing = await this.#store.get(documentId)
    if (existing === undefined && (!mayWrite(role) || this.#deleted.has(documentId)))
      throw new StoreError('not-found', `no document ${documentId}`)
    const info =
      existing ??
      (await this.#store.create({ id: documentId, kind: schema === undefined ? 'yjs' : 'weft' })).document
    if (info.trashedAt !== undefined)
      throw new StoreError('not-found', `document ${documentId} is in the trash`)
    this.#deleted.delete(documentId)
    return info
  }

  #refusalFor(error: unknown, documentId: string): { code: number; reason: string } {
    if (error instanceof StoreError && error.code === 'not-found')
      return { code: CLOSE.deleted, reason: 'there is no such document' }
    if (error instanceof SetAsideError) {
      this.#logger.warn({ documentId, reason: error.message }, 'a document that is set aside was asked for')
      const reason = 'opening it ended the server twice: it is set aside; see `weft verify` and `weft retry`'
      return { code: CLOSE.storeUnavailable, reason }
    }
    this.#logger.error({ err: error, documentId }, 'a document could not be opened')
    // A stored update that cannot be read is damage, whoever finds it.
    if (error instanceof StoreError || error instanceof ProtocolError)
      return { code: CLOSE.storeUnavailable, reason: 'the document cannot be read' }
    return { code: CLOSE.internal, reason: 'internal error' }
  }

  #loaded(): Loaded[] {
    return [...this.#documents.values()].flatMap(({ loaded }) => loaded ?? [])
  }

  #rooms(): Room[] {
    return this.#loaded().map(({ room }) => room)
  }

  notify(documentId: string, notice: Notice): void {
    this.#documents.get(documentId)?.loaded?.room.notify(notice)
  }

  closeDocument(documentId: string, code: number, reason: string): void {
    if (code === CLOSE.deleted) remember(this.#deleted, documentId, MAX_DELETED)
    this.#unload(documentId, code, reason)
    for (const session of this.#sessions) if (session.documentId === documentId) session.close(code, reason)
  }

  #unload(documentId: string, code: number, reason: string): void {
    const document = this.#documents.get(documentId)
    this.#documents.delete(documentId)
    document?.loaded?.room.end(code, reason)
  }

  #forget(room: Room): void {
    if (this.#documents.get(room.documentId)?.loaded?.room === room) this.#documents.delete(room.documentId)
  }

  // Once a second.

  #tickLater(): void {
    this.#cancelTick = this.#clock.after(TICK_MS, () => {
      try {
        this.#tick(this.#clock.now())
      } catch (error) {
        this.#logger.error({ err: error }, 'rooms could not be looked after')
      }
      this.#tickLater()
    })
  }

  #tick(now: number): void {
    for (const room of this.#rooms()) if (!room.isOpen) this.#forget(room)
    for (const session of this.#sessions) {
      if (session.isClosed) this.#sessions.delete(session)
      else session.tick(now)
    }
    this.#relieveSockets()
    for (const { room, joins, isDamaged } of this.#loaded()) {
      joins.tick(now)
      room.log.tick()
      const isIdle = room.idleSince !== undefined && now - room.idleSince >= this.#limits.compactIdleMs
      if (isIdle && this.#isWorthFolding(room, isDamaged)) this.#compactor.request(room)
    }
    this.#relieve(now)
  }

  #isWorthFolding(room: Room, isDamaged: boolean): boolean {
    const { idleTailRecords, idleTailBytes } = this.#limits
    const { tailRecords, tailBytes } = room.log.sizes
    // What a damaged snapshot made necessary to read is put right at the first occasion.
    if (isDamaged) return tailRecords > 0
    return tailRecords > idleTailRecords || tailBytes > idleTailBytes
  }

  /** Bytes that wait in all sockets, in memory. */
  #waitingBytes(): number {
    let bytes = -this.#backlog.sharedBytes
    for (const session of this.#sessions) bytes += session.waitingBytes
    return bytes
  }

  /** Who has been behind the longest goes first; they come back, and what they missed is in the log. */
  #relieveSockets(): void {
    const { maxTotalBufferedBytes } = this.#limits
    if (this.#waitingBytes() <= maxTotalBufferedBytes) return
    const behind = [...this.#sessions].filter(({ waitingBytes }) => waitingBytes > 0)
    const since = ({ slowSince }: Session): number => slowSince ?? Number.POSITIVE_INFINITY
    behind.sort((a, b) => (since(a) === since(b) ? b.waitingBytes - a.waitingBytes : since(a) - since(b)))
    for (const session of behind) {
      if (this.#waitingBytes() <= maxTotalBufferedBytes) return
      session.close(CLOSE.overloaded, 'too much waits for slow readers')
    }
  }

  /** Between two looks at all rooms: a crowd must not wait for the next one, nor look at all of them each time. */
  #grew({ room }: Loaded): void {
    this.#residentBytes += room.residentBytes
    if (this.#residentBytes <= this.#limits.maxResidentBytes || this.#cancelRelief !== undefined) return
    // After those who waited for it have been answered.
    this.#cancelRelief = this.#clock.after(0, () => this.#relieve(this.#clock.now()))
  }

  #relieve(now: number): void {
    this.#cancelRelief?.()
    this.#cancelRelief = undefined
    const residents = this.#loaded().map(({ room, joins }) => ({
      room,
      joins,
      residentBytes:
        room.residentBytes + joins.residentBytes + (room.idleSince === undefined ? 0 : ROOM_BYTES),
      releasableBytes: joins.isComputing ? 0 : room.releasableBytes + joins.residentBytes,
      idleSince: room.idleSince,
      usedAt: room.usedAt,
      mayLeave: room.uncommitted === 0 && !this.#compactor.isBusyWith(room),
    }))
    const { leaving, releasing } = relieve(residents, this.#limits, now)
    for (const { room } of leaving) this.#unload(room.documentId, CLOSE.draining, 'nobody is here')
    for (const { room, joins } of releasing) {
      room.release()
      joins.release()
      this.#counters.released++
    }
    this.#residentBytes = this.#loaded().reduce((sum, { room }) => sum + room.residentBytes, 0)
  }

  // The end.

  drain({ withinMs = 8_000 }: { readonly withinMs?: number } = {}): Promise<void> {
    this.#drain ??= this.#close(withinMs)
    return this.#drain
  }

  async #close(withinMs: number): Promise<void> {
    this.#cancelTick?.()
    this.#cancelRelief?.()
    const endAt = this.#clock.now() + withinMs
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => void this.#clock.after(ms, resolve))
    const committed = Promise.all(this.#rooms().map((room) => room.whenIdle()))
    // A storage that hangs must not keep the process: what it has not taken, its writers still hold.
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const cancel = this.#clock.after(withinMs / 2, resolve)
    await Promise.race([committed, late])
    cancel()
    const open = [...this.#sessions].filter((session) => !session.isClosed)
    const pauses = Math.ceil(open.length / DRAIN_SLICE) - 1
    const pauseMs = Math.min(
      DRAIN_PAUSE_MS,
      ((endAt - this.#clock.now()) * DRAIN_SHARE) / Math.max(pauses, 1),
    )
    for (let from = 0; from < open.length; from += DRAIN_SLICE) {
      for (const session of open.slice(from, from + DRAIN_SLICE))
        session.close(CLOSE.draining, 'the server is stopping')
      if (from + DRAIN_SLICE < open.length) await sleep(pauseMs)
    }
    for (const documentId of this.#documents.keys())
      this.#unload(documentId, CLOSE.draining, 'the server is stopping')
    await this.#compactor.close()
  }

  stats(): RoomStats {
    const rooms = this.#rooms()
    const { slowSessions, refusals, closes, ...counters } = this.#counters
    return {
      ...counters,
      refusals: { ...refusals },
      closes: new Map(closes),
      slowSessions,
      rooms: rooms.length,
      roomsWithoutSessions: rooms.filter((room) => room.size === 0).length,
      sessions: [...this.#sessions].filter((session) => !session.isClosed).length,
      roomsReleased: rooms.filter((room) => !room.log.isWhole).length,
      waitingBytes: this.#waitingBytes(),
      queuedBytes: this.#intake.bytes,
      heldSessions: this.#intake.held,
      residentBytes: rooms.reduce((sum, room) => sum + room.residentBytes, 0),
      uncommitted: rooms.reduce((sum, room) => sum + room.uncommitted, 0),
      roomsNotStoring: rooms.filter((room) => room.storage.state !== 'ok').length,
      fenced: this.#compactor.fenced,
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'not-found'
}

/** Adds to a set that forgets the oldest beyond `max`. */
function remember(set: Set<string>, value: string, max: number): void {
  set.delete(value)
  set.add(value)
  for (const oldest of set) {
    if (set.size <= max) return
    set.delete(oldest)
  }
}
