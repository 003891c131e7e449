/**
 * Where everything in a Yjs update (V1) lies, without building a single Yjs object.
 *
 * This is the decoder of the hot path: it reads every byte once, strictly within bounds, and refuses whatever
 * a replica could not decode. It accepts nothing that `Y.decodeUpdate` refuses; it refuses more: sections out
 * of order, empty structs, numbers out of proportion, bytes at the end (see `PROTOCOL.md`).
 * What the update leans on is only listed here; whether that is known is `guard.ts`'s question.
 *
 * @see https://github.com/yjs/yjs/blob/v13.6.33/src/utils/updates.js lazyStructReaderGenerator, the same walk
 */
import { ProtocolError, Reader } from '@weft/protocol'
import { addRange, type Ranges } from './ranges.ts'
import { readContent, readText } from './values.ts'

/** Structs of one client with contiguous clocks. A client has several only around a Skip. */
export interface Section {
  readonly client: number
  /** The first clock, and the one after the last. */
  readonly clock: number
  readonly end: number
  readonly structs: number
  /** Where its structs lie in the bytes; the header (count, client, clock) lies before `from`. */
  readonly from: number
  readonly to: number
  /** Its part of `UpdateLayout.references`. */
  readonly referencesFrom: number
  readonly referencesTo: number
}

export interface UpdateLayout {
  readonly bytes: Uint8Array
  /** Strictly descending by client, but for the sections around a Skip. */
  readonly sections: readonly Section[]
  /** Triples: clock of the leaning struct, then client and clock of what it leans on. Own earlier clocks are left out. */
  readonly references: readonly number[]
  /** Triples client, clock, end: structs that arrive deleted. */
  readonly dead: readonly number[]
  /** Triples client, clock, end: the delete set, each client's ranges ascending and apart. */
  readonly deletes: readonly number[]
  /** Whether the delete set stands like that in the bytes: old versions of Yjs leave ranges that overlap. */
  readonly tidy: boolean
  /** Whether it brings nothing but text to where text is, and holes: what no schema has anything to say about. */
  readonly isPlain: boolean
  /** Whether a Skip occurs. */
  readonly skips: boolean
  /** Where the delete set begins. */
  readonly deletesFrom: number
}

/**
 * Clocks of deleted content that one update may bring, or name without their being known. Live content pays for its
 * length in bytes; deleted content has none, and is joined as it grows older: all that was ever typed into a document
 * and deleted again may stand in ten bytes, so no number per byte tells a long history from a burnt clock. This is
 * above what people type into one document, and a four-millionth of the clocks that a client has.
 */
export const MAX_DEAD_CLOCKS = 2 ** 31

/**
 * Clients whose content one update may bring. Each costs a hundred times as much to judge as to send, and a million fit
 * into one frame. A document gets a client with every tab that somebody writes in: thirty a day make so many in twelve years.
 */
const MAX_CLIENTS = 2 ** 17

/** Some milliseconds. */
const STRUCTS_A_TURN = 20_000

/**
 * Of an update that somebody has sent.
 * @throws {ProtocolError} for anything but a whole, well-formed update, and for deleted clocks or clients out of all proportion.
 */
export function readLayout(bytes: Uint8Array): UpdateLayout {
  return layoutOf(bytes, MAX_DEAD_CLOCKS, MAX_CLIENTS)
}

/**
 * Of bytes that are stored, or made from updates that were let in: what each of them was allowed adds up, and
 * shrinks when it is folded, so deleted clocks stand in no proportion to these bytes.
 * @throws {ProtocolError} for anything but a whole, well-formed update.
 */
