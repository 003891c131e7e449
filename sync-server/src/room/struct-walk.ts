/**
 * The walk over the structs of an update: where each begins, how many clocks it takes, what it leans on.
 *
 * It reads every byte once, strictly within bounds, and builds nothing of what it reads. `Infinity` for what an update
 * may bring makes it lenient: what is stored is read whatever it holds.
 *
 * @see https://github.com/yjs/yjs/blob/v13.6.33/src/utils/updates.js lazyStructReaderGenerator, the same walk
 */
import { ProtocolError, Reader } from '@weft/protocol'
import { advance } from './advance.ts'
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

export class StructWalk {
  readonly reader: Reader
  readonly sections: Section[] = []
  readonly references: number[] = []
  readonly dead: number[] = []
  skips = false
  isPlain = true
  readonly #maxDeadClocks: number
  #deadClocks = 0

  constructor(bytes: Uint8Array, maxDeadClocks = Number.POSITIVE_INFINITY) {
    this.reader = new Reader(bytes)
    this.#maxDeadClocks = maxDeadClocks
  }

  /** Of what is stored nothing is refused that can be read. */
  get isSent(): boolean {
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

  /** @returns how many it has read since it last yielded */
  *structsInTurns(structsATurn: number): Generator<undefined, number> {
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
    return read
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
    return kind === 1 ? this.#dead(client, clock) : readContent(this.reader, kind, this.isSent)
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
}
