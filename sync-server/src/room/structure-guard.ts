/**
 * Does an update contradict what is known? Asked of an index of the document (`structure.ts`), which is made of the
 * log when an update first needs it, and let go with the log; of a large log in turns, so that nobody else waits for it.
 *
 * Nearly every keystroke needs no index: text behind its writer's last text, with the same right neighbour, is in the
 * same list. Only such text is let in while there is none, and an index that is made later counts it to its writer's
 * last run without being told: so an index is let go only while nothing waits for the store.
 */
import { setImmediate } from 'node:timers/promises'
import { Reader } from '@weft/protocol'
import type { Clock } from './clock.ts'
import type { Knowledge } from './knowledge.ts'
import type { Log } from './log.ts'
import { StructHead } from './struct-head.ts'
import { Structure } from './structure.ts'
import { readOwnLayout, readOwnLayoutInTurns, type Section, type UpdateLayout } from './update-layout.ts'

const TEXT = 4
/** Clients whose last text is remembered: more than write in a room at a time. */
const MAX_CARETS = 1_000
/** What was needed so lately is not let go: who needed it was told to send again, and must find it. */
const KEPT_MS = 10_000

/** Bytes of an index for each byte of a folded log that say it is made anew from that; it takes about one when it is new. */
const MOST_TO_LOG = 3
const SMALL_INDEX = 16_384

/** Of a log of which the index is made within the turn that needs it: some 10 ms. */
const AT_ONCE_BYTES = 131_072

/** Steps beyond what an update is worth, in a second and at most: two people come back who were away for long. */
const MORE_STEPS_A_SECOND = 10_000
const MAX_MORE_STEPS = 20_000

/** The right neighbour of somebody's last text; client -1 for none. */
interface Caret {
  readonly rightClient: number
  readonly rightClock: number
}

export class StructureGuard {
  readonly #log: Log
  readonly #known: Knowledge
  readonly #clock: Clock
  readonly #carets = new Map<number, Caret>()
  readonly #head = new StructHead()
  #structure: Structure | undefined
  #moreSteps = MAX_MORE_STEPS
  #refilledAt: number
  #usedAt = Number.NEGATIVE_INFINITY

  constructor(log: Log, known: Knowledge, clock: Clock) {
    this.#log = log
    this.#known = known
    this.#clock = clock
    this.#refilledAt = clock.now()
  }

  get residentBytes(): number {
    return this.#structure?.bytes ?? 0
  }

  /**
   * Takes note of an update that is about to be accepted: all in it is new, and nothing missing.
   * @returns false when that takes an index that is not there yet: `prepare` makes it, once the log is in memory. Nothing
   * was noted.
   * @throws {ProtocolError} for what contradicts what is known; nothing was noted.
   */
  take(update: UpdateLayout): boolean {
    const { sections } = update
    if (sections.length === 0) return true
    const [only] = sections
    const text = only !== undefined && sections.length === 1 ? this.#readText(update, only) : undefined
    if (only !== undefined && text !== undefined && this.#goesOn(text, only)) return true
    const structure = this.#need()
    if (structure === undefined) return false
    this.#refill()
    const granted = this.#moreSteps
    this.#moreSteps = 0
    this.#moreSteps = structure.take(update, this.#known, granted)
    for (const { client } of sections) this.#carets.delete(client)
    if (only !== undefined && text !== undefined) this.#remember(only.client, text)
    return true
  }

  /** Makes the index, if the log is in memory. Not while it is being made. */
  async prepare(): Promise<void> {
    this.#usedAt = this.#clock.now()
    if (this.#structure !== undefined || !this.#log.isWhole) return
    // What is committed meanwhile is only text that goes on: it counts to its writer's last run.
    const structure = new Structure()
    const { snapshot, tail } = this.#log
    const updates = tail.map(({ update }) => update)
    if (snapshot !== undefined) updates.unshift(await inTurns(readOwnLayoutInTurns(snapshot.bytes)))
    for (const update of updates) await inTurns(structure.addStoredInTurns(update))
    this.#usedAt = this.#clock.now()
    this.#structure = structure
  }

  /** Lets the index go, unless it was needed a moment ago. Only while nothing that was accepted waits for the store. */
  release(): void {
    if (this.#clock.now() < this.#usedAt + KEPT_MS) return
    this.#structure = undefined
  }

  /**
   * The log has been folded. The index keeps every run it has ever placed, a folded log only what still differs: where
   * people stay for days it would grow without end. Only while nothing that was accepted waits for the store.
   */
  folded(logBytes: number): void {
    if (this.residentBytes > MOST_TO_LOG * logBytes + SMALL_INDEX) this.#structure = undefined
  }

  #refill(): void {
    const now = this.#clock.now()
    const more = ((now - this.#refilledAt) / 1_000) * MORE_STEPS_A_SECOND
    this.#moreSteps = Math.min(this.#moreSteps + more, MAX_MORE_STEPS)
    this.#refilledAt = now
  }

  /** The head of a section that is one piece of text. */
  #readText({ bytes, isPlain }: UpdateLayout, { structs, from }: Section): StructHead | undefined {
    if (!isPlain || structs !== 1) return undefined
    const reader = new Reader(bytes)
    reader.at = from
    this.#head.read(reader)
    return this.#head.kind === TEXT ? this.#head : undefined
  }

  #goesOn(text: StructHead, { client, clock }: Section): boolean {
    if (!text.hasOrigin || text.originClient !== client || text.originClock !== clock - 1) return false
    const caret = this.#carets.get(client)
    if (caret === undefined) return false
    if (!text.hasRight) return caret.rightClient === -1
    return caret.rightClient === text.rightClient && caret.rightClock === text.rightClock
  }

  #remember(client: number, { hasRight, rightClient, rightClock }: StructHead): void {
    if (this.#carets.size >= MAX_CARETS) this.#carets.clear()
    this.#carets.set(client, {
      rightClient: hasRight ? rightClient : -1,
      rightClock: hasRight ? rightClock : 0,
    })
  }

  #need(): Structure | undefined {
    this.#usedAt = this.#clock.now()
    if (this.#structure !== undefined || !this.#log.isWhole) return this.#structure
    const { snapshotBytes, tailBytes } = this.#log.sizes
    if (snapshotBytes + tailBytes > AT_ONCE_BYTES) return undefined
    const structure = new Structure()
    const { snapshot, tail } = this.#log
    if (snapshot !== undefined) structure.addStored(readOwnLayout(snapshot.bytes))
    for (const { update } of tail) structure.addStored(update)
    this.#structure = structure
    return structure
  }
}

/** Lets others have theirs each time that it yields. */
async function inTurns<T>(steps: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    await setImmediate()
  }
}
