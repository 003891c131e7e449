/**
 * What one client writes: each update into the room, and the word that it is on disk out again.
 *
 * That word is given once the room has committed the update, never before. What was not taken is not acknowledged, nor
 * is anything after it, until the client has been asked for what it holds and has answered whole (`ack-count.ts`,
 * `gap-asking.ts`). Bounds on size and rate come before all this (`incoming.ts`).
 */
import { CLOSE, encodeDurable, encodeSyncStep1, mayWrite } from '@weft/protocol'
import { AckCount } from '../room/ack-count.ts'
import type { Clock } from '../room/clock.ts'
import { GapAsking } from '../room/gap-asking.ts'
import type { Member } from '../room/member.ts'
import type { Room } from '../room/room.ts'
import type { RoomCounters } from '../room/room-stats.ts'
import type { Arrival } from './arrival.ts'

export interface WritingOptions {
  readonly room: Room
  /** Who writes. */
  readonly member: Member
  readonly arrival: Pick<Arrival, 'role' | 'weft'>
  readonly clock: Clock
  readonly counters: RoomCounters
  readonly isSlow: () => boolean
  readonly send: (frame: Uint8Array) => void
  /** The room has been offered an update: time to see whether it can take more. */
  readonly offered: () => void
}

export class Writing {
  readonly #options: WritingOptions
  readonly #acks = new AckCount()
  readonly #asking = new GapAsking()
  #wasToldReadOnly = false

  constructor(options: WritingOptions) {
    this.#options = options
  }

  /** Whether something waits to be on disk. */
  get isWaiting(): boolean {
    return this.#acks.isWaiting
  }

  /** Asks for all that the room lacks. */
  ask(): void {
    const { room, clock, send } = this.#options
    this.#asking.asked(room.known, clock.now())
    send(encodeSyncStep1(room.known.encodeVector()))
  }

  /** More is known than before. */
  learn(): void {
    if (this.#asking.learnt(this.#options.room.known)) this.ask()
  }

  /**
   * @param whole false for a step 2
   * @param arrivedAt by the clock
   * @throws {ProtocolError} for malformed bytes
   */
  take(update: Uint8Array, whole: boolean, arrivedAt: number): void {
    const { room, member, arrival, clock, counters, offered } = this.#options
    if (!mayWrite(arrival.role)) {
      counters.refusals['read-only']++
      this.#acks.refuse()
      if (!this.#wasToldReadOnly) member.notify({ kind: 'read-only' })
      this.#wasToldReadOnly = true
      return
    }
    const isAnswer = !whole && this.#asking.isOpen
    if (!whole) this.#asking.answered()
    const submission = room.submit(member, update, whole)
    offered()
    switch (submission.kind) {
      case 'taken':
        if (isAnswer) {
          this.#asking.filled()
          room.filled(member)
          this.#acks.cover(submission.ticket, arrivedAt)
        } else this.#acks.take(submission.ticket, arrivedAt)
        this.acknowledge()
        return
      case 'gap':
        counters.refusals.gap++
        this.#acks.refuse()
        if (this.#asking.found(submission.missing, whole, room.known, clock.now())) this.ask()
        return
      case 'foreign':
        counters.refusals['foreign-client']++
        member.close(CLOSE.foreignClient, `client id ${submission.client} belongs to somebody else`)
        return
      case 'contradiction': {
        const { client, clock: at } = submission
        counters.refusals['foreign-client']++
        member.close(CLOSE.foreignClient, `something else is stored under clock ${at} of client ${client}`)
        return
      }
      case 'against-schema':
        counters.refusals.schema++
        member.close(CLOSE.schema, submission.reason)
        return
      case 'queue-full':
        counters.refusals['queue-full']++
        this.#acks.refuse()
        return
      case 'too-large':
        counters.refusals['too-large']++
        member.close(CLOSE.tooLarge, 'the document would become too large')
        return
    }
  }

  /** Says what of it is on disk, if that is more than was said. */
  acknowledge(): void {
    const { room, arrival, clock, counters, isSlow } = this.#options
    const since = this.#acks.commit(room.committed)
    if (since === undefined || isSlow()) return
    this.#sendDurable()
    if (arrival.weft) counters.durations.ack.observe((clock.now() - since) / 1_000)
  }

  /** What could not be said while the client read too slowly. */
  acknowledgeAgain(): void {
    if (this.#acks.durable > 0) this.#sendDurable()
  }

  #sendDurable(): void {
    const { arrival, counters, send } = this.#options
    if (!arrival.weft) return
    counters.acks++
    send(encodeDurable(this.#acks.durable))
  }
}
