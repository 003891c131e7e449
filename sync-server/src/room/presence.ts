/**
 * Who is here: the newest awareness state of every session of a room, in memory only.
 *
 * One client id per session. Stock clients send everybody's state again whenever it changes, which costs the
 * square of their number; entries under another session's id are dropped without a word. States stay bytes.
 */
import { type AwarenessEntry, encodeAwareness, encodeAwarenessEntries } from '@weft/protocol'
import type { Clock } from './clock.ts'
import type { Member } from './member.ts'
import type { Owners } from './owners.ts'

interface Present {
  readonly owner: Member
  readonly entry: AwarenessEntry
  /** When its owner was last heard of. */
  at: number
}

export interface PresenceOptions {
  readonly clock: Clock
  readonly perSecond: number
  readonly maxStateBytes: number
  readonly owners: Owners
  /** To every session but `except`. */
  readonly send: (frame: Uint8Array, except: Member | undefined) => void
}

/** Stock clients renew their state every 15 s: an owner silent for longer has lost its connection without a word. */
const STALE_MS = 16_000
/** So many departed ids are remembered; of those that left longer ago only a later clock can tell. */
const MAX_DEPARTED = 1_000
/** Removal repeats the last clock, and peers must be able to go beyond it. */
const MAX_CLOCK = 2 ** 52

export class Presence {
  readonly #options: PresenceOptions
  readonly #present = new Map<number, Present>()
  readonly #ids = new Map<Member, number>()
  /** Last clocks of ids whose session ended, oldest first. */
  readonly #departed = new Map<number, number>()
  readonly #heard = new WeakSet<Member>()
  #changed = new Map<number, AwarenessEntry>()
  #sentAt = Number.NEGATIVE_INFINITY
  #cancel: (() => void) | undefined
  #everybody: Uint8Array | undefined

  constructor(options: PresenceOptions) {
    this.#options = options
  }

  /** The frame that tells a newcomer who is here; undefined when nobody is. */
  everybody(): Uint8Array | undefined {
    if (this.#present.size === 0) return undefined
    this.#everybody ??= frameOf([...this.#present.values()].map(({ entry }) => entry))
    return this.#everybody
  }

  receive(from: Member, entries: readonly AwarenessEntry[]): void {
    for (const entry of entries) this.#receiveOne(from, entry)
    this.#heard.add(from)
    this.#flushSoon()
  }

  /** Its session has ended: its client has left, whatever it said last. */
  leave(member: Member): void {
    const id = this.#ids.get(member)
    this.#ids.delete(member)
    const present = id === undefined ? undefined : this.#present.get(id)
    if (id === undefined || present?.owner !== member) return
    this.#remove(id, present.entry.clock)
    this.#flushSoon()
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#changed.clear()
  }

  #receiveOne(from: Member, { clientId, clock, state }: AwarenessEntry): void {
    if (clock > MAX_CLOCK || (state?.length ?? 0) > this.#options.maxStateBytes) return
    const now = this.#options.clock.now()
    const own = this.#ids.get(from)
    const present = this.#present.get(clientId)
    if (own !== clientId && !this.#mayClaim(from, own, { clientId, clock, state }, present, now)) return
    if (present?.owner === from && clock <= present.entry.clock && state !== undefined) {
      present.at = now
      return
    }
    if (own === undefined) this.#options.owners.announce(clientId, from.principal)
    this.#ids.set(from, clientId)
    if (state === undefined) {
      if (present !== undefined) this.#remove(clientId, clock)
      return
    }
    // A copy: what arrives is a window on a receive buffer.
    const entry = { clientId, clock, state: new Uint8Array(state) }
    this.#present.set(clientId, { owner: from, entry, at: now })
    this.#change(entry)
  }

  /** Whether a session without an id may take this one. */
  #mayClaim(
    from: Member,
    own: number | undefined,
    { clientId, clock, state }: AwarenessEntry,
    present: Present | undefined,
    now: number,
  ): boolean {
    if (own !== undefined || state === undefined) return false
    if (this.#options.owners.isForeign(clientId, from.principal)) return false
    if (present !== undefined) {
      if (now - present.at < STALE_MS) return false
      this.#ids.delete(present.owner)
      return true
    }
    // The first message of a connection is about its own client; later ones may be an echo of one that has left.
    const departed = this.#departed.get(clientId)
    return departed === undefined || clock > departed || !this.#heard.has(from)
  }

  /** With its last clock, not a higher one: the same client may come back and go on from there. */
  #remove(clientId: number, clock: number): void {
    this.#present.delete(clientId)
    this.#departed.delete(clientId)
    this.#departed.set(clientId, clock)
    if (this.#departed.size > MAX_DEPARTED)
      for (const oldest of this.#departed.keys()) {
        this.#departed.delete(oldest)
        break
      }
    this.#change({ clientId, clock, state: undefined })
  }

  #change(entry: AwarenessEntry): void {
    this.#changed.set(entry.clientId, entry)
    this.#everybody = undefined
  }

  #flushSoon(): void {
    if (this.#changed.size === 0 || this.#cancel !== undefined) return
    const { clock, perSecond } = this.#options
    const wait = this.#sentAt + 1_000 / perSecond - clock.now()
    if (wait <= 0) this.#flush()
    else this.#cancel = clock.after(wait, () => this.#flush())
  }

  #flush(): void {
    this.#cancel = undefined
    this.#sentAt = this.#options.clock.now()
    const entries = [...this.#changed.values()]
    this.#changed = new Map()
    const [only] = entries
    // Its own state is news to nobody but the others.
    const except =
      entries.length === 1 && only !== undefined ? this.#present.get(only.clientId)?.owner : undefined
    if (entries.length > 0) this.#options.send(frameOf(entries), except)
  }
}

function frameOf(entries: readonly AwarenessEntry[]): Uint8Array {
  return encodeAwareness(encodeAwarenessEntries(entries))
}

/** Says nothing; keeps a connection from looking dead. */
export const EMPTY_PRESENCE: Uint8Array = frameOf([])
