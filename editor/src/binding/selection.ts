/** Puts the selection where its places in the document are shown. */
import {
  $createRangeSelection,
  $getSelection,
  $isElementNode,
  $isNodeSelection,
  $isRangeSelection,
  $isTextNode,
  $setSelection,
  type LexicalNode,
  type NodeKey,
  type NodeMap,
  type PointType,
} from 'lexical'
import type * as Y from 'yjs'
import { $isBlockNode } from '../blocks/block-node.ts'
import { $isCellNode, $isRowNode, $isTableNode } from '../blocks/table-node.ts'
import { $pointAt, $setPoint, offsetOfPoint } from './editor-block.ts'
import { $pointOfPlace, type Caret, type EditorPoint, type Views } from './places.ts'

export interface Kept {
  readonly doc: Y.Doc
  /** Those of the update that is going on. */
  readonly nodes: NodeMap
  /** Where the selection was. */
  readonly caret: Caret | undefined
  /** A block in which no point is to be touched. */
  readonly left: NodeKey | undefined
}

/** Puts back each end of the selection whose block was rewritten or is gone. */
export function $keepSelection(views: Views, { doc, nodes, caret, left }: Kept): void {
  const selection = $getSelection()
  if ($isNodeSelection(selection)) {
    for (const node of selection.getNodes()) if (!node.isAttached()) selection.delete(node.getKey())
    return
  }
  if (!$isRangeSelection(selection) || caret === undefined) return
  for (const end of ['anchor', 'focus'] as const)
    $movePoint(selection[end], $pointOfPlace(views, doc, caret[end]), nodes, left)
}

/** Selects what is between two places, if both are shown. */
export function $select(views: Views, doc: Y.Doc, caret: Caret): void {
  const anchor = $pointOfPlace(views, doc, caret.anchor)
  const focus = $pointOfPlace(views, doc, caret.focus)
  if (anchor === undefined || focus === undefined) return
  const current = $getSelection()
  const selection = $isRangeSelection(current) ? current : $createRangeSelection()
  selection.anchor.set(anchor.key, anchor.offset, anchor.type)
  selection.focus.set(focus.key, focus.offset, focus.type)
  if (selection !== current) $setSelection(selection)
}

/**
 * Puts one end of the selection where its place is now, unless it is there already.
 *
 * @param left a block in which no point is to be touched.
 */
function $movePoint(
  point: PointType,
  wanted: EditorPoint | undefined,
  nodes: NodeMap,
  left: NodeKey | undefined,
): void {
  const node = nodes.get(point.key)
  if (wanted === undefined) {
    // Its cell is gone: the start of what is nearest is the best that is left.
    if (node === undefined || isBetweenCells(node)) $setNearest(point, node)
    return
  }
  const at = offsetOfPoint(nodes, point)
  if (at !== undefined && at.key === left) return
  const isInside = node !== undefined && point.offset <= sizeOf(node)
  const now = isInside ? at : undefined
  const then = offsetOfPoint(nodes, wanted)
  if (now !== undefined && now.key === then?.key && now.offset === then.offset) return
  $setPoint(point, wanted)
}

function isBetweenCells(node: LexicalNode): boolean {
  return $isTableNode(node) || $isRowNode(node) || ($isCellNode(node) && node.isEmpty())
}

function $setNearest(point: PointType, node: LexicalNode | undefined): void {
  const around: LexicalNode[] = node === undefined ? [] : [node, ...node.getParents()]
  const table = around.find($isTableNode)
  const cell = table?.getFirstDescendant()?.getParents().find($isCellNode)
  const block = cell?.getFirstChild() ?? table?.getNextSibling() ?? table?.getPreviousSibling()
  if ($isBlockNode(block)) $setPoint(point, $pointAt(block, 0))
}

/** How far a point in the node can go. */
function sizeOf(node: LexicalNode): number {
  if ($isTextNode(node)) return node.__text.length
  return $isElementNode(node) ? node.__size : 0
}
