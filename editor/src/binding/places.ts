/** Between points in the editor and places in the document, which stay with the character before them. */
import {
  type FlowPlace,
  flowOfPlace,
  isPlaceAlive,
  placeAt,
  resolvePlace,
  type Segment,
} from '@weft/document'
import {
  $getNodeByKey,
  $isElementNode,
  $isRangeSelection,
  $isTextNode,
  type EditorState,
  type LexicalNode,
  type NodeKey,
  type NodeMap,
  type PointType,
} from 'lexical'
import type * as Y from 'yjs'
import { $isBlockNode } from '../blocks/block-node.ts'
import { $isCellNode, $isRowNode, $isTableNode } from '../blocks/table-node.ts'
import { $pointAt, $setPoint, offsetOfPoint } from './editor-block.ts'
import type { FlowView } from './flow-view.ts'

export interface EditorPoint {
  readonly key: NodeKey
  readonly offset: number
  readonly type: 'text' | 'element'
}

/** Both ends of a selection. */
export interface Caret {
  readonly anchor: FlowPlace
  readonly focus: FlowPlace
}

/** What is shown where. */
export interface Views {
  viewOfFlow(flow: Y.Text): FlowView | undefined
  viewOfContainer(key: NodeKey): FlowView | undefined
}

/** One end of a selection, as it stood in its block. */
export interface Standing {
  readonly view: FlowView
  readonly segment: Segment
  readonly offset: number
  readonly place: FlowPlace
}

export function placeOfPoint(views: Views, nodes: NodeMap, point: EditorPoint): FlowPlace | undefined {
  return standingOf(views, nodes, point)?.place
}

export function standingOf(views: Views, nodes: NodeMap, point: EditorPoint): Standing | undefined {
  const found = offsetOfPoint(nodes, point)
  const parent = found === undefined ? undefined : nodes.get(found.key)?.__parent
  const view = parent === undefined || parent === null ? undefined : views.viewOfContainer(parent)
  const entry = found === undefined ? undefined : view?.mirror.entryOf(found.key)
  if (found === undefined || view === undefined || entry === undefined) return undefined
  const { segment } = entry.block
  return { view, segment, offset: found.offset, place: placeAt(view.flow, segment, found.offset) }
}

/**
 * Where an end of the selection is after a change: with a block that somebody has moved, it goes along. Unless what
 * stood before it has stayed: then it is words that the mover did not know, and it stays with them.
 */
export function followMoved({ view, segment, offset, place }: Standing): FlowPlace {
  const { flow, mirror } = view
  if (segment.id === '' || isPlaceAlive(flow, place)) return place
  const isMoved = mirror.segmentOf(segment.marker) === undefined
  const now = isMoved ? mirror.segments.find(({ id }) => id === segment.id) : undefined
  return now === undefined ? place : placeAt(flow, now, Math.min(offset, now.text.length))
}

export function caretOfState(views: Views, state: EditorState): Caret | undefined {
  const selection = state._selection
  if (!$isRangeSelection(selection)) return undefined
  const anchor = placeOfPoint(views, state._nodeMap, selection.anchor)
  const focus = placeOfPoint(views, state._nodeMap, selection.focus)
  return anchor === undefined || focus === undefined ? undefined : { anchor, focus }
}

export function $pointOfPlace(views: Views, doc: Y.Doc, place: FlowPlace): EditorPoint | undefined {
  const flow = flowOfPlace(doc, place)
  const view = flow === undefined ? undefined : views.viewOfFlow(flow)
  const found = flow === undefined ? undefined : resolvePlace(flow, place)
  if (view === undefined || found === undefined) return undefined
  const { mirror } = view
  const key = mirror.keyAt(found.marker) ?? mirror.entries[0]?.key
  const node = key === undefined ? null : $getNodeByKey(key)
  if (node === null) return undefined
  if ($isBlockNode(node)) return $pointAt(node, found.offset)
  const next = node.getNextSibling()
  if ($isBlockNode(next)) return $pointAt(next, 0)
  return { key: view.container, offset: node.getIndexWithinParent() + 1, type: 'element' }
}

/**
 * Puts one end of the selection where its place is now, unless it is there already.
 *
 * @param isLeft whether a point in the block with this key is not to be touched.
 */
export function $movePoint(
  point: PointType,
  wanted: EditorPoint | undefined,
  nodes: NodeMap,
  isLeft: (key: NodeKey) => boolean,
): void {
  const node = nodes.get(point.key)
  if (wanted === undefined) {
    // Its cell is gone: the start of what is nearest is the best that is left.
    if (node === undefined || isBetweenCells(node)) $setNearest(point, node)
    return
  }
  const at = offsetOfPoint(nodes, point)
  if (at !== undefined && isLeft(at.key)) return
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
