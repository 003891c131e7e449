/**
 * What a newcomer is sent, given the vector of its step 1: nothing is decoded for one that holds nothing, nor for
 * one that only missed the tail. Always from the log, so always committed. A difference is kept for a moment: a
 * crowd that comes back asks for the same one.
 */
import { encodeUpdate } from '@weft/protocol'
import { diffUpdate } from 'yjs'
import { ByteCache, keyOf } from './byte-cache.ts'
import type { Clock } from './clock.ts'
import type { HeldSnapshot } from './held-snapshot.ts'
import type { StateVector } from './knowledge.ts'
import type { Log } from './log.ts'

export interface JoinAnswer {
  /** In this order; the last one is the step 2. */
  readonly frames: readonly Uint8Array[]
  /** Where the session stands once it has them. */
  readonly cursor: number
}

/** A difference that is too long for the event loop. */
export type Differ = (update: Uint8Array, encodedVector: Uint8Array) => Promise<Uint8Array>

export interface JoinsOptions {
  readonly log: Log
  readonly clock: Clock
  /** Bytes of a snapshot up to which a difference is computed on the event loop. */
  readonly inlineBytes: number
  readonly differ: Differ
  /** Puts the whole log into memory. */
  readonly restore: () => Promise<void>
}

/** A crowd that lost its server is back after this, and brings no more vectors than fit. */
const KEPT_MS = 10_000
const MAX_KEPT_BYTES = 1_048_576

export class Joins {
  readonly #options: JoinsOptions
  /** Of the newest snapshot that was asked about, by vector; as messages. */
  readonly #kept = new ByteCache(MAX_KEPT_BYTES)
  readonly #computing = new Map<string, Promise<Uint8Array>>()
  #through: number | undefined

  constructor(options: JoinsOptions) {
    this.#options = options
  }

  get residentBytes(): number {
    return this.#kept.bytes
  }

  /** Whether somebody waits for what is being computed of the log: were it released now, it would be read for nothing. */
  get isComputing(): boolean {
    return this.#computing.size > 0
  }

  /** What can be computed again. */
  release(): void {
    this.#kept.clear()
  }

  /** Called about once a second. */
  tick(now: number): void {
    this.#kept.forgetBefore(now - KEPT_MS)
  }

  /** At once where nothing must be read and no worker is needed. @throws {StoreError} what the store says. */
  answer(vector: StateVector, encodedVector: Uint8Array): JoinAnswer | Promise<JoinAnswer> {
    const { log, restore } = this.#options
    if (!log.isWhole) return restore().then(() => this.answer(vector, encodedVector))
    if (vector.size === 0) return { frames: log.whole(), cursor: log.head }
    const { snapshot } = log
    if (snapshot === undefined || log.covers(vector))
      return { frames: [log.beyond(vector, encodedVector)], cursor: log.head }
    const difference = this.#difference(snapshot, encodedVector)
    if (difference instanceof Promise)
      return difference.then((frame) =>
        // Folded meanwhile: what it was computed from no longer joins up with the tail.
        log.isWhole && log.snapshot?.through === snapshot.through
          ? this.#complete(frame, vector, encodedVector)
          : this.answer(vector, encodedVector),
      )
    return this.#complete(difference, vector, encodedVector)
  }

  #complete(difference: Uint8Array, vector: StateVector, encodedVector: Uint8Array): JoinAnswer {
    const { log } = this.#options
    return { frames: [difference, log.beyond(vector, encodedVector)], cursor: log.head }
  }

  /** As a message. */
  #difference(snapshot: HeldSnapshot, encodedVector: Uint8Array): Uint8Array | Promise<Uint8Array> {
    const { inlineBytes, differ } = this.#options
    if (this.#through !== snapshot.through) {
      this.#kept.clear()
      this.#computing.clear()
    }
    this.#through = snapshot.through
    const key = keyOf(encodedVector)
    const known = this.#kept.get(key) ?? this.#computing.get(key)
    if (known !== undefined) return known
    if (snapshot.bytes.length <= inlineBytes)
      return this.#keep(key, encodeUpdate(diffUpdate(snapshot.bytes, encodedVector)))
    const computing = differ(snapshot.bytes, encodedVector).then((difference) => {
      const frame = encodeUpdate(difference)
      return this.#through === snapshot.through ? this.#keep(key, frame) : frame
    })
    this.#computing.set(key, computing)
    const forget = (): void => {
      if (this.#computing.get(key) === computing) this.#computing.delete(key)
    }
    void computing.then(forget, forget)
    return computing
  }

  #keep(key: string, frame: Uint8Array): Uint8Array {
    this.#kept.set(key, frame, this.#options.clock.now())
    return frame
  }
}
