/**
 * The last part of an update, its delete set, as triples client, clock, end: each client's ranges ascending and apart.
 *
 * A document in which much was deleted here and there has millions of ranges, so it can be read a part at a time. What
 * somebody sends out of order is refused, because sorting it takes long; what is stored is read all the same.
 */
import { ProtocolError, type Reader } from '@weft/protocol'
import { advance } from './advance.ts'
import { addRange, type Ranges } from './ranges.ts'

export class DeleteSetReader {
  readonly deletes: number[] = []
  /** Whether it stands like that in the bytes: old versions of Yjs leave ranges that overlap. */
  tidy = true
  readonly #reader: Reader
  readonly #isSent: boolean
  readonly #named = new Set<number>()
  #isDisordered = false
  /** Unread: clients, and ranges of the one that is being read. */
  #clients: number
  #ranges = 0
  #client = 0
  /** Of that client, where the last range began, and how far any has reached. */
  #start = -1
  #reached = -1

  /** @param reader at the beginning of the delete set */
  constructor(reader: Reader, isSent: boolean) {
    this.#reader = reader
    this.#isSent = isSent
    this.#clients = reader.varUint()
  }

  /** @throws {ProtocolError} for what is malformed, and what was sent out of order */
  readAll(): void {
    this.#read(Number.POSITIVE_INFINITY)
    if (this.#isDisordered) for (const _ of this.#sort(Number.POSITIVE_INFINITY));
  }

  /**
   * The same, so that others may have their turn each time it yields.
   * @param aTurn ranges, and heads of clients, of one turn
   * @param before as much work as so many of them was done in the first one
   */
  *readInTurns(aTurn: number, before = 0): Generator<undefined, void> {
    for (let left = aTurn - before; !this.#read(left); left = aTurn) yield
    if (this.#isDisordered) yield* this.#sort(aTurn)
  }

  /** @returns whether that was all */
  #read(most: number): boolean {
    for (let count = 0; this.#ranges > 0 || this.#clients > 0; count++) {
      if (count >= most) return false
      if (this.#ranges > 0) this.#range()
      else this.#nextClient()
    }
    return true
  }

  #nextClient(): void {
    this.#clients--
    this.#client = this.#reader.varUint()
    if (this.#named.has(this.#client)) this.#disorder(`deletes of client ${this.#client} twice`)
    this.#named.add(this.#client)
    this.#ranges = this.#reader.varUint()
    this.tidy &&= this.#ranges > 0
    this.#start = -1
    this.#reached = -1
  }

  #range(): void {
    this.#ranges--
    const clock = this.#reader.varUint()
    const end = advance(clock, this.#reader.varUint())
    const isBack = clock < this.#start
    if (isBack) this.#disorder(`deletes of client ${this.#client} out of order`)
    this.#start = clock
    if (isBack || clock > this.#reached) this.deletes.push(this.#client, clock, end)
    else {
      this.tidy = false
      this.deletes[this.deletes.length - 1] = Math.max(this.#reached, end)
    }
    this.#reached = Math.max(this.#reached, end)
  }

  /** No version of Yjs writes it. */
  #disorder(what: string): void {
    if (this.#isSent) throw new ProtocolError('invalid', what)
    this.#isDisordered = true
    this.tidy = false
  }

  *#sort(aTurn: number): Generator<undefined, void> {
    const { deletes } = this
    const sorted = new Map<number, Ranges>()
    for (let at = 0, count = 1; at < deletes.length; at += 3, count++) {
      const client = deletes[at] ?? 0
      const ranges = sorted.get(client) ?? []
      sorted.set(client, ranges)
      addRange(ranges, deletes[at + 1] ?? 0, deletes[at + 2] ?? 0)
      if (count % aTurn === 0) yield
    }
    deletes.length = 0
    let count = 1
    for (const [client, ranges] of sorted)
      for (let at = 0; at < ranges.length; at += 2, count++) {
        deletes.push(client, ranges[at] ?? 0, ranges[at + 1] ?? 0)
        if (count % aTurn === 0) yield
      }
  }
}
