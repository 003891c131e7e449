/**
 * Could somebody have seen these two side by side? Then they can be the neighbours of what was written between them.
 *
 * Who sees an item sees what it was written between. So between two neighbours there is none of the items that either
 * of them leans on: the left one stands before the right one, the right one's left neighbour is the left one or before
 * it, and the left one's right neighbour is the right one or behind it. That suffices: there is then a state of the
 * document, though perhaps nobody ever saw it, in which the new item could be written, and of what can be written Yjs
 * gives every replica the same order.
 *
 * Only of sequences that belong to a root: when Yjs undoes that a type was deleted, it makes a copy and puts into it, between
 * the copies of their former neighbours, what it undoes later, whatever stands between those meanwhile.
 */
import { isSame, NONE, type OrderTable, type Place } from './order-table.ts'

/** @returns why these cannot be neighbours, `NONE` being an end of the sequence; undefined when they can */
export function contradictsOrder(order: OrderTable, left: Place, right: Place): string | undefined {
  const isFirst = left.client === NONE.client
  const isLast = right.client === NONE.client
  if (isFirst && isLast) return undefined
  const beforeRight = isLast ? NONE : order.originOf(right)
  const behindLeft = isFirst ? NONE : order.rightOf(left)
  // What leans on the other was written beside it; nearly always one does.
  if (!isLast && isSame(beforeRight, left)) return undefined
  if (!isFirst && isSame(behindLeft, right)) return undefined
  if (isFirst || isLast) return 'an end of a sequence that its neighbour has never been at'
  const isOrdered =
    order.isBefore(left, right) === true &&
    (beforeRight.client === NONE.client || order.isBefore(beforeRight, left) === true) &&
    (behindLeft.client === NONE.client || order.isBefore(right, behindLeft) === true)
  return isOrdered ? undefined : 'an item between two that were never side by side'
}
