/**
 * Structs of one client with contiguous clocks, put end to end as bytes.
 *
 * Text that goes on where the text before it ended becomes one struct with it, as Yjs itself joins them in memory:
 * a sentence typed key by key costs the bytes of a sentence. Nothing else is decoded or encoded again.
 */
import { Reader } from '@weft/protocol'
import type { Section } from './update-layout.ts'

// The first byte of a struct, see lib0's and Yjs' V1 format: what it holds, and which neighbours it names.
const TEXT = 4
const HAS_ORIGIN = 128
const HAS_RIGHT_ORIGIN = 64
/** Without the bits for neighbours: text in a sequence, not under a key of a map. */
const KIND_AND_KEY = 63

const MIN_CAPACITY = 64

/** A text struct, as far as joining needs it; clients are -1 where there is none. */
interface TextStruct {
  originClient: number
  originClock: number
  rightClient: number
  rightClock: number
  /** Where its text's length stands, and where the text begins and ends. */
  lengthAt: number
  from: number
  to: number
}

export class Run {
  readonly client: number
  readonly clock: number
  #end: number
  #structs = 0
  #bytes: Uint8Array
  #length = 0
  /** Of the last struct, when it is text that may go on: where its length stands, the text's bytes, its right neighbour. */
  #openAt = -1
  /** Bytes in which that length is written; a client may have used more than it needed. */
  #openHeader = 0
  #openLength = 0
  #openRightClient = -1
  #openRightClock = -1

  constructor({ client, clock, from, to }: Section) {
    this.client = client
    this.clock = clock
    this.#end = clock
    this.#bytes = new Uint8Array(Math.max(MIN_CAPACITY, to - from))
  }

  /** The clock after the last one. */
  get end(): number {
    return this.#end
  }

  get structs(): number {
    return this.#structs
  }

  get length(): number {
    return this.#length
  }

  /** A view that the next `append` may change. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** @param section of this client, beginning where this run ends; its bytes are copied from `bytes`. */
  append(bytes: Uint8Array, { clock, end, structs, from, to }: Section): void {
    const text = structs === 1 ? readTextStruct(bytes, from) : undefined
    if (text !== undefined && this.#goesOn(text, clock)) this.#join(bytes, text)
    else {
      this.#copy(bytes, from, to)
      this.#structs += structs
      if (text === undefined) this.#openAt = -1
      else {
        this.#openAt = this.#length - (to - text.lengthAt)
        this.#openHeader = text.from - text.lengthAt
        this.#openLength = text.to - text.from
        this.#openRightClient = text.rightClient
        this.#openRightClock = text.rightClock
      }
    }
    this.#end = end
  }

  /**
   * Whether `text` says of itself what the second half of a split struct would: behind the last character of this
   * run, and with the same right neighbour.
   */
  #goesOn({ originClient, originClock, rightClient, rightClock }: TextStruct, clock: number): boolean {
    return (
      this.#openAt >= 0 &&
      originClient === this.client &&
      originClock === clock - 1 &&
      rightClient === this.#openRightClient &&
      rightClock === this.#openRightClock
    )
  }

  #join(bytes: Uint8Array, { from, to }: TextStruct): void {
    const length = this.#openLength + (to - from)
    const header = varUintBytes(length)
    const more = header - this.#openHeader
    const textAt = this.#length - this.#openLength
    this.#reserve(more + (to - from))
    if (more !== 0) this.#bytes.copyWithin(textAt + more, textAt, this.#length)
    let at = this.#openAt
    let rest = length
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes[at++] = 128 | (rest & 127)
    this.#bytes[at] = rest
    this.#length += more
    this.#openHeader = header
    this.#openLength = length
    this.#copy(bytes, from, to)
  }

  #copy(bytes: Uint8Array, from: number, to: number): void {
    this.#reserve(to - from)
    const target = this.#bytes
    let at = this.#length
    // Below some 50 bytes a loop is faster than making a view to copy from.
    if (to - from < 48) for (let index = from; index < to; index++) target[at++] = bytes[index] ?? 0
    else target.set(bytes.subarray(from, to), at)
    this.#length += to - from
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}

/** @returns undefined when the struct at `from` is anything but text in a sequence with a left neighbour or none named */
function readTextStruct(bytes: Uint8Array, from: number): TextStruct | undefined {
  const info = bytes[from] ?? 0
  // Without any neighbour its parent is named instead; such a struct begins a text and is joined to nothing.
  if ((info & KIND_AND_KEY) !== TEXT || (info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) === 0) return undefined
  const reader = new Reader(bytes)
  reader.at = from + 1
  const hasOrigin = (info & HAS_ORIGIN) !== 0
  const originClient = hasOrigin ? reader.varUint() : -1
  const originClock = hasOrigin ? reader.varUint() : -1
  const hasRight = (info & HAS_RIGHT_ORIGIN) !== 0
  const rightClient = hasRight ? reader.varUint() : -1
  const rightClock = hasRight ? reader.varUint() : -1
  const lengthAt = reader.at
  const length = reader.varUint()
  return {
    originClient,
    originClock,
    rightClient,
    rightClock,
    lengthAt,
    from: reader.at,
    to: reader.at + length,
  }
}

function varUintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) bytes++
  return bytes
}
