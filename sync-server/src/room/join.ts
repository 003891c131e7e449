/**
 * What a newcomer is sent, given the vector of its step 1: nothing is decoded for one that holds nothing, nor for
 * one that only missed the tail. Always from the log, so always committed.
 */
import { encodeUpdate } from '@weft/protocol'
import { diffUpdate } from 'yjs'
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

export class Joins {
  readonly #log: Log
  readonly #inlineBytes: number
  readonly #differ: Differ
  /** Of one snapshot, by vector: a crowd that comes back asks for the same one. */
  #differences = new Map<string, Promise<Uint8Array>>()
  #of: number | undefined

  constructor(log: Log, inlineBytes: number, differ: Differ) {
    this.#log = log
    this.#inlineBytes = inlineBytes
    this.#differ = differ
  }

  /** At once where no worker is needed. */
  answer(vector: StateVector, encodedVector: Uint8Array): JoinAnswer | Promise<JoinAnswer> {
    const log = this.#log
    if (vector.size === 0) return { frames: log.whole(), cursor: log.head }
    const { snapshot } = log
    if (snapshot === undefined || log.covers(vector))
      return { frames: [log.beyond(vector, encodedVector)], cursor: log.head }
    const complete = (difference: Uint8Array): JoinAnswer => ({
      frames: [encodeUpdate(difference), log.beyond(vector, encodedVector)],
      cursor: log.head,
    })
    if (snapshot.bytes.length <= this.#inlineBytes) return complete(diffUpdate(snapshot.bytes, encodedVector))
    return this.#difference(snapshot.through, snapshot.bytes, encodedVector).then((difference) =>
      // Folded meanwhile: what it was computed from no longer joins up with the tail.
      log.snapshot === snapshot ? complete(difference) : this.answer(vector, encodedVector),
    )
  }

  #difference(through: number, bytes: Uint8Array, encodedVector: Uint8Array): Promise<Uint8Array> {
    if (this.#of !== through) this.#differences = new Map()
    this.#of = through
    const key = Buffer.from(encodedVector).toString('latin1')
    const known = this.#differences.get(key)
    if (known !== undefined) return known
    const computed = this.#differ(bytes, encodedVector)
    this.#differences.set(key, computed)
    // Kept while a crowd may be asking for it, not longer; a failure is forgotten at once.
    void computed.finally(() => this.#differences.delete(key)).catch(() => undefined)
    return computed
  }
}
