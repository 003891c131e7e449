/** What replicas hold, compared as strictly as what was written allows. */
import * as Y from 'yjs'
import { digestContent } from '../../sync-server/src/room/content.ts'

/** What one person has typed and nobody has deleted, in its order; whatever others put between. */
export function ownTextOf(text: Y.Text, client: number): string {
  let own = ''
  for (let item = text._start; item !== null; item = item.right)
    if (!item.deleted && item.id.client === client && item.content instanceof Y.ContentString)
      own += item.content.str
  return own
}

/** The place right behind so many own characters, wherever others have put those; 0 for none. */
export function placeBehindOwn(text: Y.Text, client: number, count: number): number {
  let index = 0
  let left = count
  for (let item = text._start; item !== null && left > 0; item = item.right) {
    if (item.deleted || !item.countable) continue
    const isOwn = item.id.client === client && item.content instanceof Y.ContentString
    if (isOwn && item.length >= left) return index + left
    if (isOwn) left -= item.length
    index += item.length
  }
  return left > 0 ? 0 : index
}

/**
 * What everybody has taken in, whatever it looks like. For histories in which, in a type within a type, an item stands to
 * the left of its own left neighbour, or around what its writer knew: replicas place such items as they reach them.
 */
export const vectorOf = (doc: Y.Doc): string => Buffer.from(Y.encodeStateVector(doc)).toString('base64')

/**
 * @param known what everybody had read who wrote the rest of the log
 * @param honest clients whose items need not be looked at
 * @returns the types within types, by the items that hold them, that have items which no client would write, by order alone:
 *   their neighbours stand the wrong way round, or have something between them that their writer knew. All else that
 *   contradicts itself is refused.
 */
export function contradictoryTypes(
  log: readonly Uint8Array[],
  known: ReadonlyMap<number, number>,
  honest: readonly number[],
): TypeNames {
  const doc = new Y.Doc({ gc: false })
  for (const update of log) Y.applyUpdate(doc, update)
  const isKnown = ({ client, clock }: Y.ID): boolean => clock < (known.get(client) ?? 0)
  const isForeign = (struct: Y.Item | Y.GC): struct is Y.Item =>
    struct instanceof Y.Item && !honest.includes(struct.id.client) && !isKnown(struct.id)
  const found = new Set<string>()
  for (const structs of doc.store.clients.values())
    for (const struct of structs) {
      const holder = isForeign(struct) && struct.parent instanceof Y.AbstractType ? struct.parent._item : null
      if (isForeign(struct) && holder !== null && contradicts(doc, struct, isKnown))
        found.add(nameOf(holder.id))
    }
  doc.destroy()
  return found
}

/** Types, each by the item that holds it. */
export type TypeNames = ReadonlySet<string>

const nameOf = ({ client, clock }: Y.ID): string => `${client}:${clock}`

/** What a document says, but for what is within such types. */
export const digestOutside = (doc: Y.Doc, types: TypeNames): string =>
  digestContent(doc, (id) => types.has(nameOf(id)))

function contradicts(doc: Y.Doc, item: Y.Item, isKnown: (id: Y.ID) => boolean): boolean {
  const { client, clock } = item.id
  // In the sequence of a root and under keys, that is refused.
  if (item.parentSub !== null || !(item.parent instanceof Y.AbstractType) || item.parent._item === null)
    return false
  const left = itemAt(doc, item.origin)
  const right = itemAt(doc, item.rightOrigin)
  // What was collected holds no place.
  if (left === 'none' || right === 'none') return false
  // Were they let in, neighbours in different lists would have to be found.
  if (left !== undefined && right !== undefined && left.parent !== right.parent) return false
  let isPassed = false
  for (let at = left === undefined ? firstBeside(item) : left.right; at !== (right ?? null); at = at.right) {
    if (at === null) return true
    if (at === item) isPassed = true
    else if (isKnown(at.id) || (at.id.client === client && at.id.clock < clock)) return true
  }
  return !isPassed
}

function itemAt(doc: Y.Doc, id: Y.ID | null): Y.Item | 'none' | undefined {
  if (id === null) return undefined
  const found = Y.getItem(doc.store, id)
  return found instanceof Y.Item ? found : 'none'
}

function firstBeside(item: Y.Item): Y.Item {
  let first = item
  while (first.left !== null) first = first.left
  return first
}
