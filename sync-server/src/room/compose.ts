/**
 * New updates out of parts of others, by copying bytes: no struct is decoded or encoded again.
 *
 * This is possible because everything in a log is canonical and in order: an update begins, for each of its
 * clients, exactly where the ones before it ended.
 */
import { createEncoder, type Encoder, toUint8Array, writeUint8Array, writeVarUint } from 'lib0/encoding'
import { mergeUpdates } from 'yjs'
import { addAllDeleted, addTriples, type DeleteSet, type StateVector, writeDeleteSet } from './knowledge.ts'
import { readStructs, type Section, type UpdateLayout } from './update-layout.ts'

/** A run of structs of one client, ready to be written. */
interface Run {
  readonly client: number
  readonly clock: number
  end: number
  structs: number
  readonly chunks: Uint8Array[]
}

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
  const runs = new Map<number, Run>()
  const deletes: DeleteSet = new Map()
  for (const layout of layouts) {
    for (const section of layout.sections) {
      if (beyond !== undefined && section.end <= (beyond.get(section.client) ?? 0)) continue
      if (!extend(runs, layout, section))
        return mergeUpdates([...layouts.map(({ bytes }) => bytes), write([], deleted ?? new Map())])
    }
    addTriples(deletes, layout.deletes)
  }
  if (deleted !== undefined) addAllDeleted(deletes, deleted)
  return write(
    [...runs.values()].sort((a, b) => b.client - a.client),
    deletes,
  )
}

/** @returns false when the section overlaps or leaves a hole: then bytes cannot simply be put side by side. */
function extend(runs: Map<number, Run>, layout: UpdateLayout, section: Section): boolean {
  const { client, clock, end, structs, from, to } = section
  const chunk = layout.bytes.subarray(from, to)
  const run = runs.get(client)
  if (run === undefined) {
    runs.set(client, { client, clock, end, structs, chunks: [chunk] })
    return true
  }
  // The same content twice: an append whose answer was lost and that was tried again.
  if (end <= run.end) return true
  if (clock !== run.end) return false
  run.end = end
  run.structs += structs
  run.chunks.push(chunk)
  return true
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
  const runs: Run[] = []
  for (const [index, section] of layout.sections.entries()) {
    const end = taken[index] ?? section.clock
    if (end <= section.clock) continue
    const structs = readStructs(layout, section).filter((struct) => struct.end <= end)
    const chunk = layout.bytes.subarray(section.from, structs.at(-1)?.to ?? section.from)
    const last = runs.at(-1)
    if (last?.client === section.client) {
      last.end = end
      last.structs += structs.length
      last.chunks.push(chunk)
    } else
      runs.push({
        client: section.client,
        clock: section.clock,
        end,
        structs: structs.length,
        chunks: [chunk],
      })
  }
  const deleted: DeleteSet = new Map()
  addTriples(deleted, deletes)
  return write(runs, deleted)
}

function write(runs: readonly Run[], deletes: DeleteSet): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, runs.length)
  for (const { client, clock, structs, chunks } of runs) {
    writeVarUint(encoder, structs)
    writeVarUint(encoder, client)
    writeVarUint(encoder, clock)
    for (const chunk of chunks) writeUint8Array(encoder, chunk)
  }
  writeDeleteSet(encoder, deletes)
  return toUint8Array(encoder)
}

function writeTriples(encoder: Encoder, triples: readonly number[]): void {
  const deleted: DeleteSet = new Map()
  addTriples(deleted, triples)
  writeDeleteSet(encoder, deleted)
}
