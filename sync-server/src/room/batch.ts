/**
 * What one principal's sessions wrote and what is committed together: put together as it arrives, so that nothing of
 * the frames it came in stays in memory, and a thousand keystrokes become one record.
 */
import { ProtocolError } from '@weft/protocol'
import { isIdentified } from '../access/principal.ts'
import { Runs } from './compose.ts'
import type { StoredSection } from './contradiction.ts'
import { readOwnLayout, type Section, type UpdateLayout, withoutReferences } from './update-layout.ts'

/** Of a finished batch: what is stored and relayed. */
export interface BatchRecord {
  readonly principal: string
  readonly update: UpdateLayout
  /** `Member.id` of the session that wrote all of it; 0 when there are several. */
  readonly author: number
  /** How many updates are in it. */
  readonly updates: number
}

export class Batch {
  readonly principal: string
  /** When the first update came; by the clock, ms. */
  readonly since: number
  #author: number
  #updates = 1
  #bytes: number
  /** The only update so far. */
  #only: UpdateLayout | undefined
  #runs: Runs | undefined
  /** What must be found in the record, or it is not stored. */
  readonly #clocks = new Map<number, number>()

  /** @param update its bytes are copied. */
  constructor(principal: string, update: UpdateLayout, { author, since }: { author: number; since: number }) {
    this.principal = principal
    this.since = since
    this.#author = author
    this.#bytes = update.bytes.length
    this.#only = { ...withoutReferences(update), bytes: new Uint8Array(update.bytes) }
    this.#count(update.sections)
  }

  /** Of the updates as they came: at least those of the record. */
  get bytes(): number {
    return this.#bytes
  }

  get updates(): number {
    return this.#updates
  }

  /**
   * Whether `update` may share this record. One of an identified principal that names a single client says whose that
   * client is (`owners.ts`), so nothing of another client joins it, nor does it join a copy of what several wrote.
   */
  mayTake(principal: string, { sections }: UpdateLayout): boolean {
    if (principal !== this.principal) return false
    const [first] = sections
    if (first === undefined || !isIdentified(principal)) return true
    const isSame = this.#clocks.size === 1 && this.#clocks.has(first.client)
    return sections.length === 1 && (this.#clocks.size === 0 || isSame)
  }

  /** What is in here, as far as it can be read now. */
  *sections(): Generator<StoredSection, undefined> {
    const only = this.#only
    for (const section of only?.sections ?? []) yield { bytes: only?.bytes ?? new Uint8Array(), section }
    yield* this.#runs?.sections() ?? []
  }

  /** @param update accepted after all that is in here; its bytes are copied. */
  add(update: UpdateLayout, author: number): void {
    if (this.#runs === undefined) {
      this.#runs = new Runs()
      if (this.#only !== undefined) this.#runs.add(this.#only)
      this.#only = undefined
    }
    if (!this.#runs.add(update)) throw new Error('an accepted update does not go on where its client was')
    if (author !== this.#author) this.#author = 0
    this.#bytes += update.bytes.length
    this.#updates++
    this.#count(update.sections)
  }

  #count(sections: readonly Section[]): void {
    for (const { client, end } of sections) this.#clocks.set(client, end)
  }

  /** @throws {Error} when what was put together does not say what was accepted: a defect, and nothing is stored of it. */
  finish(): BatchRecord {
    const update = this.#only ?? this.#read()
    return { principal: this.principal, update, author: this.#author, updates: this.#updates }
  }

  #read(): UpdateLayout {
    try {
      const update = readOwnLayout(this.#runs?.write() ?? new Uint8Array())
      const complete =
        update.sections.length === this.#clocks.size &&
        update.sections.every(({ client, end }) => this.#clocks.get(client) === end)
      if (complete) return withoutReferences(update)
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause
      throw new Error(`updates could not be put together: ${cause.message}`, { cause })
    }
    throw new Error('updates could not be put together: their clocks differ')
  }
}
