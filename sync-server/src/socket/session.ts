/**
 * One client in one room, from its socket to its goodbye: which part its messages go to, and what it is told when.
 *
 * What is wrong with one session, in what it sends or in this code, ends that session and nothing else.
 * The parts stand beside it: frames in, bounded before anything is decoded (`incoming.ts`); what it writes, and what of
 * that is on disk (`writing.ts`); the answer to a step 1 (`joining.ts`); the place in the log up to which it was sent
 * everything (`cursor.ts`); frames out, with a bound on what waits (`outlet.ts`); whether anybody is still there
 * (`liveness.ts`).
 */
import { StoreError } from '@weft/persistence'
import {
  CLOSE,
  decodeAwarenessEntries,
  decodeMessage,
  encodeHello,
  encodeNotice,
  type Message,
  mayWrite,
  type Notice,
  PROTOCOL_VERSION,
  ProtocolError,
} from '@weft/protocol'
import type { RawData } from 'ws'
import type { Logger } from '../observe/logger.ts'
import type { Clock } from '../room/clock.ts'
import type { Intake } from '../room/intake.ts'
import type { Joins } from '../room/join.ts'
import type { Member } from '../room/member.ts'
import { EMPTY_PRESENCE } from '../room/presence.ts'
import type { Room } from '../room/room.ts'
import type { RoomLimits } from '../room/room-limits.ts'
import type { RoomCounters } from '../room/room-stats.ts'
import type { Arrival, SessionSocket } from './arrival.ts'
import type { Backlog } from './backlog.ts'
import { closeReason } from './close-reason.ts'
import { Cursor } from './cursor.ts'
import { Incoming } from './incoming.ts'
import { Joining } from './joining.ts'
import { Liveness } from './liveness.ts'
import { Outlet } from './outlet.ts'
import { Writing } from './writing.ts'

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

/** Of a session whose document has been loaded. */
interface Parts {
  readonly room: Room
  readonly joining: Joining
  readonly writing: Writing
  readonly cursor: Cursor
}

