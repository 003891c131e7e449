/**
 * One client in one room: frames in, to the room; a cursor over its log; frames out, with a bound on what waits.
 *
 * The cursor is what has been written to the socket. A reader that is slow keeps its cursor and is written nothing;
 * when its socket drains it gets everything since in one merged update. So a session never holds more than its
 * socket's bound, however much is written meanwhile.
 */
import { StoreError } from '@weft/persistence'
import {
  CLOSE,
  decodeAwarenessEntries,
  decodeMessage,
  encodeDurable,
  encodeHello,
  encodeNotice,
  encodeSyncStep1,
  type Message,
  mayWrite,
  type Notice,
  PROTOCOL_VERSION,
  ProtocolError,
  type Role,
} from '@weft/protocol'
import type { RawData, WebSocket } from 'ws'
import type { Logger } from '../observe/logger.ts'
import { AckCount } from '../room/ack-count.ts'
import type { Clock } from '../room/clock.ts'
import { GapAsking } from '../room/gap-asking.ts'
import type { Intake } from '../room/intake.ts'
import type { JoinAnswer, Joins } from '../room/join.ts'
import { decodeStateVector } from '../room/knowledge.ts'
import type { Member } from '../room/member.ts'
import { EMPTY_PRESENCE } from '../room/presence.ts'
import type { Room } from '../room/room.ts'
import type { RoomLimits } from '../room/room-limits.ts'
import type { RoomCounters } from '../room/room-stats.ts'
import type { Backlog } from './backlog.ts'
import { Liveness } from './liveness.ts'
import { Outlet, type OutletSocket } from './outlet.ts'
import { TokenBucket } from './rate-limit.ts'
import { Reading } from './reading.ts'

/** Who came, for which document. */
export interface Arrival {
  readonly documentId: string
  /** As `access/principal.ts` says: the word itself tells whether anybody vouched for it. */
  readonly principal: string
  readonly role: Role
  /** Speaks `weft.1`: may be sent hello, durable and notice. */
  readonly weft: boolean
  /** Version of the document schema that the client knows; undefined when it said nothing. */
  readonly schema: number | undefined
  readonly address: string
}

/** The part of a `ws` WebSocket that is used. */
export interface SessionSocket
  extends OutletSocket,
    Pick<WebSocket, 'close' | 'terminate' | 'ping' | 'pause' | 'resume' | 'on'> {
  /** What is sent until `uncork` may leave together. */
  cork?(): void
  uncork?(): void
}

export interface SessionDeps {
  readonly clock: Clock
  readonly limits: RoomLimits
  readonly logger: Logger
  readonly counters: RoomCounters
  /** Of all sessions together. */
  readonly intake: Intake
  readonly backlog: Backlog
}

/** What a session is given when its document has been loaded. */
export interface Opening {
  readonly room: Room
  readonly joins: Joins
  readonly epoch: string
}

type State =
  /** The document is being loaded; what arrives waits. */
  | { readonly kind: 'loading'; readonly frames: Uint8Array[]; bytes: number }
  /** Not relayed to: it has not said what it holds. */
  | { readonly kind: 'open'; readonly opening: Opening }
  | { readonly kind: 'joined'; readonly opening: Opening; cursor: number }
  | { readonly kind: 'closed' }

/** How long a closed peer may take to say goodbye. */
const GOODBYE_MS = 5_000
let lastId = 0

export class Session implements Member {
  readonly id = ++lastId
  readonly principal: string
  readonly schema: number | undefined
  readonly #socket: SessionSocket
  readonly #arrival: Arrival
  readonly #deps: SessionDeps
  readonly #outlet: Outlet
  readonly #reading: Reading
  readonly #liveness = new Liveness()
  readonly #acks = new AckCount()
  readonly #asking = new GapAsking()
  readonly #frameRate: TokenBucket
  readonly #byteRate: TokenBucket
  readonly #joinRate: TokenBucket
  #state: State = { kind: 'loading', frames: [], bytes: 0 }
  /** When the frame came that is being handled; by the clock, ms. */
  #receivedAt = 0
  #missedPresence = false
  #wasToldReadOnly = false
  /** The newest step 1 that waits for its answer. */
  #pendingJoin: Uint8Array | undefined
  #isAnswering = false
  /** What lies between its cursor and memory is being read. */
  #isRestoring = false
  #cancelJoin: (() => void) | undefined
  #cancelPause: (() => void) | undefined
  #cancelHold: (() => void) | undefined

