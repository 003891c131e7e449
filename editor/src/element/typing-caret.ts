/**
 * A caret that goes along with what its owner types.
 *
 * Told once, right behind the last character its owner had written: what the same owner writes from there on stands directly
 * behind it in the document, so everybody finds the caret at the end of that, and no letter needs a second message
 * that says where the caret is. Rule: whoever tells finds the place as the others do, and tells again when it is not where
 * the caret is.
 */
import * as Y from 'yjs'
import type { RelativePlace } from '../core.ts'
import type { RelativeSelection } from './presence.ts'

/** Pieces of text that are looked at before the owner tells again: many come of Enter and of marks, none of mere typing. */
const TOLD_AGAIN_AFTER = 32
/** More than any owner leaves untold. What somebody claims must not cost more than that. */
const MOST_PIECES = 1_024

/** Right behind the last character that this document's own client has written. */
export function isBehindOwnWriting(doc: Y.Doc, { anchor, head }: RelativeSelection): boolean {
  const { item } = head
  return (
    item?.client === doc.clientID &&
    item.clock + 1 === Y.getState(doc.store, item.client) &&
    isSame(anchor, head)
  )
}

/**
 * The place behind what the writer of `place`'s character has written on from it without a gap.
 *
 * @returns `place` when its character is not in the document (yet); undefined when more than `most` pieces follow
 */
export function followed(doc: Y.Doc, place: RelativePlace, most = MOST_PIECES): RelativePlace | undefined {
  const { item } = place
  if (item === null || item.clock >= Y.getState(doc.store, item.client)) return place
  let piece: Y.Item | Y.GC = Y.getItem(doc.store, Y.createID(item.client, item.clock))
  for (let pieces = 0; pieces < most; pieces++) {
    if (!(piece instanceof Y.Item)) return place
    const end: number = piece.id.clock + piece.length
    const next: Y.Item | null = piece.right
    if (next === null || next.id.client !== item.client || next.id.clock !== end)
      return { ...place, item: { client: item.client, clock: end - 1 } }
    piece = next
  }
  return undefined
}

/** Whether everybody who was told `told` finds the selection `now`. */
export function isFoundFrom(
  doc: Y.Doc,
  told: RelativeSelection | undefined,
  now: RelativeSelection | undefined,
): boolean {
  if (told?.follows !== true || now === undefined) return false
  const place = followed(doc, told.head, TOLD_AGAIN_AFTER)
  return place !== undefined && isSame(place, now.head) && isSame(now.anchor, now.head)
}

function isSame(a: RelativePlace, b: RelativePlace): boolean {
  return a.tname === b.tname && a.item?.client === b.item?.client && a.item?.clock === b.item?.clock
}
