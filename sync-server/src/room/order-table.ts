/**
 * Which of two items of one sequence stands first, told from the neighbours that items were written between; no
 * sequence is built.
 *
 * In a sequence of Yjs whatever was written behind an item follows it before anything else does: it is a tree, in which an
 * item hangs on its left neighbour, read from the top. So two items stand as the two branches do in which they
 * hang, and branches from one place as Yjs sorts items with one left neighbour: `isSiblingBefore`. Both walks go only
 * as far as what the two have in common, which for people is what they wrote at the same time.
 *
 * True of what people write. Of items that contradict their order nothing is promised but an end.
 */

/** An item; the client is a number that whoever keeps the table has given it, and `NONE` stands for none. */
export interface Place {
  readonly client: number
  readonly clock: number
}

export const NONE: Place = { client: -1, clock: 0 }

/** Clocks of one client that follow each other, each behind the one before and all with one right neighbour. */
class Rows {
  #starts = new Float64Array(4)
  #neighbours = new Float64Array(16)
  count = 0

  get bytes(): number {
    return this.#starts.byteLength + this.#neighbours.byteLength
  }

  add(clock: number, origin: Place, right: Place): void {
    if (this.count === this.#starts.length) {
      const starts = new Float64Array(2 * this.count)
      starts.set(this.#starts)
      this.#starts = starts
      const neighbours = new Float64Array(8 * this.count)
      neighbours.set(this.#neighbours)
      this.#neighbours = neighbours
    }
    this.#starts[this.count] = clock
    this.#neighbours.set([origin.client, origin.clock, right.client, right.clock], 4 * this.count)
    this.count++
  }

  /** The row of a clock. */
  find(clock: number): number {
    let low = 0
    let high = this.count - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] ?? 0) <= clock) low = middle + 1
      else high = middle - 1
    }
    return Math.max(high, 0)
  }

  start(row: number): number {
    return this.#starts[row] ?? 0
  }

  /** Of the row's first clock. */
  origin(row: number): Place {
    return { client: this.#neighbours[4 * row] ?? -1, clock: this.#neighbours[4 * row + 1] ?? 0 }
  }

  right(row: number): Place {
    return { client: this.#neighbours[4 * row + 2] ?? -1, clock: this.#neighbours[4 * row + 3] ?? 0 }
  }
}

/** Where a branch passes through a row on its way up: at `at`, coming from the item `from` that hangs there. */
interface Step {
  readonly client: number
  readonly row: number
  readonly at: number
  readonly start: number
  readonly from: Place | undefined
}

export class OrderTable {
  readonly #rows: (Rows | undefined)[] = []
  readonly #idOf: (client: number) => number
  /** Steps that may still be taken; what people write takes a few. */
  steps = 0

  /** @param idOf the Yjs id of a client's number */
  constructor(idOf: (client: number) => number) {
    this.#idOf = idOf
  }

  get bytes(): number {
    return this.#rows.reduce((sum, rows) => sum + (rows?.bytes ?? 0), 0)
  }

  /** Rows of a client, for `truncate`. */
  count(client: number): number {
    return this.#rows[client]?.count ?? 0
  }

  truncate(client: number, count: number): void {
    const rows = this.#rows[client]
    if (rows !== undefined) rows.count = count
  }

  /** Behind all that was added of this client. */
  add({ client, clock }: Place, origin: Place, right: Place): void {
    const rows = this.#rows[client] ?? new Rows()
    this.#rows[client] = rows
    const goesOn = rows.count > 0 && origin.client === client && origin.clock === clock - 1
    if (!goesOn || !isSame(rows.right(rows.count - 1), right)) rows.add(clock, origin, right)
  }

  originOf({ client, clock }: Place): Place {
    const rows = this.#rows[client]
    if (rows === undefined) return NONE
    const row = rows.find(clock)
    return clock > rows.start(row) ? { client, clock: clock - 1 } : rows.origin(row)
  }

  rightOf({ client, clock }: Place): Place {
    const rows = this.#rows[client]
    return rows === undefined ? NONE : rows.right(rows.find(clock))
  }

  /** @returns undefined when that takes more steps than there are left */
  isBefore(a: Place, b: Place): boolean | undefined {
    const [ofA, ofB] = [new Map<number, Step>(), new Map<number, Step>()]
    let stepA = this.#enter(a, undefined)
    let stepB = this.#enter(b, undefined)
    let [topA, topB] = [a, b]
    while (stepA !== undefined || stepB !== undefined) {
      if (this.steps-- <= 0) return undefined
      if (stepA !== undefined) {
        const met = ofB.get(keyOf(stepA.client, stepA.row))
        if (met !== undefined) return this.#compareAt(stepA, met)
        ofA.set(keyOf(stepA.client, stepA.row), stepA)
        topA = { client: stepA.client, clock: stepA.start }
      }
      if (stepB !== undefined) {
        const met = ofA.get(keyOf(stepB.client, stepB.row))
        if (met !== undefined) return this.#compareAt(met, stepB)
        ofB.set(keyOf(stepB.client, stepB.row), stepB)
        topB = { client: stepB.client, clock: stepB.start }
      }
      stepA = stepA && this.#enter(this.originOf(topA), topA)
      stepB = stepB && this.#enter(this.originOf(topB), topB)
    }
    return this.#isSiblingBefore(topA, topB, NONE)
  }

  #enter({ client, clock }: Place, from: Place | undefined): Step | undefined {
    const rows = this.#rows[client]
    if (client === NONE.client || rows === undefined) return undefined
    const row = rows.find(clock)
    return { client, row, at: clock, start: rows.start(row), from }
  }

  /** Of branches that pass through one row. */
  #compareAt(a: Step, b: Step): boolean | undefined {
    const common: Place = { client: a.client, clock: Math.min(a.at, b.at) }
    const next: Place = { client: a.client, clock: common.clock + 1 }
    const branchA = a.at > common.clock ? next : a.from
    const branchB = b.at > common.clock ? next : b.from
    // Who hangs on somebody stands behind.
    if (branchA === undefined || branchB === undefined) return branchA === undefined && branchB !== undefined
    return this.#isSiblingBefore(branchA, branchB, common)
  }

  /**
   * Of two items behind one: each was put first there, so its right neighbour, when that hangs there as well, is the one
   * that was first before. From where their histories part, Yjs puts each item behind the last one with a lower
   * client id that stands before its right neighbour.
   */
  #isSiblingBefore(a: Place, b: Place, origin: Place): boolean | undefined {
    const ofA = [a]
    const ofB = [b]
    const atA = new Map([[nameOf(a), 0]])
    const atB = new Map([[nameOf(b), 0]])
    let nextA = this.#nextSibling(a, origin)
    let nextB = this.#nextSibling(b, origin)
    while (nextA !== undefined || nextB !== undefined) {
      if (this.steps-- <= 0) return undefined
      if (nextA !== undefined) {
        const common = atB.get(nameOf(nextA))
        if (common !== undefined) {
          ofB.length = common
          break
        }
        atA.set(nameOf(nextA), ofA.push(nextA) - 1)
        nextA = this.#nextSibling(nextA, origin)
      }
      if (nextB !== undefined) {
        const common = atA.get(nameOf(nextB))
        if (common !== undefined) {
          ofA.length = common
          break
        }
        atB.set(nameOf(nextB), ofB.push(nextB) - 1)
        nextB = this.#nextSibling(nextB, origin)
      }
    }
    if (ofB.length === 0) return true
    let passed = ofB.length
    for (const item of ofA.toReversed())
      while (passed > 0 && !this.#isLower(ofB[passed - 1] ?? NONE, item)) passed--
    return ofA.length > 0 && passed === 0
  }

  #nextSibling(item: Place, origin: Place): Place | undefined {
    const right = this.rightOf(item)
    return right.client !== NONE.client && isSame(this.originOf(right), origin) ? right : undefined
  }

  #isLower(a: Place, b: Place): boolean {
    return this.#idOf(a.client) < this.#idOf(b.client)
  }
}

export function isSame(a: Place, b: Place): boolean {
  return a.client === b.client && (a.client === NONE.client || a.clock === b.clock)
}

const keyOf = (client: number, row: number): number => client * 2 ** 30 + row
const nameOf = ({ client, clock }: Place): string => `${client}:${clock}`
