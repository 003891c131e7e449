/**
 * The lists of a document, numbered: a sequence is the list of its type, each key of a map is a list of its own.
 *
 * Numbers and hashes in typed arrays, because a document has as many of them as it has blocks and attributes. What was
 * added last can be taken back.
 */

/** Of what stands in no list: it was collected with the type it was in, or came that way. */
export const NOWHERE = 0

const ROOT = -1
const NO_KEY = -1

export class ListTable {
  /** Number of the client of the type it is the list of; `ROOT` for one that has a name instead. */
  #parents = new Int32Array(16)
  /** Clock of that type, or number of that name. */
  #clocks = new Float64Array(16)
  #keys = new Int32Array(16)
  /** Types around it. */
  #depths = new Int32Array(16)
  #count = 1
  /** Open addressing; 0 is free. */
  #slots = new Int32Array(32)
  readonly #names = new Map<string, number>()
  readonly #nameOrder: string[] = []

  get bytes(): number {
    const { byteLength } = this.#clocks
    return this.#parents.byteLength * 3 + byteLength + this.#slots.byteLength + this.#names.size * 64
  }

  /** @param key undefined for the sequence @returns its number; a new one the first time */
  ofRoot(name: string, key: string | undefined): number {
    return this.#find(ROOT, this.#nameOf(name), key, 0)
  }

  /** @param client number of the type's client @param depth types around the list, that type among them */
  ofType(client: number, clock: number, key: string | undefined, depth: number): number {
    return this.#find(client, clock, key, depth)
  }

  isKeyed(list: number): boolean {
    return list !== NOWHERE && this.#keys[list] !== NO_KEY
  }

  /** Whether it is the sequence of a root, and no key of one. */
  isRootSequence(list: number): boolean {
    return list !== NOWHERE && this.#keys[list] === NO_KEY && this.#parents[list] === ROOT
  }

  depth(list: number): number {
    return this.#depths[list] ?? 0
  }

  /** The type it is the list of; undefined when that is a root, or nothing. */
  parent(list: number): { readonly client: number; readonly clock: number } | undefined {
    const client = this.#parents[list] ?? ROOT
    return list === NOWHERE || client === ROOT ? undefined : { client, clock: this.#clocks[list] ?? 0 }
  }

  /** For `takeBack`. */
  mark(): readonly [lists: number, names: number] {
    return [this.#count, this.#nameOrder.length]
  }

  /** Forgets what was added since. Nothing stands behind the newest entry of a hash table, so its place is simply free. */
  takeBack([lists, names]: readonly [lists: number, names: number]): void {
    while (this.#count > lists) {
      this.#count--
      this.#slots[this.#slotOf(this.#count)] = 0
    }
    for (const name of this.#nameOrder.splice(names)) this.#names.delete(name)
  }

  #nameOf(name: string): number {
    let number = this.#names.get(name)
    if (number === undefined) {
      number = this.#nameOrder.length
      this.#names.set(name, number)
      this.#nameOrder.push(name)
    }
    return number
  }

  #find(parent: number, clock: number, keyName: string | undefined, depth: number): number {
    const key = keyName === undefined ? NO_KEY : this.#nameOf(keyName)
    const mask = this.#slots.length - 1
    for (let slot = hash(parent, clock, key) & mask; ; slot = (slot + 1) & mask) {
      const list = this.#slots[slot] ?? 0
      if (list === 0) return this.#add(parent, clock, key, depth, slot)
      if (this.#parents[list] === parent && this.#clocks[list] === clock && this.#keys[list] === key)
        return list
    }
  }

  #add(parent: number, clock: number, key: number, depth: number, slot: number): number {
    const list = this.#count++
    if (list === this.#parents.length) this.#grow()
    this.#parents[list] = parent
    this.#clocks[list] = clock
    this.#keys[list] = key
    this.#depths[list] = depth
    this.#slots[slot] = list
    if (2 * this.#count > this.#slots.length) this.#rehash()
    return list
  }

  #grow(): void {
    const size = 2 * this.#parents.length
    const grown = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(size)
      to.set(from)
      return to
    }
    this.#parents = grown(this.#parents)
    this.#keys = grown(this.#keys)
    this.#depths = grown(this.#depths)
    const clocks = new Float64Array(size)
    clocks.set(this.#clocks)
    this.#clocks = clocks
  }

  /** In the order in which they came, so that the newest can still be taken back. */
  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length)
    const mask = this.#slots.length - 1
    for (let list = 1; list < this.#count; list++) {
      let slot = this.#hashOf(list) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = list
    }
  }

  #slotOf(list: number): number {
    const mask = this.#slots.length - 1
    let slot = this.#hashOf(list) & mask
    while (this.#slots[slot] !== list) slot = (slot + 1) & mask
    return slot
  }

  #hashOf(list: number): number {
    return hash(this.#parents[list] ?? 0, this.#clocks[list] ?? 0, this.#keys[list] ?? 0)
  }
}

function hash(parent: number, clock: number, key: number): number {
  let mixed = Math.imul(parent, 0x9e37_79b1) ^ Math.imul(clock, 0x85eb_ca6b) ^ Math.imul(key, 0xc2b2_ae35)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b_3c6d)
  return mixed ^ (mixed >>> 13)
}
