/**
 * When to send a session our step 1.
 *
 * A stock client answers every step 1 at once, and always with the same step 2 as long as it lacks what we lack:
 * asking whenever something is missing would go round for ever. So at most one question is open, the same vector is
 * not asked again while its answer had a gap, not more than once a second for new gaps, and otherwise only once what was
 * missing has arrived.
 */
import type { Missing } from './dependencies.ts'
import type { Knowledge } from './knowledge.ts'

const MIN_INTERVAL_MS = 1_000

export class GapAsking {
  #open = false
  #askedVersion = -1
  #askedAt = Number.NEGATIVE_INFINITY
  #missing: Missing | undefined

  /** Whether a step 1 of ours waits for its step 2. */
  get isOpen(): boolean {
    return this.#open
  }

  /** Whether something that this session leans on has not arrived. */
  get isMissing(): boolean {
    return this.#missing !== undefined
  }

  /** A step 1 was sent. */
  asked(known: Knowledge, nowMs: number): void {
    this.#open = true
    this.#askedVersion = known.vectorVersion
    this.#askedAt = nowMs
  }

  /** A step 2 arrived. */
  answered(): void {
    this.#open = false
  }

  /**
   * A whole answer was taken. What is missing after it is something the client learnt since, so its answer to the
   * same vector will be another: it may be asked again. An answer that itself has a gap leads here never.
   */
  filled(): void {
    this.#missing = undefined
    this.#askedVersion = -1
  }

  /**
   * A message had a gap. @returns whether to ask now.
   * @param isUpdate what an update lacks is often only the update before it, which lacked something too: the
   *   first that is missing is what matters. A step 2 has everything the client has, so what it lacks is the truth.
   */
  found(missing: Missing, isUpdate: boolean, known: Knowledge, nowMs: number): boolean {
    if (!isUpdate || this.#missing === undefined) this.#missing = missing
    return (
      !this.#open && known.vectorVersion !== this.#askedVersion && nowMs - this.#askedAt >= MIN_INTERVAL_MS
    )
  }

  /** More has become known. @returns whether to ask now. */
  learnt(known: Knowledge): boolean {
    if (this.#open || this.#missing === undefined) return false
    if (known.clock(this.#missing.client) <= this.#missing.clock) return false
    this.#missing = undefined
    return true
  }
}