export function readOwnLayout(bytes: Uint8Array): UpdateLayout {
  return layoutOf(bytes, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
}

/**
 * The same of tens of megabytes, so that others may have their turn each time it yields. What is deleted of one client
 * is read in one: that is one range at a time, however much was typed there.
 * @param structsATurn of one turn
 * @throws {ProtocolError} as `readOwnLayout`
 */
export function* readOwnLayoutInTurns(
  bytes: Uint8Array,
  structsATurn = STRUCTS_A_TURN,
): Generator<undefined, UpdateLayout> {
  const walk = new Walk(bytes)
  yield* walk.structsInTurns(structsATurn)
  return finish(walk)
}

function layoutOf(bytes: Uint8Array, maxDeadClocks: number, maxClients: number): UpdateLayout {
  const walk = new Walk(bytes, maxDeadClocks)
  walk.structs(maxClients)
  return finish(walk)
}

/** @param walk whose structs have been read */
function finish(walk: Walk): UpdateLayout {
  const { bytes } = walk.reader
  const deletesFrom = walk.reader.at
  walk.deleteSet()
  walk.reader.end()
  return {
    bytes,
    sections: walk.sections,
    references: walk.references,
    dead: walk.dead,
    deletes: walk.deletes,
    tidy: walk.tidy,
    isPlain: walk.isPlain,
    skips: walk.skips,
    deletesFrom,
  }
}

/** Without what only the guard needs: for updates that stay in memory. */
export function withoutReferences(layout: UpdateLayout): UpdateLayout {
  const { references, dead } = layout
  return references.length === 0 && dead.length === 0 ? layout : { ...layout, references: [], dead: [] }
}

/** Where a struct lies, in clocks and in bytes. */
export interface StructAt {
  readonly clock: number
  readonly end: number
  readonly from: number
  readonly to: number
}

/**
 * The struct of a section that holds `clock`, which lies in it, and how many stand before it. It makes nothing of the
 * others: somebody may have sent millions.
 */
export function structAt(
  layout: UpdateLayout,
  section: Section,
  clock: number,
): StructAt & { index: number } {
  const walk = new Walk(layout.bytes)
  walk.reader.at = section.from
  let begun = section.clock
  for (let index = 0; ; index++) {
    const from = walk.reader.at
    const end = begun + walk.struct(section.client, begun, walk.reader.byte())
    if (end > clock) return { index, clock: begun, end, from, to: walk.reader.at }
    begun = end
    walk.references.length = 0
  }
}

/** All structs of a section, in order. */
export function* structsOf(
  layout: Pick<UpdateLayout, 'bytes'>,
  { client, clock, structs, from }: Section,
): Generator<StructAt, undefined> {
  const walk = new Walk(layout.bytes)
  walk.reader.at = from
  let begun = clock
  for (let index = 0; index < structs; index++) {
    const at = walk.reader.at
    const end = begun + walk.struct(client, begun, walk.reader.byte())
    yield { clock: begun, end, from: at, to: walk.reader.at }
    begun = end
    walk.references.length = 0
    walk.dead.length = 0
  }
}

/** The text of the struct at `from` when its content is text. */
export function readTextAt(
  layout: Pick<UpdateLayout, 'bytes'>,
  section: Section,
  struct: StructAt,
): string | undefined {
  const info = layout.bytes[struct.from] ?? 0
  if ((info & 31) !== 4) return undefined
  const walk = new Walk(layout.bytes)
  walk.reader.at = struct.from + 1
  walk.leansOn(section.client, struct.clock, info)
  return walk.reader.varString()
}

class Walk {
  readonly reader: Reader
  readonly sections: Section[] = []
  readonly references: number[] = []
  readonly dead: number[] = []
  readonly deletes: number[] = []
  skips = false
  tidy = true
  isPlain = true
  readonly #maxDeadClocks: number
  #deadClocks = 0
  #disordered = false

  constructor(bytes: Uint8Array, maxDeadClocks = Number.POSITIVE_INFINITY) {
    this.reader = new Reader(bytes)
    this.#maxDeadClocks = maxDeadClocks
  }

  /** Of what is stored nothing is refused that can be read. */
  get #isSent(): boolean {
    return this.#maxDeadClocks !== Number.POSITIVE_INFINITY
  }

  structs(maxClients: number): void {
    const count = this.reader.varUint()
    if (count > maxClients)
      throw new ProtocolError('invalid', `${count} clients in one update, more than ${maxClients}`)
    let above = Number.POSITIVE_INFINITY
    for (let index = 0; index < count; index++) {
      const structs = this.reader.varUint()
      above = this.#clientBelow(above, structs)
      this.#section(above, this.reader.varUint(), structs)
    }
  }

  *structsInTurns(structsATurn: number): Generator<undefined, undefined> {
    let read = 0
    let above = Number.POSITIVE_INFINITY
    for (let left = this.reader.varUint(); left > 0; left--) {
      let structs = this.reader.varUint()
      above = this.#clientBelow(above, structs)
      for (let clock = this.reader.varUint(); structs > 0; ) {
        const some = Math.min(structs, structsATurn - read)
        const begun = this.sections.length
        clock = this.#section(above, clock, some)
        this.#join(begun)
        structs -= some
        read += some
        if (read < structsATurn) continue
        read = 0
        yield
      }
    }
  }

  #clientBelow(above: number, structs: number): number {
    const client = this.reader.varUint()
    if (structs === 0) throw new ProtocolError('invalid', `an empty section of client ${client}`)
    if (client >= above) throw new ProtocolError('invalid', `client ${client} after client ${above}`)
    return client
  }

  /** Two sections that no Skip parts are one. @param at the second of them */
  #join(at: number): void {
    const [before, after] = [this.sections[at - 1], this.sections[at]]
    if (before === undefined || before.client !== after?.client || before.end !== after.clock) return
    const { end, to, referencesTo } = after
    const structs = before.structs + after.structs
    this.sections.splice(at - 1, 2, { ...before, end, to, referencesTo, structs })
  }

  /** @returns the clock after its last */
  #section(client: number, first: number, count: number): number {
    let clock = first
    let runClock = first
    let from = this.reader.at
    let structs = 0
    let referencesFrom = this.references.length
    for (let index = 0; index < count; index++) {
      const at = this.reader.at
      const info = this.reader.byte()
      if (info !== 10) {
        clock = advance(clock, this.struct(client, clock, info))
        structs++
        continue
      }
      this.#close(client, runClock, clock, structs, from, at, referencesFrom)
      clock = advance(clock, this.reader.varUint())
      this.skips = true
      runClock = clock
      from = this.reader.at
      structs = 0
      referencesFrom = this.references.length
    }
    this.#close(client, runClock, clock, structs, from, this.reader.at, referencesFrom)
    return clock
  }

  #close(
    client: number,
    clock: number,
    end: number,
    structs: number,
    from: number,
    to: number,
    referencesFrom: number,
  ): void {
    if (structs === 0) return
    const referencesTo = this.references.length
    this.sections.push({ client, clock, end, structs, from, to, referencesFrom, referencesTo })
  }

  /** @returns the clocks the struct takes. */
  struct(client: number, clock: number, info: number): number {
    if (info === 0) return this.#dead(client, clock)
    this.leansOn(client, clock, info)
    const kind = info & 31
    if (kind !== 4 && kind !== 1) this.isPlain = false
    return kind === 1 ? this.#dead(client, clock) : readContent(this.reader, kind, this.#isSent)
  }

  /** Reads origin, right origin and parent of the item at `clock`. */
  leansOn(client: number, clock: number, info: number): void {
    if ((info & 128) !== 0) this.#reference(client, clock)
    if ((info & 64) !== 0) this.#reference(client, clock)
    if ((info & 192) !== 0) return
    const isRoot = this.reader.varUint() === 1
    if (isRoot) readText(this.reader)
    else this.#reference(client, clock)
    const isKeyed = (info & 32) !== 0
    if (isKeyed) readText(this.reader)
    if (isRoot || isKeyed) this.isPlain = false
  }

  #reference(client: number, clock: number): void {
    const toClient = this.reader.varUint()
    const toClock = this.reader.varUint()
    if (toClient !== client) this.references.push(clock, toClient, toClock)
    // Yjs does not look whether a client's own earlier struct is there: it throws on this in every replica.
    else if (toClock >= clock)
      throw new ProtocolError('invalid', `clock ${clock} leans on its own ${toClock}`)
  }

  #dead(client: number, clock: number): number {
    const length = this.reader.varUint()
    this.#deadClocks += length
    if (this.#deadClocks > this.#maxDeadClocks)
      throw new ProtocolError(
        'invalid',
        `${this.#deadClocks} deleted clocks in ${this.reader.bytes.length} bytes`,
      )
    // Yjs joins what is collected side by side; where somebody does not, it is still one range.
    const last = this.dead.length - 1
    if (this.dead[last] === clock && this.dead[last - 2] === client) this.dead[last] = clock + length
    else this.dead.push(client, clock, clock + length)
    return length
  }

  deleteSet(): void {
    const named = new Set<number>()
    for (let left = this.reader.varUint(); left > 0; left--) {
      const client = this.reader.varUint()
      if (named.has(client)) this.#disorder(`deletes of client ${client} twice`)
      named.add(client)
      this.#ranges(client)
    }
    if (this.#disordered) this.#sortDeletes()
  }

  /** No version of Yjs writes it, and sorting what somebody sends takes long; what is stored is read all the same. */
  #disorder(what: string): void {
    if (this.#isSent) throw new ProtocolError('invalid', what)
    this.#disordered = true
    this.tidy = false
  }

  #sortDeletes(): void {
    const sorted = new Map<number, Ranges>()
    for (let at = 0; at < this.deletes.length; at += 3) {
      const ranges = sorted.get(this.deletes[at] ?? 0) ?? []
      sorted.set(this.deletes[at] ?? 0, ranges)
      addRange(ranges, this.deletes[at + 1] ?? 0, this.deletes[at + 2] ?? 0)
    }
    this.deletes.length = 0
    for (const [client, ranges] of sorted)
      for (let at = 0; at < ranges.length; at += 2)
        this.deletes.push(client, ranges[at] ?? 0, ranges[at + 1] ?? 0)
  }

  #ranges(client: number): void {
    const { deletes } = this
    let start = -1
    let reached = -1
    let left = this.reader.varUint()
    this.tidy &&= left > 0
    for (; left > 0; left--) {
      const clock = this.reader.varUint()
      const end = advance(clock, this.reader.varUint())
      const isBack = clock < start
      if (isBack) this.#disorder(`deletes of client ${client} out of order`)
      start = clock
      if (isBack || clock > reached) deletes.push(client, clock, end)
      else {
        this.tidy = false
        deletes[deletes.length - 1] = Math.max(reached, end)
      }
      reached = Math.max(reached, end)
    }
  }
}

/** @throws when nothing is taken, or clocks leave the whole numbers. */
function advance(clock: number, length: number): number {
  const end = clock + length
  if (length === 0) throw new ProtocolError('invalid', `an empty range at clock ${clock}`)
  if (end > Number.MAX_SAFE_INTEGER) throw new ProtocolError('invalid', 'a clock above 2^53 - 1')
  return end
}
