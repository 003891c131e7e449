/** Between points in the editor and places in the document, which stay with the character before them. */
import {
  type FlowPlace,
  flowOfPlace,
  isPlaceAlive,
  placeAt,
  resolvePlace,
  type Segment,
} from '@weft/document'
import { $getNodeByKey, $isRangeSelection, type EditorState, type NodeKey, type NodeMap } from 'lexical'
import type * as Y from 'yjs'
import { $isBlockNode } from '../blocks/block-node.ts'
import { $pointAt, offsetOfPoint } from './editor-block.ts'
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

function standingOf(views: Views, nodes: NodeMap, point: EditorPoint): Standing | undefined {
  const found = offsetOfPoint(nodes, point)
  const parent = found === undefined ? undefined : nodes.get(found.key)?.__parent
  const view = parent === undefined || parent === null ? undefined : views.viewOfContainer(parent)
  const entry = found === undefined ? undefined : view?.mirror.entryOf(found.key)
  if (found === undefined || view === undefined || entry === undefined) return undefined
  const { segment } = entry.block
  return { view, segment, offset: found.offset, place: placeAt(view.flow, segment, found.offset) }
}

/** Both ends of the selection; undefined when there is none in the text. */
export function standingsOf(
  views: Views,
  { _selection: selection, _nodeMap: nodes }: EditorState,
): readonly [anchor: Standing, focus: Standing] | undefined {
  if (!$isRangeSelection(selection)) return undefined
  const anchor = standingOf(views, nodes, selection.anchor)
  const focus = standingOf(views, nodes, selection.focus)
  return anchor === undefined || focus === undefined ? undefined : [anchor, focus]
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
