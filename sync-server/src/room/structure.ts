/**
 * Which list each known struct is in: what it takes to tell an update that contradicts itself, without a Yjs document.
 *
 * An item names its neighbours, and Yjs believes it: neighbours in different lists tear lists apart, in each replica in
 * another way, and some of them throw; neighbours that were never side by side get another order in each (`order-rule.ts`).
 * No client writes such items, so `take` refuses them, and nothing of that update is kept. What no longer is in any
 * list because it was collected stands `NOWHERE`; so does all that leans on it.
 *
 * Of what is stored nothing is refused: it is placed as Yjs would.
 */
import { ProtocolError, Reader } from '@weft/protocol'
import { ClientRuns } from './client-runs.ts'
import { addTriples, type DeleteSet, type Knowledge } from './knowledge.ts'
import { ListTable, NOWHERE } from './list-table.ts'
import { contradictsOrder } from './order-rule.ts'
import { NONE, OrderTable, type Place } from './order-table.ts'
import { covers } from './ranges.ts'
import { StructHead } from './struct-head.ts'
import type { Section, UpdateLayout } from './update-layout.ts'
import { readContent } from './values.ts'

/**
 * Shared types that may stand in each other. Yjs goes down into them by calling itself, some three calls a type, and
 * a browser's stack has room for about ten thousand; the documents of people have a dozen.
 */
export const MAX_TYPE_DEPTH = 500

/**
 * Steps of looking which of two items stands first, some 1.5 µs each: for one update, and for each of its bytes. What
 * people write takes a few, at the seams of what they wrote at the same time. What takes more is refused; of what is
 * stored, no order is told then.
 */
const MIN_ORDER_STEPS = 500
const MAX_ORDER_STEPS = 300_000

/** Some 2 µs each, where the index is large already. */
const STRUCTS_A_TURN = 1_000

const NOTHING = new Reader(new Uint8Array())

const TEXT = 4
const EMBED = 5
const FORMAT = 6
const TYPE = 7

interface Client {
  readonly id: number
  readonly runs: ClientRuns
}

/** A section of which a part has been placed. */
interface Cursor {
  readonly section: Section
  readonly client: number
  readonly runsBefore: number
  readonly rowsBefore: number
  clock: number
  left: number
  at: number
  /** Something in another section has to come first. */
  isWaiting: boolean
  /** The clock that somebody waits for. */
  until: number
}

export class Structure {
  readonly #lists = new ListTable()
  readonly #numbers = new Map<number, number>()
  readonly #clients: Client[] = []
  /** Of the sequences of roots. */
  readonly #order = new OrderTable((client) => this.#clients[client]?.id ?? -1)
  /** Sequences in which something stored contradicts the order: of what is written there nothing can be said. */
  readonly #disordered = new Set<number>()
  readonly #head = new StructHead()
  #reader = NOTHING
  #layout: UpdateLayout | undefined
  /** Undefined while what is stored is read. */
  #known: Knowledge | undefined
  /** By client id. */
  readonly #cursors = new Map<number, Cursor>()
  /** What this update deletes, when that was asked. */
  #deletedHere: DeleteSet | undefined
  /** Of lists that were asked about for this update. */
  readonly #gone = new Map<number, boolean>()

  get bytes(): number {
    const runs = this.#clients.reduce((sum, one) => sum + one.runs.bytes, 0)
    return this.#lists.bytes + this.#order.bytes + runs + 300 * this.#clients.length
  }

  /** Of the log, in its order. */
  addStored(layout: UpdateLayout): void {
    for (const _ of this.addStoredInTurns(layout));
  }

  /** The same, so that others may have their turn each time it yields; until its end nothing else may be asked. */
  *addStoredInTurns(layout: UpdateLayout): Generator<undefined, void> {
    this.#known = undefined
    this.#order.steps = MAX_ORDER_STEPS + 2 * layout.bytes.length
    yield* this.#placing(layout)
    this.#forget()
  }

