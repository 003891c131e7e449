/**
 * What is known of a document without holding it: how far each client has written (the state vector), what of that
 * is deleted (the delete set), and whose the clients are. Kept up to date from the bytes that are let in; no Yjs
 * document is built.
 *
 * In a room this is *accepted* knowledge: everything committed and everything on its way to the store. Updates
 * are committed in the order in which they were accepted, so what is committed is always a prefix of it.
 */
import { Reader } from '@weft/protocol'
import { createEncoder, type Encoder, toUint8Array, writeVarUint } from 'lib0/encoding'
import { Owners } from './owners.ts'
import { addRanges, eachMissing, type Ranges } from './ranges.ts'
import type { UpdateLayout } from './update-layout.ts'

/** Clocks by client: the first one not held. */
export type StateVector = ReadonlyMap<number, number>

/** Deleted clocks by client. */
export type DeleteSet = Map<number, Ranges>

export class Knowledge {
  readonly owners = new Owners()
  readonly #clocks = new Map<number, number>()
  readonly #deleted: DeleteSet = new Map()
  /** Rises whenever the state vector changes, so that "the same vector" is a comparison of numbers. */
  #vectorVersion = 0
  #encodedVector: Uint8Array | undefined

  get vector(): StateVector {
    return this.#clocks
  }

  get deleted(): DeleteSet {
    return this.#deleted
  }

  get vectorVersion(): number {
    return this.#vectorVersion
  }

  /** The first clock of `client` that is not known; 0 when nothing is. */
  clock(client: number): number {
    return this.#clocks.get(client) ?? 0
  }

  /**
   * Adds an update of which every section begins at or before the known clock.
   * @param principal who brought it; left out where that is not known.
   */
  add(layout: UpdateLayout, principal = ''): void {
    this.owners.add(layout, principal)
    for (const { client, end } of layout.sections) this.advance(client, end)
    addTriples(this.#deleted, layout.dead)
    addTriples(this.#deleted, layout.deletes)
  }

  /** Adds all that another one knows. */
  addAll(other: Knowledge): void {
    for (const [client, clock] of other.#clocks) this.advance(client, clock)
    addAllDeleted(this.#deleted, other.#deleted)
    this.owners.addAll(other.owners)
  }

  /** Everything of `client` before `end` is known. */
  advance(client: number, end: number): void {
    if (end <= this.clock(client)) return
    this.#clocks.set(client, end)
    this.#vectorVersion++
    this.#encodedVector = undefined
  }

  /** As Yjs encodes it. */
  encodeVector(): Uint8Array {
    this.#encodedVector ??= encodeStateVector(this.#clocks)
    return this.#encodedVector
  }
}

/** Adds what `others` names, sharing nothing with it. */
export function addAllDeleted(deleted: DeleteSet, others: DeleteSet): void {
  for (const [client, ranges] of others) addRanges(rangesOf(deleted, client), ranges)
}

function rangesOf(deleted: DeleteSet, client: number): Ranges {
  let ranges = deleted.get(client)
  if (ranges === undefined) {
    ranges = []
    deleted.set(client, ranges)
  }
  return ranges
}

/** @param triples client, start, end; all of one client together, and ascending */
export function addTriples(deleted: DeleteSet, triples: readonly number[]): void {
  for (let at = 0; at < triples.length; ) {
    const client = triples[at] ?? 0
    const added: number[] = []
    for (; at < triples.length && triples[at] === client; at += 3)
      added.push(triples[at + 1] ?? 0, triples[at + 2] ?? 0)
    addRanges(rangesOf(deleted, client), added)
  }
}

/**
 * The part of `triples` that `deleted` lacks, as triples; the same array when that is all of it.
 * @param triples that do not overlap: for each that does, all that is known could be looked through again
 */
export function newDeletes(deleted: DeleteSet, triples: readonly number[]): readonly number[] {
  const found: number[] = []
  let same = true
  for (let index = 0; index < triples.length; index += 3) {
    const client = triples[index] ?? 0
    const start = triples[index + 1] ?? 0
    const end = triples[index + 2] ?? 0
    const before = found.length
    eachMissing(deleted.get(client), start, end, (from, to) => found.push(client, from, to))
    same &&= found.length === before + 3 && found[before + 1] === start && found[before + 2] === end
  }
  return same ? triples : found
}

export function encodeStateVector(clocks: StateVector): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, clocks.size)
  for (const [client, clock] of [...clocks].sort((a, b) => b[0] - a[0])) {
    writeVarUint(encoder, client)
    writeVarUint(encoder, clock)
  }
  return toUint8Array(encoder)
}

/** @throws {ProtocolError} for anything but a whole state vector. */
export function decodeStateVector(bytes: Uint8Array): StateVector {
  const reader = new Reader(bytes)
  const clocks = readStateVector(reader)
  reader.end()
  return clocks
}

export function readStateVector(reader: Reader): Map<number, number> {
  const count = reader.varUint()
  const clocks = new Map<number, number>()
  for (let index = 0; index < count; index++) clocks.set(reader.varUint(), reader.varUint())
  return clocks
}

/** The last part of a Yjs update (V1): clients descending, ranges ascending. */
export function writeDeleteSet(encoder: Encoder, deleted: DeleteSet): void {
  writeVarUint(encoder, deleted.size)
  for (const [client, ranges] of [...deleted].sort((a, b) => b[0] - a[0])) {
    writeVarUint(encoder, client)
    writeVarUint(encoder, ranges.length / 2)
    for (let index = 0; index < ranges.length; index += 2) {
      const start = ranges[index] ?? 0
      writeVarUint(encoder, start)
      writeVarUint(encoder, (ranges[index + 1] ?? 0) - start)
    }
  }
}
