/**
 * One room per document: the promise is the lock. A document is loaded once however many ask for it, nothing is
 * served or accepted before it is, and a room that nobody is in leaves memory.
 *
 * How a document is loaded is `document-loader.ts`; the sessions of all rooms are `socket/crowd.ts`.
 */
import type { DocumentStore } from '@weft/persistence'
import { CLOSE, type Notice } from '@weft/protocol'
import { noQuarantine, type Quarantine } from '../crashes/quarantine.ts'
import type { Logger } from '../observe/logger.ts'
import type { Arrival, SessionSocket } from '../socket/arrival.ts'
import { Backlog } from '../socket/backlog.ts'
import { Crowd } from '../socket/crowd.ts'
import { Session } from '../socket/session.ts'
import { type Clock, systemClock } from './clock.ts'
import { Compactor } from './compactor.ts'
import { DocumentLoader, type Loaded } from './document-loader.ts'
import { Intake } from './intake.ts'
import { relieve } from './residency.ts'
import type { Room } from './room.ts'
import { ROOM_LIMITS, type RoomLimits } from './room-limits.ts'
import { RoomCounters, type RoomStats } from './room-stats.ts'

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

interface LiveDocument {
  readonly loading: Promise<Loaded>
  /** Once that has been done. */
  loaded: Loaded | undefined
}

const TICK_MS = 1_000
/** What a room takes besides its document, measured: of small documents that is nearly all. */
const ROOM_BYTES = 6_144
export function createRooms(options: RoomsOptions): Rooms {
  return new RoomRegistry(options)
}

class RoomRegistry implements Rooms {
  readonly #store: Pick<DocumentStore, 'epoch'>
  readonly #logger: Logger
  readonly #limits: RoomLimits
  readonly #clock: Clock
  readonly #counters = new RoomCounters()
  readonly #compactor: Compactor
  readonly #intake: Intake
  readonly #backlog = new Backlog()
  readonly #crowd: Crowd
  readonly #loader: DocumentLoader
  readonly #documents = new Map<string, LiveDocument>()
  #cancelTick: (() => void) | undefined
  /** At the last look at all rooms, and what has been loaded since. */
  #residentBytes = 0
  #cancelRelief: (() => void) | undefined
  #drain: Promise<void> | undefined

  constructor(options: RoomsOptions) {
    const { store, logger, limits = {}, clock = systemClock, quarantine = noQuarantine } = options
    this.#store = store
    this.#logger = logger
    this.#limits = { ...ROOM_LIMITS, ...limits }
    this.#clock = clock
    const { maxWorkerBytes, maxTotalBufferedBytes, maxTotalQueuedBytes } = this.#limits
    const counters = this.#counters
    this.#intake = new Intake(maxTotalQueuedBytes)
    this.#compactor = new Compactor({ store, logger, counters, clock, quarantine, maxWorkerBytes })
    this.#crowd = new Crowd({ clock, backlog: this.#backlog, maxTotalBufferedBytes })
    this.#loader = new DocumentLoader({
      store,
      quarantine,
      logger,
      clock,
      limits: this.#limits,
      counters,
      intake: this.#intake,
      compactor: this.#compactor,
      grew: (loaded) => this.#grew(loaded),
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
    this.#crowd.add(session)
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
      const { code, reason } = this.#loader.refusalFor(error, arrival.documentId)
      session.close(code, reason)
    }
  }

  #load(arrival: Arrival): Promise<Loaded> {
    const { documentId } = arrival
    const found = this.#documents.get(documentId)
    if (found !== undefined) return found.loading
    const document: LiveDocument = { loading: this.#loader.load(arrival), loaded: undefined }
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
    if (code === CLOSE.deleted) this.#loader.deleted(documentId)
    this.#unload(documentId, code, reason)
    this.#crowd.close(documentId, code, reason)
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
    this.#crowd.tick(now)
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
    const committed = Promise.all(this.#rooms().map((room) => room.whenIdle()))
    // A storage that hangs must not keep the process: what it has not taken, its writers still hold.
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const cancel = this.#clock.after(withinMs / 2, resolve)
    await Promise.race([committed, late])
    cancel()
    await this.#crowd.drain(endAt)
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
      sessions: this.#crowd.size,
      roomsReleased: rooms.filter((room) => !room.log.isWhole).length,
      waitingBytes: this.#crowd.waitingBytes,
      queuedBytes: this.#intake.bytes,
      heldSessions: this.#intake.held,
      residentBytes: rooms.reduce((sum, room) => sum + room.residentBytes, 0),
      uncommitted: rooms.reduce((sum, room) => sum + room.uncommitted, 0),
      roomsNotStoring: rooms.filter((room) => room.storage.state !== 'ok').length,
      fenced: this.#compactor.fenced,
    }
  }
}
