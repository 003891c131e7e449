/** Which blocks a transaction has touched, without reading the others. */
import * as Y from 'yjs'
import { markerIn } from './segment.ts'

/** Above this many changed structs, reading everything is cheaper than finding out what was touched. */
const MANY_STRUCTS = 5_000

interface Touched {
  /** Markers, also deleted ones, whose segments may say something else; null is the leading one. */
  readonly markers: Set<Y.Map<unknown> | null>
  /** Items of markers that were not there before. */
  readonly added: Set<Y.Item>
}

export function touchedMarkers(flow: Y.Text, transaction: Y.Transaction): Touched | 'all' {
  const markers = new Set<Y.Map<unknown> | null>()
  const added = new Set<Y.Item>()
  const changed = transaction.changed as unknown as Map<unknown, Set<string | null>>
  for (const [type, keys] of changed) {
    if (type === flow) {
      if ([...keys].some((key) => key !== null)) markers.add(null)
    } else if (type instanceof Y.Map && type._item?.parent === flow) markers.add(type as Y.Map<unknown>)
  }
  if (changed.get(flow)?.has(null) !== true) return { markers, added }
  const owners = new Map<Y.Item, Y.Item | null>()
  let count = 0
  const touch = (struct: Y.AbstractStruct): void => {
    if (!(struct instanceof Y.Item) || struct.parent !== flow || struct.parentSub !== null) return
    count += 1
    if (struct.content instanceof Y.ContentType) markers.add(markerIn(struct))
    const owner = ownerOf(struct, owners)
    markers.add(owner === null ? null : markerIn(owner))
  }
  const store = transaction.doc.store
  for (const [client, after] of transaction.afterState) {
    const before = transaction.beforeState.get(client) ?? 0
    if (before === after) continue
    const structs = store.clients.get(client)
    if (structs === undefined) continue
    let index = before === 0 ? 0 : Y.findIndexSS(structs, before)
    if (structs.length - index > MANY_STRUCTS) return 'all'
    for (
      let struct = structs[index];
      struct !== undefined && struct.id.clock < after;
      struct = structs[index]
    ) {
      touch(struct)
      if (struct instanceof Y.Item && struct.content instanceof Y.ContentType) added.add(struct)
      index += 1
    }
  }
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, touch)
  return count > MANY_STRUCTS ? 'all' : { markers, added }
}

/** The live marker to the left of `item`. */
function ownerOf(item: Y.Item, owners: Map<Y.Item, Y.Item | null>): Y.Item | null {
  let left = item.left
  let owner: Y.Item | null = null
  while (left !== null) {
    if (!left.deleted && left.content instanceof Y.ContentType) {
      owner = left
      break
    }
    const known = owners.get(left)
    if (known !== undefined) {
      owner = known
      break
    }
    left = left.left
  }
  owners.set(item, owner)
  return owner
}
