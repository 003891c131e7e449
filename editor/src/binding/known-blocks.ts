/**
 * The flow as this editor knows it: block types it has no node for are placeholders with their text.
 *
 * Rule: what is left out here is in neither side of any comparison, so the editor neither removes nor rewrites it.
 */
import { type Block, type BlockShape, blocksOf, type Segment } from '@weft/document'
import type { TextBlockShape } from '../blocks/block-node.ts'
import type { VoidShape } from '../blocks/void-node.ts'

export type EditorShape = TextBlockShape | VoidShape | Extract<BlockShape, { type: 'table' }>

/** What an editor takes a stored block for. */
export type Known = (shape: BlockShape) => EditorShape

/**
 * @param inCell tables do not nest: in a cell one is a placeholder.
 * @param knows whether an editor shows blocks of this type as what they are.
 */
export function knownBy(inCell: boolean, knows: (type: BlockShape['type']) => boolean): Known {
  return (shape) => {
    if (shape.type === 'unknown' || (knows(shape.type) && !(inCell && shape.type === 'table'))) return shape
    return { type: 'unknown', name: shape.type, indent: shape.indent }
  }
}

/** As `blocksOf` of `@weft/document`. */
export function knownBlocksOf(segment: Segment, alone: boolean, known: Known): Block[] {
  return blocksOf(segment, alone, known(segment.shape))
}

/** As `renderSegments` of `@weft/document`. */
export function renderKnown(segments: readonly Segment[], known: Known): Block[] {
  const alone = segments.length === 1
  return segments.flatMap((segment) => knownBlocksOf(segment, alone, known))
}
