/**
 * New updates out of parts of others, by copying bytes: no struct is built as an object.
 *
 * This is possible because everything in a log is canonical and in order: an update begins, for each of its
 * clients, exactly where the ones before it ended.
 */
import { createEncoder, type Encoder, toUint8Array, writeUint8Array, writeVarUint } from 'lib0/encoding'
import { diffUpdate, mergeUpdates } from 'yjs'
import type { StoredSection } from './contradiction.ts'
import {
  addAllDeleted,
  addTriples,
  type DeleteSet,
  encodeStateVector,
  type StateVector,
  writeDeleteSet,
} from './knowledge.ts'
import { Run } from './run.ts'
import { type StructAt, structAt } from './struct-at.ts'
import { readOwnLayout, type Section, type UpdateLayout } from './update-layout.ts'

/**
 * All of `layouts`, which stand in the order of their log, as one update.
 *
 * @param beyond leaves out the sections that end at or before these clocks; deletes are never left out.
 * @param deleted further deletes to put in.
 */
export function concatenate(
  layouts: readonly UpdateLayout[],
  beyond?: StateVector,
  deleted?: DeleteSet,
): Uint8Array {
  const [only] = layouts
  if (only !== undefined && layouts.length === 1 && beyond === undefined && deleted === undefined)
    return only.bytes
  const runs = new Runs()
  for (const layout of layouts)
    if (!runs.add(layout, beyond))
      return mergeInPairs([...layouts.map(({ bytes }) => bytes), write([], deleted ?? new Map())])
  if (deleted !== undefined) addAllDeleted(runs.deletes, deleted)
  return runs.write()
}

/** Yjs keeps a reader for each update it merges and sorts them at every struct: thousands at once take minutes. */
function mergeInPairs(updates: readonly Uint8Array[]): Uint8Array {
  let left = updates
  while (left.length > 2)
    left = Array.from({ length: Math.ceil(left.length / 2) }, (_, index) =>
      mergeUpdates(left.slice(2 * index, 2 * index + 2)),
    )
  return mergeUpdates([...left])
}

/** Updates that stand in the order of their log, put together one after the other. */
export class Runs {
  readonly deletes: DeleteSet = new Map()
  readonly #runs = new Map<number, Run>()

  /**
   * Copies what is in `layout`.
   * @returns false when a section overlaps or leaves a hole: bytes cannot simply be put side by side, and what was
   *   put together so far is of no use.
   */
  add(layout: UpdateLayout, beyond?: StateVector): boolean {
    for (const section of layout.sections) {
      if (beyond !== undefined && section.end <= (beyond.get(section.client) ?? 0)) continue
      const run = this.#runs.get(section.client)
      if (run === undefined) {
        const begun = new Run(section)
        begun.append(layout.bytes, section)
        this.#runs.set(section.client, begun)
        continue
      }
      // The same content twice: an append whose answer was lost and that was tried again.
      if (section.end <= run.end) continue
      if (section.clock !== run.end) return false
      run.append(layout.bytes, section)
    }
    addTriples(this.deletes, layout.deletes)
    return true
  }

