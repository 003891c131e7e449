/**
 * The flow as this editor knows it: block types it has no node for are placeholders with their text.
 *
 * Rule: what is left out here is in neither side of any comparison, so the editor neither removes nor rewrites it.
 */
import { type Block, type BlockShape, blocksOf, type Segment } from '@weft/document'
import type { TextBlockShape } from '../blocks/block-node.ts'
import type { VoidShape } from '../blocks/void-node.ts'

export type EditorShape = TextBlockShape | VoidShape | Extract<BlockShape, { type: 'table' }>

/** @param inCell tables do not nest: in a cell one is a placeholder. */
export function knownShape(shape: BlockShape, inCell: boolean): EditorShape {
  switch (shape.type) {
    case 'table':
      return inCell ? { type: 'unknown', name: shape.type, indent: shape.indent } : shape
    case 'paragraph':
    case 'heading':
    case 'bullet':
    case 'numbered':
    case 'check':
    case 'quote':
    case 'callout':
    case 'toggle':
    case 'code':
    case 'image':
    case 'file':
    case 'divider':
    case 'equation':
    case 'embed':
    case 'unknown':
      return shape
  }
}

/** As `blocksOf` of `@weft/document`. */
export function knownBlocksOf(segment: Segment, alone: boolean, inCell: boolean): Block[] {
  return blocksOf(segment, alone, knownShape(segment.shape, inCell))
}

/** As `renderSegments` of `@weft/document`. */
export function renderKnown(segments: readonly Segment[], inCell: boolean): Block[] {
  const alone = segments.length === 1
  return segments.flatMap((segment) => knownBlocksOf(segment, alone, inCell))
}
