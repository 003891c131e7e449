/**
 * Where everything in a Yjs update (V1) lies, without building a single Yjs object.
 *
 * This is the decoder of the hot path: it reads every byte once, strictly within bounds, and refuses whatever
 * a replica could not decode. It accepts nothing that `Y.decodeUpdate` refuses; it refuses more: sections out
 * of order, empty structs, numbers out of proportion, bytes at the end (see `PROTOCOL.md`).
 * What the update leans on is only listed here; whether that is known is `guard.ts`'s question.
 * Its two parts are `struct-walk.ts` and `delete-set-reader.ts`; single structs are looked at by `struct-at.ts`.
 */
import { DeleteSetReader } from './delete-set-reader.ts'
import { type Section, StructWalk } from './struct-walk.ts'

export type { Section } from './struct-walk.ts'

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
const A_TURN = 20_000

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
 * The same of tens of megabytes, so that others may have their turn each time it yields.
 * @param aTurn structs, and ranges of what is deleted, of one turn
 * @throws {ProtocolError} as `readOwnLayout`
 */
export function* readOwnLayoutInTurns(bytes: Uint8Array, aTurn = A_TURN): Generator<undefined, UpdateLayout> {
  const walk = new StructWalk(bytes)
  const before = yield* walk.structsInTurns(aTurn)
  const deletesFrom = walk.reader.at
  const deleteSet = new DeleteSetReader(walk.reader, walk.isSent)
  yield* deleteSet.readInTurns(aTurn, before)
  return finish(walk, deletesFrom, deleteSet)
}

function layoutOf(bytes: Uint8Array, maxDeadClocks: number, maxClients: number): UpdateLayout {
  const walk = new StructWalk(bytes, maxDeadClocks)
  walk.structs(maxClients)
  const deletesFrom = walk.reader.at
  const deleteSet = new DeleteSetReader(walk.reader, walk.isSent)
  deleteSet.readAll()
  return finish(walk, deletesFrom, deleteSet)
}

/** @throws {ProtocolError} for bytes behind what was read */
function finish(
  { reader, sections, references, dead, isPlain, skips }: StructWalk,
  deletesFrom: number,
  { deletes, tidy }: DeleteSetReader,
): UpdateLayout {
  reader.end()
  const { bytes } = reader
  return { bytes, sections, references, dead, deletes, tidy, isPlain, skips, deletesFrom }
}

/** Without what only the guard needs: for updates that stay in memory. */
export function withoutReferences(layout: UpdateLayout): UpdateLayout {
  const { references, dead } = layout
  return references.length === 0 && dead.length === 0 ? layout : { ...layout, references: [], dead: [] }
}
