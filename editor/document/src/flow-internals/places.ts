/** Places in the flow that stay with what is to their left, whatever is inserted or deleted. */
import * as Y from 'yjs'
import { itemOf, type Segment } from './segment.ts'

/**
 * A place right behind a unit of the flow, by the unit's identity: it stays with its left neighbour, whatever
 * is inserted or deleted. `item` null is the start of the flow. The form is that of a Yjs relative position.
 */
export interface FlowPlace {
  readonly type: null
  readonly tname: string | null
  readonly item: { readonly client: number; readonly clock: number } | null
  readonly assoc: -1
}

/** @param offset in units of text; 0 is right behind the marker, more than the segment has counts on in the next. */
export function placeAt(flow: Y.Text, segment: Segment, offset: number): FlowPlace {
  const marker = itemOf(segment)
  if (offset <= 0 || segment.text === '') return placeBehind(flow, marker)
  let left = offset
  for (let item = marker === null ? flow._start : marker.right; item !== null; item = item.right) {
    if (item.deleted || !item.countable || item.content instanceof Y.ContentType) continue
    if (left <= item.length) return placeBehind(flow, item, left - 1)
    left -= item.length
  }
  return placeBehind(flow, marker)
}

/** `placeAt` for every offset from 0 to the segment's length. */
export function placesIn(flow: Y.Text, segment: Segment): FlowPlace[] {
  const marker = itemOf(segment)
  const places = [placeBehind(flow, marker)]
  for (let item = marker === null ? flow._start : marker.right; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue
    if (item.content instanceof Y.ContentType) break
    for (let unit = 0; unit < item.length; unit += 1) places.push(placeBehind(flow, item, unit))
  }
  return places
}

/** Whether the unit that a place stands behind is still there; the start of the flow always is. */
export function isPlaceAlive(flow: Y.Text, { item }: FlowPlace): boolean {
  if (item === null) return true
  if (flow.doc === null) return false
  return findItem(flow.doc, item.client, item.clock)?.item.deleted === false
}

/** @returns the segment's marker and the offset in it; undefined when the place is not in this flow (yet). */
export function resolvePlace(
  flow: Y.Text,
  place: FlowPlace,
): { readonly marker: Y.Map<unknown> | null; readonly offset: number } | undefined {
  if (place.item === null) return place.tname === nameOf(flow) ? { marker: null, offset: 0 } : undefined
  const doc = flow.doc
  if (doc === null) return undefined
  const found = findItem(doc, place.item.client, place.item.clock)
  if (found === undefined || found.item.parent !== flow) return undefined
  let { item } = found
  let offset = 0
  if (!item.deleted) {
    if (item.content instanceof Y.ContentType)
      return { marker: item.content.type as Y.Map<unknown>, offset: 0 }
    if (item.countable) offset = found.diff + 1
  }
  for (;;) {
    const left: Y.Item | null = item.left
    if (left === null) return { marker: null, offset }
    item = left
    if (item.deleted || !item.countable) continue
    if (item.content instanceof Y.ContentType) return { marker: item.content.type as Y.Map<unknown>, offset }
    offset += item.length
  }
}

/** The flow that a place is in: the document's, or that of a cell. Undefined when it is not there (yet). */
export function flowOfPlace(doc: Y.Doc, { item, tname }: FlowPlace): Y.Text | undefined {
  const type: unknown =
    item === null ? doc.share.get(tname ?? '') : findItem(doc, item.client, item.clock)?.item.parent
  return type instanceof Y.Text ? type : undefined
}

/** @param item null for the start of the flow. */
function placeBehind(flow: Y.Text, item: Y.Item | null, unit = 0): FlowPlace {
  if (item === null) return { type: null, tname: nameOf(flow), item: null, assoc: -1 }
  const { client, clock } = item.id
  return { type: null, tname: null, item: { client, clock: clock + unit }, assoc: -1 }
}

const names = new WeakMap<Y.Text, string>()

/** Yjs looks through all roots for it, of which a document with tables has thousands. */
function nameOf(flow: Y.Text): string {
  const known = names.get(flow)
  if (known !== undefined) return known
  const name = Y.findRootTypeKey(flow)
  names.set(flow, name)
  return name
}

export function findItem(
  doc: Y.Doc,
  client: number,
  clock: number,
): { item: Y.Item; diff: number } | undefined {
  let wanted = clock
  let owner = client
  for (;;) {
    const structs = doc.store.clients.get(owner)
    if (structs === undefined || wanted >= Y.getState(doc.store, owner)) return undefined
    const struct = structs[Y.findIndexSS(structs, wanted)]
    if (!(struct instanceof Y.Item)) return undefined
    const diff = wanted - struct.id.clock
    // What an undo brought back is a new item; the place belongs to it.
    if (!struct.deleted || struct.redone === null) return { item: struct, diff }
    owner = struct.redone.client
    wanted = struct.redone.clock + diff
  }
}
