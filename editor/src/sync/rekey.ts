/**
 * Edits rewritten under another client id (pure): for a page that went back to an earlier state of itself, and then
 * wrote under clocks that the server knows otherwise.
 *
 * What was written so is taken out of the document, and becomes the beginning of what a new client has written: each
 * struct as it was, its clock counted from 0, and what leaned on another of them leans on it still. What leaned on
 * anything else leans on that: both texts are there in the end, the words of this page where it had typed them.
 */
import { writeVarUint } from 'lib0/encoding'
import * as Y from 'yjs'

/** Clocks of one client: from the first one through the one before `end`. */
export interface ClockRange {
  readonly client: number
  readonly from: number
  readonly end: number
}

export interface Rekeyed {
  /** The update without these clocks, and without all that their clients wrote after them. */
  readonly rest: Uint8Array
  /** What stood under these clocks, under other client ids; undefined when there was nothing. */
  readonly rewritten: Uint8Array | undefined
}

/** A range, and the client under which it is written anew. */
export interface Move extends ClockRange {
  readonly to: number
}

type Struct = Y.Item | Y.GC | Y.Skip
type Deletes = Map<number, { readonly clock: number; readonly len: number }[]>

/**
 * @param update of the whole document, or any part of it
 * @param moves one for each client; `to` is a client that nobody has
 */
export function rekey(update: Uint8Array, moves: readonly Move[]): Rekeyed {
  const { structs, ds } = Y.decodeUpdate(update)
  const moving = new Map(moves.map((move) => [move.client, move]))
  const rest: Struct[] = []
  const rewritten: Struct[] = []
  for (const struct of structs) {
    const move = moving.get(struct.id.client)
    if (move === undefined) {
      rest.push(struct)
      continue
    }
    const [kept, own] = divide(struct, move)
    if (kept !== undefined) rest.push(kept)
    if (own !== undefined) rewritten.push(withId(own, moves))
  }
  const deleted = { rest: new Map() as Deletes, rewritten: new Map() as Deletes }
  for (const [client, ranges] of ds.clients)
    for (const { clock, len } of ranges)
      addDeletes(deleted, moving.get(client), { client, clock, end: clock + len })
  // A struct that was cut off from those before it belongs to them: nothing stands between.
  return {
    rest: encode(rest, deleted.rest),
    rewritten:
      rewritten.length === 0 && deleted.rewritten.size === 0
        ? undefined
        : encode(rewritten, mergeDeletes(deleted.rest, deleted.rewritten)),
  }
}

/** What of a struct stays, and what of it moves. What lies behind the range does neither. */
function divide(struct: Struct, { client, from, end }: Move): [Struct | undefined, Struct | undefined] {
  const { clock } = struct.id
  if (clock + struct.length <= from) return [struct, undefined]
  if (clock >= end || struct instanceof Y.Skip) return [undefined, undefined]
  if (clock >= from) return [undefined, cut(struct, end - clock)]
  const behind = split(struct, from - clock, client)
  return [struct, cut(behind, end - from)]
}

function cut(struct: Struct, length: number): Struct {
  if (struct.length > length) split(struct, length, struct.id.client)
  return struct
}

/** Shortens `struct` to `at`. @returns what comes behind that */
function split(struct: Struct, at: number, client: number): Struct {
  const id = Y.createID(client, struct.id.clock + at)
  const behind = struct.length - at
  if (struct instanceof Y.Item) {
    const content = struct.content.splice(at)
    struct.length = at
    const left = Y.createID(client, id.clock - 1)
    // Its own left neighbour says where it stands: no parent, no key.
    return new Y.Item(id, null, left, null, struct.rightOrigin, null, null, content)
  }
  struct.length = at
  return new Y.GC(id, behind)
}

function withId(struct: Struct, moves: readonly Move[]): Struct {
  const id = mapId(struct.id, moves)
  if (!(struct instanceof Y.Item)) return new Y.GC(id, struct.length)
  const { origin, rightOrigin, parent, parentSub, content } = struct
  return new Y.Item(
    id,
    null,
    origin && mapId(origin, moves),
    null,
    rightOrigin && mapId(rightOrigin, moves),
    parent instanceof Y.ID ? mapId(parent, moves) : parent,
    parentSub,
    content,
  )
}

function mapId(id: Y.ID, moves: readonly Move[]): Y.ID {
  const move = moves.find(
    ({ client, from, end }) => client === id.client && id.clock >= from && id.clock < end,
  )
  return move === undefined ? id : Y.createID(move.to, id.clock - move.from)
}

/** Where what stood under an id stands now. */
export function moved(id: { readonly client: number; readonly clock: number }, moves: readonly Move[]): Y.ID {
  return mapId(Y.createID(id.client, id.clock), moves)
}

function addDeletes(
  deleted: { readonly rest: Deletes; readonly rewritten: Deletes },
  move: Move | undefined,
  { client, clock, end }: { readonly client: number; readonly clock: number; readonly end: number },
): void {
  if (move === undefined) return push(deleted.rest, client, clock, end)
  push(deleted.rest, client, clock, Math.min(end, move.from))
  const from = Math.max(clock, move.from) - move.from
  push(deleted.rewritten, move.to, from, Math.min(end, move.end) - move.from)
}

function push(deletes: Deletes, client: number, clock: number, end: number): void {
  if (end <= clock) return
  const ranges = deletes.get(client) ?? []
  deletes.set(client, ranges)
  ranges.push({ clock, len: end - clock })
}

/** What this page has deleted of others goes with its words: what the server knows of it is dropped there. */
function mergeDeletes(one: Deletes, other: Deletes): Deletes {
  return new Map([...one, ...other])
}

/** As Yjs encodes an update (V1): clients descending, what of one belongs together in the order of its clocks. */
function encode(structs: readonly Struct[], deletes: Deletes): Uint8Array {
  const encoder = new Y.UpdateEncoderV1()
  const byClient = Map.groupBy(structs, ({ id }) => id.client)
  const clients = [...byClient].toSorted(([one], [other]) => other - one)
  writeVarUint(encoder.restEncoder, clients.length)
  for (const [client, ofClient] of clients) {
    writeVarUint(encoder.restEncoder, ofClient.length)
    encoder.writeClient(client)
    writeVarUint(encoder.restEncoder, ofClient[0]?.id.clock ?? 0)
    for (const struct of ofClient) struct.write(encoder, 0)
  }
  writeVarUint(encoder.restEncoder, deletes.size)
  for (const [client, ranges] of [...deletes].toSorted(([one], [other]) => other - one)) {
    encoder.resetDsCurVal()
    writeVarUint(encoder.restEncoder, client)
    writeVarUint(encoder.restEncoder, ranges.length)
    for (const { clock, len } of ranges) {
      encoder.writeDsClock(clock)
      encoder.writeDsLen(len)
    }
  }
  return encoder.toUint8Array()
}