  /**
   * Adds an update in which nothing is missing and nothing known.
   * @param known without it
   * @param moreSteps that may be taken beyond what the update itself is worth
   * @returns how many of them were not
   * @throws {ProtocolError} for what no client writes; then nothing was added.
   */
  take(layout: UpdateLayout, known: Knowledge, moreSteps = 0): number {
    const lists = this.#lists.mark()
    const clients = this.#clients.length
    this.#known = known
    this.#order.steps = Math.min(MIN_ORDER_STEPS + layout.bytes.length, MAX_ORDER_STEPS) + moreSteps
    try {
      for (const _ of this.#placing(layout));
      return Math.min(Math.max(this.#order.steps, 0), moreSteps)
    } catch (error) {
      for (const { client, runsBefore, rowsBefore } of this.#cursors.values()) {
        this.#clients[client]?.runs.truncate(runsBefore)
        this.#order.truncate(client, rowsBefore)
      }
      for (const { id } of this.#clients.splice(clients)) this.#numbers.delete(id)
      this.#lists.takeBack(lists)
      throw error
    } finally {
      this.#forget()
    }
  }

  /** Nothing of an update stays in memory. */
  #forget(): void {
    this.#reader = NOTHING
    this.#layout = undefined
    this.#cursors.clear()
    this.#deletedHere = undefined
    this.#gone.clear()
  }

  *#placing(layout: UpdateLayout): Generator<undefined, void> {
    this.#reader = new Reader(layout.bytes)
    this.#layout = layout
    for (const section of layout.sections) {
      // A client has two sections only around a Skip, which nothing has that is stored or about to be.
      const client = this.#numberOf(section.client)
      const { clock, structs, from } = section
      const runsBefore = this.#clients[client]?.runs.count ?? 0
      const rowsBefore = this.#order.count(client)
      this.#cursors.set(section.client, {
        section,
        client,
        runsBefore,
        rowsBefore,
        clock,
        left: structs,
        at: from,
        isWaiting: false,
        until: 0,
      })
    }
    for (const cursor of this.#cursors.values()) yield* this.#advance(cursor)
  }

  #numberOf(id: number): number {
    const known = this.#numbers.get(id)
    if (known !== undefined) return known
    this.#numbers.set(id, this.#clients.length)
    return this.#clients.push({ id, runs: new ClientRuns() }) - 1
  }

