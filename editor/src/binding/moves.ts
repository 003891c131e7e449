/** Moves of whole blocks: from what the editor shows to what the document moves, and carets that go along. */
import { type BlockMove, type FlowPlace, placeAt, resolvePlace } from '@weft/document'
import type { NodeKey } from 'lexical'
import type { FlowView } from './flow-view.ts'
import type { MirrorEntry } from './to-flow.ts'

/** In segments, which is what the document moves. */
export function moveOf(
  view: FlowView,
  { first, last, before, newId }: { first: NodeKey; last: NodeKey; before: NodeKey | null; newId: string },
): BlockMove | undefined {
  const { segments } = view.mirror
  const indexOf = (key: NodeKey): number => {
    const segment = view.mirror.entryOf(key)?.block.segment
    return segment === undefined ? -1 : segments.indexOf(segment)
  }
  const from = indexOf(first)
  const to = indexOf(last) + 1
  const target = before === null ? segments.length : indexOf(before)
  if (from < 0 || to <= from || target < 0) return undefined
  const moved = new Set(segments.slice(from, to))
  const isUnknown = ({ block }: MirrorEntry): boolean =>
    block.shape.type === 'unknown' && moved.has(block.segment)
  if (view.mirror.entries.some(isUnknown)) return undefined
  return { from, to, before: target, newId }
}

/**
 * For each of two places that may be in blocks that are about to be moved: where they are afterwards.
 *
 * @returns to be called before the move with a place, and what that gives after it.
 */
export function followMove(
  view: FlowView,
  { from, to, newId }: BlockMove,
): (place: FlowPlace) => () => FlowPlace {
  const moved = view.mirror.segments.slice(from, to)
  return (place) => {
    const standing = resolvePlace(view.flow, place)
    const old = standing === undefined ? undefined : moved.find(({ marker }) => marker === standing.marker)
    return () => {
      if (standing === undefined || old === undefined) return place
      const id = old.marker === null ? newId : old.id
      const now = view.mirror.segments.find((segment) => segment.id === id && segment.marker !== old.marker)
      return now === undefined ? place : placeAt(view.flow, now, standing.offset)
    }
  }
}