type State =
  /** The document is being loaded; what arrives waits. */
  | { readonly kind: 'loading' }
  /** In the room; relayed to once it has said what it holds. */
  | ({ readonly kind: 'open' } & Parts)
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
  readonly #incoming: Incoming
  readonly #outlet: Outlet
  readonly #liveness = new Liveness()
  #state: State = { kind: 'loading' }
  #missedPresence = false
  #cancelGoodbye: (() => void) | undefined

  constructor(socket: SessionSocket, arrival: Arrival, deps: SessionDeps) {
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
    this.#incoming = new Incoming({
      ...deps,
      socket,
      admitted: (frame) => this.#handle(frame),
      refused: (code, reason) => this.close(code, reason),
    })
    socket.on('message', (data, isBinary) => this.#received(data, isBinary))
    socket.on('pong', () => this.#liveness.heard())
    socket.on('close', () => this.#attempt(() => this.#ended()))
    // The socket closes itself after an error, with the code that fits; there is nothing to add.
    socket.on('error', (error) => deps.logger.debug({ err: error }, 'a socket failed'))
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
  open({ room, joins, epoch }: Opening): void {
    if (this.#state.kind !== 'loading') return
    if (room.isBeyond(this.schema)) {
      this.outgrown()
      return
    }
    const outlet = this.#outlet
    const cursor = new Cursor({
      room,
      outlet,
      reader: this.id,
      failed: (error) => this.#failed(error, 'what a slow reader missed could not be sent'),
    })
    const joining = new Joining({
      ...this.#deps,
      joins,
      isSlow: () => outlet.isSlow,
      answered: (answer) => {
        if (!cursor.isJoined) this.#sendPresence(room)
        cursor.join(answer)
      },
      failed: (error) => this.#failed(error, 'a join could not be answered'),
    })
    const writing = new Writing({
      ...this.#deps,
      room,
      member: this,
      arrival: this.#arrival,
      isSlow: () => outlet.isSlow,
      send: (frame) => this.#send(frame),
      offered: () => this.#incoming.holdBack(),
    })
    this.#state = { kind: 'open', room, joining, writing, cursor }
    room.enter(this)
    if (this.#arrival.weft) this.#greet(room, epoch)
    writing.ask()
    this.#incoming.open()
  }

  #greet(room: Room, epoch: string): void {
    const { role, principal } = this.#arrival
    const { schema, title } = room
    const about = { protocol: PROTOCOL_VERSION, schema, role, principal, epoch, seq: room.log.head }
    this.#send(encodeHello({ ...about, readOnly: !mayWrite(role), title }))
    const { state, message } = room.storage
    if (state !== 'ok') this.notify({ kind: 'storage', state, message })
  }

  // Messages in.

  #received(data: RawData, isBinary: boolean): void {
    if (this.#state.kind === 'closed') return
    this.#liveness.heard()
    this.#attempt(() => this.#incoming.receive(data, isBinary), 'a frame could not be received')
  }

  #handle(frame: Uint8Array): void {
    if (this.#state.kind !== 'open') return
    try {
      this.#take(decodeMessage(frame), this.#state)
    } catch (error) {
      if (error instanceof ProtocolError) {
        this.#deps.counters.refusals.malformed++
        this.close(CLOSE.malformed, `malformed: ${error.message}`)
      } else this.#failed(error, 'a frame could not be handled')
    }
  }

  #take(message: Message, { room, joining, writing }: Parts): void {
    switch (message.kind) {
      case 'sync-step-1':
        joining.ask(message.stateVector)
        return
      case 'sync-step-2':
        writing.take(message.update, false, this.#incoming.receivedAt)
        return
      case 'update':
        writing.take(message.update, true, this.#incoming.receivedAt)
        return
      case 'awareness':
        room.presence.receive(this, decodeAwarenessEntries(message.update))
        return
      case 'query-awareness':
        this.#sendPresence(room)
        return
      case 'permission-denied':
      case 'durable':
      case 'notice':
      case 'hello':
        throw new ProtocolError('invalid', `${message.kind} from a client`)
    }
  }

  // Messages out.

  advance(): void {
    if (this.#state.kind !== 'open') return
    const { writing, cursor } = this.#state
    // Who wrote some of it gets an acknowledgement too: both leave as one write.
    const isTwo = writing.isWaiting
    if (isTwo) this.#socket.cork?.()
    try {
      cursor.advance()
      writing.acknowledge()
    } finally {
      // Also when it fails: the goodbye must leave as well.
      if (isTwo) this.#socket.uncork?.()
    }
  }

  learn(): void {
    if (this.#state.kind === 'open') this.#state.writing.learn()
  }

  askAgain(): void {
    if (this.#state.kind === 'open') this.#state.writing.ask()
  }

  deliverPresence(frame: Uint8Array): void {
    // Before its first step 2 it is sent everybody at once.
    if (this.#state.kind !== 'open' || !this.#state.cursor.isJoined) return
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
    if (this.#state.kind !== 'open') return
    const { room, joining, writing, cursor } = this.#state
    if (this.#missedPresence) this.#sendPresence(room)
    this.#missedPresence = false
    joining.answerSoon()
    cursor.advance()
    writing.acknowledgeAgain()
  }

  /** Called about once a second. */
  tick(nowMs: number): void {
    if (this.#state.kind !== 'open') return
    this.#attempt(() => {
      this.#outlet.tick(nowMs)
      const isSilent = nowMs - this.#outlet.sentAt >= this.#deps.limits.keepAliveMs
      if (isSilent && !this.isSlow) this.#send(EMPTY_PRESENCE)
      this.#lookForLife()
    })
  }

  #lookForLife(): void {
    // Whom we do not read, or who must first read much else, cannot answer.
    if (this.#incoming.isPaused || this.isSlow) this.#liveness.heard()
    const sign = this.#liveness.look()
    if (sign === 'ask') this.#socket.ping()
    else if (sign === 'gone') this.close(CLOSE.overloaded, 'does not answer')
  }

  // The end.

  /** What goes wrong in a callback that belongs to this session ends it, and nothing else. */
  #attempt(run: () => void, message = 'a session failed'): void {
    try {
      run()
    } catch (error) {
      this.#failed(error, message)
    }
  }

  /** Ends this session: by the storage's doing, or a defect. */
  #failed(error: unknown, message: string): void {
    this.#deps.logger.error({ err: error, documentId: this.documentId }, message)
    if (error instanceof StoreError) this.close(CLOSE.storeUnavailable, 'the document cannot be read')
    else this.close(CLOSE.internal, 'internal error')
  }

  close(code: number, reason: string): void {
    if (this.#state.kind === 'closed') return
    const { clock, counters } = this.#deps
    counters.closed(code)
    this.#attempt(() => this.#leave())
    this.#cancelGoodbye = clock.after(GOODBYE_MS, () => this.#socket.terminate())
    this.#attempt(() => {
      this.#socket.close(code, closeReason(reason))
      this.#socket.resume()
    })
  }

  #ended(): void {
    this.#leave()
    this.#cancelGoodbye?.()
    this.#cancelGoodbye = undefined
  }

  #leave(): void {
    const state = this.#state
    this.#state = { kind: 'closed' }
    this.#incoming.close()
    this.#outlet.close()
    if (state.kind !== 'open') return
    state.joining.close()
    state.cursor.close()
    state.room.leave(this)
  }
}