  /**
   * All of a section, and before each struct what it leans on in others, only as far as that goes: sections lean on
   * each other in circles, structs never, because nothing is missing.
   */
  *#advance(first: Cursor): Generator<undefined, void> {
    first.until = Number.POSITIVE_INFINITY
    const stack = [first]
    for (let cursor = stack.at(-1), count = 1; cursor !== undefined; cursor = stack.at(-1), count++) {
      if (count % STRUCTS_A_TURN === 0) yield
      if (cursor.left === 0 || cursor.clock > cursor.until) {
        cursor.isWaiting = false
        stack.pop()
        continue
      }
      const awaited = this.#readHead(cursor)
      cursor.isWaiting = awaited !== undefined && !awaited.cursor.isWaiting
      if (awaited !== undefined && cursor.isWaiting) {
        awaited.cursor.until = awaited.clock
        stack.push(awaited.cursor)
      } else this.#placeOne(cursor)
    }
  }

  /** @returns the section that must come first, and up to which clock */
  #readHead({ section, at }: Cursor): { cursor: Cursor; clock: number } | undefined {
    const head = this.#head
    this.#reader.at = at
    head.read(this.#reader)
    if (this.#cursors.size === 1) return undefined
    const awaited = (client: number, clock: number): { cursor: Cursor; clock: number } | undefined => {
      const cursor = client === section.client ? undefined : this.#cursors.get(client)
      return cursor !== undefined && cursor.left > 0 && clock >= cursor.clock ? { cursor, clock } : undefined
    }
    return (
      (head.hasOrigin ? awaited(head.originClient, head.originClock) : undefined) ??
      (head.hasRight ? awaited(head.rightClient, head.rightClock) : undefined) ??
      (head.isNamed && head.root === undefined ? awaited(head.parentClient, head.parentClock) : undefined)
    )
  }

  #placeOne(cursor: Cursor): void {
    const { client, clock } = cursor
    const { kind } = this.#head
    const list = kind === 0 ? NOWHERE : this.#listOf(this.#head)
    const length = kind < 2 ? this.#reader.varUint() : readContent(this.#reader, kind, false)
    if (this.#known !== undefined) this.#check(cursor.section.client, clock, length, list)
    if (this.#lists.isRootSequence(list)) this.#placeInOrder({ client, clock }, list)
    this.#clients[client]?.runs.add(clock, 2 * list + (kind === TYPE ? 1 : 0))
    cursor.clock += length
    cursor.at = this.#reader.at
    cursor.left--
  }

  #placeInOrder(place: Place, list: number): void {
    const head = this.#head
    const origin = head.hasOrigin ? this.#placeOf(head.originClient, head.originClock) : NONE
    const right = head.hasRight ? this.#placeOf(head.rightClient, head.rightClock) : NONE
    if (!this.#disordered.has(list)) {
      const what = contradictsOrder(this.#order, origin, right)
      if (what !== undefined && this.#known !== undefined) throw new ProtocolError('invalid', what)
      if (what !== undefined) this.#disordered.add(list)
    }
    this.#order.add(place, origin, right)
  }

  #placeOf(client: number, clock: number): Place {
    return { client: this.#numbers.get(client) ?? NONE.client, clock }
  }

  #listOf(head: StructHead): number {
    if (!head.isNamed) {
      const left = head.hasOrigin ? this.listAt(head.originClient, head.originClock) : undefined
      const right = head.hasRight ? this.listAt(head.rightClient, head.rightClock) : undefined
      if (left === undefined || right === undefined || left === right) return left ?? right ?? NOWHERE
      return this.#common(left, right)
    }
    if (head.root !== undefined) return this.#lists.ofRoot(head.root, head.key)
    const { parentClient, parentClock, key } = head
    const value = this.#valueAt(parentClient, parentClock)
    const around = value >> 1
    if (around === NOWHERE) return NOWHERE
    if ((value & 1) === 1)
      return this.#lists.ofType(this.#numberOf(parentClient), parentClock, key, 1 + this.#lists.depth(around))
    // Of a type that was deleted, only that is left.
    if (this.#known === undefined || this.#isDeleted(parentClient, parentClock)) return NOWHERE
    throw new ProtocolError('invalid', `clock ${parentClock} of client ${parentClient} is no type to be in`)
  }

  /** Of two lists: only where one was collected and the other will be does anybody see both beside the same item. */
  #common(left: number, right: number): number {
    if (this.#known === undefined) {
      // Where replicas have put such an item, and all that leans on it, nobody can tell.
      this.#disordered.add(left).add(right)
      return left === NOWHERE || right === NOWHERE ? NOWHERE : left
    }
    if (left === NOWHERE && this.#isGone(right)) return NOWHERE
    if (right === NOWHERE && this.#isGone(left)) return NOWHERE
    throw new ProtocolError('invalid', 'an item with neighbours in different lists')
  }

  #check(client: number, clock: number, length: number, list: number): void {
    const { kind, hasRight } = this.#head
    if (kind === TYPE && this.#lists.depth(list) >= MAX_TYPE_DEPTH)
      throw new ProtocolError('invalid', `shared types nested deeper than ${MAX_TYPE_DEPTH}`)
    if (!this.#lists.isKeyed(list)) return
    if (hasRight || kind === TEXT || kind === EMBED || kind === FORMAT)
      throw new ProtocolError('invalid', 'a key of a map with what only sequences hold')
    // A key holds one value. Several in one item are former ones, which a replica that collects nothing has joined.
    if (length > 1 && kind > 1 && !this.#isDeletedHere(client, clock, clock + length))
      throw new ProtocolError('invalid', 'a key of a map with several values')
  }

  #valueAt(client: number, clock: number): number {
    const number = this.#numbers.get(client)
    return (number === undefined ? undefined : this.#clients[number]?.runs.at(clock)) ?? 2 * NOWHERE
  }

  /** Number of the list that a known clock is in, `NOWHERE` when it is in none any more. */
  listAt(client: number, clock: number): number {
    return this.#valueAt(client, clock) >> 1
  }

  /** Whether a type around the list is deleted. */
  #isGone(list: number): boolean {
    const passed: number[] = []
    let gone: boolean | undefined
    for (let at = list; gone === undefined; ) {
      gone = at === NOWHERE ? true : this.#gone.get(at)
      if (gone !== undefined) break
      passed.push(at)
      const parent = this.#lists.parent(at)
      const client = parent && this.#clients[parent.client]
      if (parent === undefined || client === undefined) gone = false
      else if (this.#isDeleted(client.id, parent.clock)) gone = true
      else at = this.listAt(client.id, parent.clock)
    }
    for (const one of passed) this.#gone.set(one, gone)
    return gone
  }

  #isDeleted(client: number, clock: number): boolean {
    return (
      covers(this.#known?.deleted.get(client), clock, clock + 1) ||
      this.#isDeletedHere(client, clock, clock + 1)
    )
  }

  /** Whether this update itself says so, of all clocks of the range. */
  #isDeletedHere(client: number, start: number, end: number): boolean {
    if (this.#deletedHere === undefined) {
      this.#deletedHere = new Map()
      addTriples(this.#deletedHere, this.#layout?.dead ?? [])
      addTriples(this.#deletedHere, this.#layout?.deletes ?? [])
    }
    return covers(this.#deletedHere.get(client), start, end)
  }
}