  constructor(socket: SessionSocket, arrival: Arrival, deps: SessionDeps) {
    const { clock, limits } = deps
    this.#socket = socket
    this.#arrival = arrival
    this.#deps = deps
    this.principal = arrival.principal
    this.schema = arrival.schema
    this.#outlet = new Outlet({
      ...deps,
      socket,
      drained: () => this.#attempt(() => this.#caughtUp()),
      givenUp: () => this.close(CLOSE.overloaded, 'reading too slowly'),
    })
    const now = clock.now()
    const burst = limits.burstSeconds
    this.#frameRate = new TokenBucket(
      { perSecond: limits.framesPerSecond, capacity: limits.framesPerSecond * burst },
      now,
    )
    this.#byteRate = new TokenBucket(
      { perSecond: limits.bytesPerSecond, capacity: limits.bytesPerSecond * burst },
      now,
    )
    this.#joinRate = new TokenBucket(
      {
        perSecond:
          limits.framesPerSecond === Number.POSITIVE_INFINITY
            ? limits.framesPerSecond
            : limits.joinsPerSecond,
        capacity: limits.joinBurst,
      },
      now,
    )
    socket.on('message', (data, isBinary) => this.#received(data, isBinary))
    socket.on('pong', () => this.#liveness.heard())
    socket.on('close', () => this.#attempt(() => this.#ended()))
    // The socket closes itself after an error, with the code that fits; there is nothing to add.
    socket.on('error', (error) => deps.logger.debug({ err: error }, 'a socket failed'))
    // Nothing is read before the document is loaded; what was already received waits in `frames`.
    this.#reading = new Reading(socket)
    this.#reading.pause('loading')
  }

  get isClosed(): boolean {
    return this.#state.kind === 'closed'
  }

  get isSlow(): boolean {
    return this.#outlet.isSlow
  }

  /** By the clock, ms; undefined while it reads fast enough. */
  get slowSince(): number | undefined {
    return this.#outlet.slowSince
  }

  /** Bytes that were sent and have not left. */
  get waitingBytes(): number {
    return this.isClosed ? 0 : this.#socket.bufferedAmount
  }

  get documentId(): string {
    return this.#arrival.documentId
  }

  /** The document is loaded: says hello, asks what the client holds, and takes what it has sent so far. */
  open(opening: Opening): void {
    if (this.#state.kind !== 'loading') return
    const { frames } = this.#state
    const { room } = opening
    const { role, principal } = this.#arrival
    if (room.isBeyond(this.schema)) {
      this.outgrown()
      return
    }
    this.#state = { kind: 'open', opening }
    room.enter(this)
    if (this.#arrival.weft) {
      const { epoch } = opening
      const hello = {
        protocol: PROTOCOL_VERSION,
        schema: room.schema,
        role,
        principal,
        epoch,
        seq: room.log.head,
      }
      this.#send(encodeHello({ ...hello, readOnly: !mayWrite(role), title: room.title }))
      const { state, message } = room.storage
      if (state !== 'ok') this.notify({ kind: 'storage', state, message })
    }
    this.#ask(room)
    for (const frame of frames) this.#handle(frame)
    this.#reading.resume('loading')
  }

  // Frames in.

  #received(data: RawData, isBinary: boolean): void {
    try {
      this.#receive(data, isBinary)
    } catch (error) {
      this.#failed(error, 'a frame could not be received')
    }
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#state.kind === 'closed') return
    this.#liveness.heard()
    const bytes = Array.isArray(data) ? Buffer.concat(data) : data
    const frame =
      bytes instanceof ArrayBuffer
        ? new Uint8Array(bytes)
        : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (!this.#afford(frame.length)) return
    if (!isBinary) this.#refuseMalformed('a text frame')
    else if (this.#state.kind === 'loading') this.#keepForLater(frame, this.#state)
    else this.#handle(frame)
  }

  /** One frame's worth: a client that is not read from can hardly send more. */
  #keepForLater(frame: Uint8Array, state: State & { kind: 'loading' }): void {
    state.bytes += frame.length
    if (state.bytes > this.#deps.limits.maxFrameBytes) {
      this.#deps.counters.refusals['queue-full']++
      this.close(CLOSE.overloaded, 'too much came before the document was loaded')
    } else state.frames.push(new Uint8Array(frame))
  }

  /** Before anything is decoded. @returns false when the session was closed for it. */
  #afford(bytes: number): boolean {
    const { clock, counters } = this.#deps
    counters.framesIn++
    counters.bytesIn += bytes
    const now = clock.now()
    this.#receivedAt = now
    if (this.#frameRate.take(1, now) > 0) {
      counters.refusals.rate++
      this.close(CLOSE.rateLimited, 'too many frames')
      return false
    }
    const debtMs = this.#byteRate.take(bytes, now)
    // Nobody is closed for a large document: the network holds the client back until it has been paid for.
    if (debtMs > 0 && this.#cancelPause === undefined) {
      this.#reading.pause('rate')
      this.#cancelPause = clock.after(debtMs, () => {
        this.#cancelPause = undefined
        this.#reading.resume('rate')
      })
    }
    return true
  }

  /** Not read from while the store has more to do than memory should hold. */
  #holdBack(): void {
    if (this.#cancelHold !== undefined) return
    this.#cancelHold = this.#deps.intake.hold(() => {
      this.#cancelHold = undefined
      this.#reading.resume('store')
    })
    if (this.#cancelHold !== undefined) this.#reading.pause('store')
  }

  #handle(frame: Uint8Array): void {
    const state = this.#state
    if (state.kind !== 'open' && state.kind !== 'joined') return
    try {
      this.#take(decodeMessage(frame), state.opening)
    } catch (error) {
      if (error instanceof ProtocolError) this.#refuseMalformed(error.message)
      else this.#failed(error, 'a frame could not be handled')
    }
  }

  #refuseMalformed(why: string): void {
    this.#deps.counters.refusals.malformed++
    this.close(CLOSE.malformed, `malformed: ${why}`)
  }

  #take(message: Message, opening: Opening): void {
    switch (message.kind) {
      case 'sync-step-1':
        decodeStateVector(message.stateVector)
        this.#pendingJoin = new Uint8Array(message.stateVector)
        this.#answerSoon(opening)
        return
      case 'sync-step-2':
        this.#takeUpdate(message.update, opening.room, false)
        return
      case 'update':
        this.#takeUpdate(message.update, opening.room, true)
        return
      case 'awareness':
        opening.room.presence.receive(this, decodeAwarenessEntries(message.update))
        return
      case 'query-awareness':
        this.#sendPresence(opening.room)
        return
      case 'permission-denied':
      case 'durable':
      case 'notice':
      case 'hello':
        throw new ProtocolError('invalid', `${message.kind} from a client`)
    }
  }

  #takeUpdate(update: Uint8Array, room: Room, whole: boolean): void {
    const { counters, clock } = this.#deps
    if (!mayWrite(this.#arrival.role)) {
      counters.refusals['read-only']++
      this.#acks.refuse()
      if (!this.#wasToldReadOnly) this.notify({ kind: 'read-only' })
      this.#wasToldReadOnly = true
      return
    }
    const isAnswer = !whole && this.#asking.isOpen
    if (!whole) this.#asking.answered()
    const submission = room.submit(this, update, whole)
    this.#holdBack()
    switch (submission.kind) {
      case 'taken':
        if (isAnswer) {
          this.#asking.filled()
          room.filled(this)
          this.#acks.cover(submission.ticket, this.#receivedAt)
        } else this.#acks.take(submission.ticket, this.#receivedAt)
        this.#acknowledge(room)
        return
      case 'gap':
        counters.refusals.gap++
        this.#acks.refuse()
        if (this.#asking.found(submission.missing, whole, room.known, clock.now())) this.#ask(room)
        return
      case 'foreign':
        counters.refusals['foreign-client']++
        this.close(CLOSE.foreignClient, `client id ${submission.client} belongs to somebody else`)
        return
      case 'contradiction': {
        const { client, clock } = submission
        counters.refusals['foreign-client']++
        this.close(CLOSE.foreignClient, `something else is stored under clock ${clock} of client ${client}`)
        return
      }
      case 'against-schema':
        counters.refusals.schema++
        this.close(CLOSE.schema, submission.reason)
        return
      case 'queue-full':
        counters.refusals['queue-full']++
        this.#acks.refuse()
        return
      case 'too-large':
        counters.refusals['too-large']++
        this.close(CLOSE.tooLarge, 'the document would become too large')
        return
    }
  }

  #ask(room: Room): void {
    this.#asking.asked(room.known, this.#deps.clock.now())
    this.#send(encodeSyncStep1(room.known.encodeVector()))
  }

  // Joining.

  /** Answers the newest step 1: not more often than the rate allows, not to a slow reader, one at a time. */
  #answerSoon(opening: Opening): void {
    if (this.#isAnswering || this.isSlow || this.#cancelJoin !== undefined) return
    const encodedVector = this.#pendingJoin
    if (encodedVector === undefined || this.isClosed) return
    const { clock, counters } = this.#deps
    const wait = this.#joinRate.tryTake(clock.now())
    if (wait > 0) {
      this.#cancelJoin = clock.after(wait, () => {
        this.#cancelJoin = undefined
        this.#attempt(() => this.#answerSoon(opening))
      })
      return
    }
    this.#pendingJoin = undefined
    counters.joins++
    const answer = opening.joins.answer(decodeStateVector(encodedVector), encodedVector)
    if (!(answer instanceof Promise)) {
      this.#join(opening, answer)
      return
    }
    void this.#joinLater(opening, answer)
  }

  async #joinLater(opening: Opening, answer: Promise<JoinAnswer>): Promise<void> {
    this.#isAnswering = true
    try {
      this.#join(opening, await answer)
    } catch (error) {
      this.#failed(error, 'a join could not be answered')
    }
    this.#isAnswering = false
    this.#attempt(() => this.#answerSoon(opening))
  }

  #join(opening: Opening, { frames, cursor }: JoinAnswer): void {
    const { kind } = this.#state
    if (kind !== 'open' && kind !== 'joined') return
    if (kind === 'open') this.#sendPresence(opening.room)
    this.#state = { kind: 'joined', opening, cursor }
    this.#outlet.send(frames)
  }

  // Frames out.

  advance(): void {
    if (this.#state.kind !== 'joined' && this.#state.kind !== 'open') return
    const { room } = this.#state.opening
    // Who wrote some of it gets an acknowledgement too: both leave as one write.
    const isTwo = this.#acks.isWaiting
    if (isTwo) this.#socket.cork?.()
    try {
      if (this.#state.kind === 'joined') this.#relay(this.#state, room)
      this.#acknowledge(room)
    } finally {
      // Also when it fails: the goodbye must leave as well.
      if (isTwo) this.#socket.uncork?.()
    }
  }

  #relay(state: State & { kind: 'joined' }, room: Room): void {
    if (this.isSlow || state.cursor >= room.log.head) return
    if (!room.log.holds(state.cursor)) {
      void this.#relayRestored(room)
      return
    }
    const { frames, author } = room.log.since(state.cursor)
    state.cursor = room.log.head
    if (author !== this.id) this.#outlet.send(frames)
  }

  /** What it missed has left memory meanwhile: it is read from the store again, once for all who wait for it. */
  async #relayRestored(room: Room): Promise<void> {
    if (this.#isRestoring) return
    this.#isRestoring = true
    try {
      await room.restoreLog()
    } catch (error) {
      this.#failed(error, 'what a slow reader missed could not be read')
    }
    this.#isRestoring = false
    this.#attempt(() => this.#state.kind === 'joined' && this.#relay(this.#state, room))
  }

  /** What goes wrong in a callback that belongs to this session ends it, and nothing else. */
  #attempt(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#failed(error, 'a session failed')
    }
  }

  /** Ends this session: by the storage's doing, or a defect. */
  #failed(error: unknown, message: string): void {
    this.#deps.logger.error({ err: error, documentId: this.documentId }, message)
    if (error instanceof StoreError) this.close(CLOSE.storeUnavailable, 'the document cannot be read')
    else this.close(CLOSE.internal, 'internal error')
  }

  #acknowledge(room: Room): void {
    const since = this.#acks.commit(room.committed)
    if (since === undefined || this.isSlow) return
    this.#sendDurable()
    const { clock, counters } = this.#deps
    if (this.#arrival.weft) counters.durations.ack.observe((clock.now() - since) / 1_000)
  }

  #sendDurable(): void {
    if (!this.#arrival.weft) return
    this.#deps.counters.acks++
    this.#send(encodeDurable(this.#acks.durable))
  }

  learn(): void {
    if (this.#state.kind !== 'open' && this.#state.kind !== 'joined') return
    const { room } = this.#state.opening
    if (this.#asking.learnt(room.known)) this.#ask(room)
  }

  askAgain(): void {
    if (this.#state.kind === 'open' || this.#state.kind === 'joined') this.#ask(this.#state.opening.room)
  }

  deliverPresence(frame: Uint8Array): void {
    // Before its first step 2 it is sent everybody at once.
    if (this.#state.kind !== 'joined') return
    if (this.isSlow) this.#missedPresence = true
    else this.#send(frame)
  }

  #sendPresence(room: Room): void {
    const everybody = room.presence.everybody()
    if (everybody !== undefined) this.#send(everybody)
  }

  notify(notice: Notice): void {
    if (this.#arrival.weft) this.#send(encodeNotice(notice))
  }

  outgrown(): void {
    this.#deps.counters.refusals['client-too-old']++
    this.close(CLOSE.clientTooOld, 'this document was written with a newer version')
  }

  #send(frame: Uint8Array): void {
    this.#outlet.send([frame])
  }

  /** A slow reader has taken everything: what was held back goes out in one go. */
  #caughtUp(): void {
    const state = this.#state
    if (state.kind !== 'open' && state.kind !== 'joined') return
    const { room } = state.opening
    if (this.#missedPresence) this.#sendPresence(room)
    this.#missedPresence = false
    this.#answerSoon(state.opening)
    if (state.kind === 'joined') this.#relay(state, room)
    if (this.#acks.durable > 0) this.#sendDurable()
  }

  /** Called about once a second. */
  tick(nowMs: number): void {
    if (this.#state.kind === 'closed' || this.#state.kind === 'loading') return
    this.#attempt(() => {
      this.#outlet.tick(nowMs)
      const isSilent = nowMs - this.#outlet.sentAt >= this.#deps.limits.keepAliveMs
      if (isSilent && !this.isSlow) this.#send(EMPTY_PRESENCE)
      this.#lookForLife()
    })
  }

  #lookForLife(): void {
    // Whom we do not read, or who must first read much else, cannot answer.
    if (this.#reading.isPaused || this.isSlow) this.#liveness.heard()
    const sign = this.#liveness.look()
    if (sign === 'ask') this.#socket.ping()
    else if (sign === 'gone') this.close(CLOSE.overloaded, 'does not answer')
  }

  // The end.

  close(code: number, reason: string): void {
    if (this.#state.kind === 'closed') return
    const { clock, counters } = this.#deps
    counters.closed(code)
    this.#attempt(() => this.#leave())
    this.#cancelPause = clock.after(GOODBYE_MS, () => this.#socket.terminate())
    this.#attempt(() => {
      // A close frame's reason has at most 123 bytes.
      this.#socket.close(code, reason.slice(0, 100))
      this.#socket.resume()
    })
  }

  #ended(): void {
    this.#leave()
    this.#cancelPause?.()
    this.#cancelPause = undefined
  }

  #leave(): void {
    const state = this.#state
    this.#state = { kind: 'closed' }
    this.#cancelJoin?.()
    this.#cancelHold?.()
    this.#cancelPause?.()
    this.#cancelPause = undefined
    this.#outlet.close()
    if (state.kind === 'open' || state.kind === 'joined') state.opening.room.leave(this)
  }
}