  /** Good until the next `add`. */
  *sections(): Generator<StoredSection, undefined> {
    for (const { client, clock, end, structs, bytes } of this.#runs.values())
      yield {
        bytes,
        section: {
          client,
          clock,
          end,
          structs,
          from: 0,
          to: bytes.length,
          referencesFrom: 0,
          referencesTo: 0,
        },
      }
  }

  /** Canonical: clients descending, contiguous clocks, nothing trailing. */
  write(): Uint8Array {
    return write(
      [...this.#runs.values()].sort((a, b) => b.client - a.client),
      this.deletes,
    )
  }
}

/** The update with another delete set. */
export function withDeletes(layout: UpdateLayout, deletes: readonly number[]): Uint8Array {
  const encoder = createEncoder()
  writeUint8Array(encoder, layout.bytes.subarray(0, layout.deletesFrom))
  writeTriples(encoder, deletes)
  return toUint8Array(encoder)
}

/**
 * The structs of each section up to a clock, and these deletes.
 * @param taken for each section of the layout the clock to stop at: a struct's beginning, or the section's ends.
 */
export function take(layout: UpdateLayout, taken: readonly number[], deletes: readonly number[]): Uint8Array {
  const runs: Written[] = []
  for (const [index, section] of layout.sections.entries()) {
    const end = taken[index] ?? section.clock
    if (end <= section.clock) continue
    const struct = end === section.end ? undefined : structAt(layout, section, end - 1)
    const structs = struct === undefined ? section.structs : struct.index + 1
    const bytes = layout.bytes.subarray(section.from, struct?.to ?? section.to)
    const last = runs.at(-1)
    if (last?.client === section.client) {
      last.structs += structs
      last.bytes = Buffer.concat([last.bytes, bytes])
    } else runs.push({ client: section.client, clock: section.clock, structs, bytes })
  }
  const deleted: DeleteSet = new Map()
  addTriples(deleted, deletes)
  return write(runs, deleted)
}

/** What a Skip begins with. */
const SKIP = 10

/**
 * The update without the structs before these clocks, and its delete set as it came: what `Y.diffUpdate` would make of
 * it, without building millions of structs when somebody sends them. At most one of each section is decoded.
 *
 * @param from for each section of the layout, the first clock that is kept.
 * @param cutting is shown each struct that is cut, before anything is made of it. May throw.
 */
export function dropBefore(
  layout: UpdateLayout,
  from: readonly number[],
  cutting: (section: Section, struct: StructAt, clock: number) => void,
): Uint8Array {
  const kept: (Written & { end: number })[] = []
  for (const [index, section] of layout.sections.entries()) {
    const { client, end } = section
    const clock = Math.max(section.clock, from[index] ?? 0)
    if (clock >= end) continue
    const { structs, bytes } = structsFrom(layout, section, clock, cutting)
    const last = kept.at(-1)
    if (last?.client === client) {
      const encoder = createEncoder()
      writeVarUint(encoder, SKIP)
      writeVarUint(encoder, clock - last.end)
      last.structs += 1 + structs
      last.bytes = Buffer.concat([last.bytes, toUint8Array(encoder), bytes])
      last.end = end
    } else kept.push({ client, clock, structs, bytes, end })
  }
  const encoder = encodeSections(kept)
  writeUint8Array(encoder, layout.bytes.subarray(layout.deletesFrom))
  return toUint8Array(encoder)
}

function structsFrom(
  layout: UpdateLayout,
  section: Section,
  clock: number,
  cutting: (section: Section, struct: StructAt, clock: number) => void,
): { structs: number; bytes: Uint8Array } {
  if (clock === section.clock)
    return { structs: section.structs, bytes: layout.bytes.subarray(section.from, section.to) }
  const struct = structAt(layout, section, clock)
  const structs = section.structs - struct.index
  if (struct.clock === clock) return { structs, bytes: layout.bytes.subarray(struct.from, section.to) }
  cutting(section, struct, clock)
  const whole = layout.bytes.subarray(struct.from, struct.to)
  const alone = write([{ client: section.client, clock: struct.clock, structs: 1, bytes: whole }], new Map())
  const cut = readOwnLayout(diffUpdate(alone, encodeStateVector(new Map([[section.client, clock]]))))
  const [only] = cut.sections
  if (only === undefined) throw new Error('the rest of a struct that was cut is empty')
  const rest = layout.bytes.subarray(struct.to, section.to)
  return { structs, bytes: Buffer.concat([cut.bytes.subarray(only.from, only.to), rest]) }
}

/** Structs of one client, ready to be written. */
interface Written {
  readonly client: number
  readonly clock: number
  structs: number
  bytes: Uint8Array
}

function write(runs: readonly Readonly<Written>[], deletes: DeleteSet): Uint8Array {
  const encoder = encodeSections(runs)
  writeDeleteSet(encoder, deletes)
  return toUint8Array(encoder)
}

function encodeSections(runs: readonly Readonly<Written>[]): Encoder {
  const encoder = createEncoder()
  writeVarUint(encoder, runs.length)
  for (const { client, clock, structs, bytes } of runs) {
    writeVarUint(encoder, structs)
    writeVarUint(encoder, client)
    writeVarUint(encoder, clock)
    writeUint8Array(encoder, bytes)
  }
  return encoder
}

function writeTriples(encoder: Encoder, triples: readonly number[]): void {
  const deleted: DeleteSet = new Map()
  addTriples(deleted, triples)
  writeDeleteSet(encoder, deleted)
}
