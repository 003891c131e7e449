/** A block of the editor as plain data, and the writing of such data into Lexical's nodes. */
import {
  type BlockShape,
  type MarkRun,
  type Marks,
  NO_MARKS,
  OBJECT_CHARACTER,
  PARAGRAPH,
  type PlacedObject,
  pushText,
  sameMarks,
  sameShape,
} from '@weft/document'
import {
  $createLineBreakNode,
  $isElementNode,
  $isLineBreakNode,
  $isTextNode,
  type ElementNode,
  type LexicalNode,
  type NodeKey,
  type NodeMap,
  type PointType,
} from 'lexical'
import {
  $createBlockNode,
  $isBlockNode,
  blockShape,
  isTextShape,
  type WeftBlockNode,
} from '../blocks/block-node.ts'
import { $createObjectNode, $isObjectNode, sameStored } from '../blocks/object-node.ts'
import { $createTableNode, $isCellNode, $isTableNode, type WeftTableNode } from '../blocks/table-node.ts'
import {
  $createWeftTextNode,
  $isWeftTextNode,
  $setMarks,
  marksOf,
  type WeftTextNode,
} from '../blocks/text-node.ts'
import { $createVoidNode, $isVoidNode, isVoidShape, type WeftVoidNode } from '../blocks/void-node.ts'

/** What a block says, on either side. */
export interface BlockContent {
  readonly shape: BlockShape
  /** From 1; 0 for none. */
  readonly column: number
  /** Line breaks are '\n'; an inline object is one `OBJECT_CHARACTER`. */
  readonly text: string
  readonly runs: readonly MarkRun[]
  /** The inline objects in order, each with its offset in `text`. */
  readonly objects: readonly Placed[]
}

/** An inline object as it is stored in the document. */
type Placed = Pick<PlacedObject, 'offset' | 'stored'>

export interface EditorBlock extends BlockContent {
  readonly key: NodeKey
}

/** The key of the root, which holds the document's own blocks. */
export const ROOT = 'root'

/** Whether what has this key holds blocks: the root, or a cell of a table. */
function isContainer(nodes: NodeMap, key: NodeKey): boolean {
  return key === ROOT || $isCellNode(nodes.get(key))
}

/** Reads any version of a node that stands where blocks stand, without an active editor. */
export function readBlock(nodes: NodeMap, node: LexicalNode): EditorBlock {
  const key = node.__key
  if ($isTableNode(node)) {
    const shape: BlockShape = { type: 'table', indent: node.__indent }
    return { key, shape, column: node.__column, ...NO_TEXT }
  }
  if ($isVoidNode(node)) return { key, shape: node.__shape, column: node.__column, ...NO_TEXT }
  if (!$isElementNode(node)) return { key, shape: PARAGRAPH, column: 0, ...NO_TEXT }
  const shape: BlockShape = $isBlockNode(node) ? blockShape(node) : PARAGRAPH
  const column = $isBlockNode(node) ? node.__column : 0
  const said: Said = { text: '', runs: [], objects: [] }
  readChildren(nodes, node.__first, said)
  return { key, shape, column, ...said }
}

const NO_TEXT = { text: '', runs: [], objects: [] } as const

interface Said {
  text: string
  readonly runs: { length: number; marks: Marks }[]
  readonly objects: Placed[]
}

function readChildren(nodes: NodeMap, first: NodeKey | null, said: Said): void {
  for (let key = first; key !== null; ) {
    const child = nodes.get(key)
    if (child === undefined) break
    if ($isElementNode(child)) readChildren(nodes, child.__first, said)
    else {
      const own = textOf(child)
      if ($isObjectNode(child)) said.objects.push({ offset: said.text.length, stored: child.__stored })
      pushText(said.runs, own, marksOfLeaf(child))
      said.text += own
    }
    key = child.__next
  }
}

function marksOfLeaf(node: LexicalNode): Marks {
  if ($isTextNode(node)) return marksOf(node)
  return $isObjectNode(node) ? node.__marks : NO_MARKS
}

function textOf(node: LexicalNode): string {
  if ($isTextNode(node)) return node.__text
  return $isLineBreakNode(node) ? '\n' : OBJECT_CHARACTER
}

export function sameContent(a: BlockContent, b: BlockContent): boolean {
  return (
    a.text === b.text &&
    a.column === b.column &&
    sameShape(a.shape, b.shape) &&
    sameRuns(a.runs, b.runs) &&
    sameObjects(a.objects, b.objects)
  )
}

function sameObjects(a: readonly Placed[], b: readonly Placed[]): boolean {
  if (a.length !== b.length) return false
  return a.every((placed, index) => {
    const other = b[index]
    return other !== undefined && placed.offset === other.offset && sameStored(placed.stored, other.stored)
  })
}

function sameRuns(a: readonly MarkRun[], b: readonly MarkRun[]): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  return a.every((run, index) => {
    const other = b[index]
    return other !== undefined && run.length === other.length && sameMarks(run.marks, other.marks)
  })
}

type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly marks: Marks }
  | { readonly kind: 'break' }
  | { readonly kind: 'object'; readonly stored: unknown; readonly marks: Marks }

/** The nodes a block's text needs, in order: a run of equal marks without line breaks, a line break, an object. */
function piecesOf({ text, runs, objects }: BlockContent): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  let next = 0
  const pushLines = (to: number, marks: Marks): void => {
    for (const [index, line] of text.slice(from, to).split('\n').entries()) {
      if (index > 0) pieces.push({ kind: 'break' })
      if (line !== '') pieces.push({ kind: 'text', text: line, marks })
    }
    from = to
  }
  for (const { length, marks } of runs) {
    const end = from + length
    for (let placed = objects[next]; placed !== undefined && placed.offset < end; placed = objects[next]) {
      pushLines(placed.offset, marks)
      pieces.push({ kind: 'object', stored: placed.stored, marks })
      from += 1
      next += 1
    }
    pushLines(end, marks)
  }
  return pieces
}

/** A node that can show the block; it says nothing yet. */
export function $createFor({ shape }: BlockContent): WeftBlockNode | WeftVoidNode | WeftTableNode {
  if (shape.type === 'table') return $createTableNode()
  return isVoidShape(shape) ? $createVoidNode() : $createBlockNode()
}

/** Makes a node that was made for such a block say what it says. Selection is the caller's matter. */
export function $writeBlock(node: LexicalNode, content: BlockContent): void {
  const { shape, column } = content
  if ($isTableNode(node)) node.setIndent(shape.indent).setColumn(column)
  if ($isVoidNode(node) && isVoidShape(shape)) node.setShape(shape).setColumn(column)
  if (!$isBlockNode(node) || !isTextShape(shape)) return
  node.setShape(shape).setColumn(column)
  $writeText(node, content)
}

/** Makes a block's children say its text, touching as few nodes as possible. */
function $writeText(block: WeftBlockNode, content: BlockContent): void {
  const pieces = piecesOf(content)
  const children = block.getChildren()
  let start = 0
  while (start < pieces.length && start < children.length && isPiece(children[start], pieces[start]))
    start += 1
  let tail = 0
  while (
    start + tail < pieces.length &&
    start + tail < children.length &&
    isPiece(children.at(-1 - tail), pieces.at(-1 - tail))
  )
    tail += 1
  const old = children.slice(start, children.length - tail)
  const wanted = pieces.slice(start, pieces.length - tail)
  const fresh: LexicalNode[] = []
  for (const [index, piece] of wanted.entries()) {
    const reusable = old[index]
    if (piece.kind === 'break') fresh.push($isLineBreakNode(reusable) ? reusable : $createLineBreakNode())
    else if (piece.kind === 'object') fresh.push($createObjectNode(piece.stored, piece.marks))
    else if (isPlainText(reusable)) {
      if (reusable.__text !== piece.text) reusable.setTextContent(piece.text)
      fresh.push($setMarks(reusable, piece.marks))
    } else fresh.push($createWeftTextNode(piece.text, piece.marks))
  }
  const isSame = fresh.length === old.length && fresh.every((node, index) => node.is(old[index]))
  if (!isSame) block.splice(start, old.length, fresh)
}

function isPlainText(node: LexicalNode | undefined): node is WeftTextNode {
  return $isWeftTextNode(node) && node.getMode() === 'normal'
}

function isPiece(node: LexicalNode | undefined, piece: Piece | undefined): boolean {
  if (piece === undefined) return false
  if (piece.kind === 'break') return $isLineBreakNode(node)
  if (piece.kind === 'object')
    return (
      $isObjectNode(node) &&
      sameMarks(node.getMarks(), piece.marks) &&
      sameStored(node.getStored(), piece.stored)
    )
  if (!isPlainText(node)) return false
  return node.__text === piece.text && sameMarks(marksOf(node), piece.marks)
}

/** How far into a block's text, in units. */
export interface BlockOffset {
  readonly key: NodeKey
  readonly offset: number
}

/** How far into its block's text a point is, in units; undefined for a point outside of text blocks. */
export function offsetOfPoint(
  nodes: NodeMap,
  point: BlockOffset & { readonly type: 'text' | 'element' },
): BlockOffset | undefined {
  let node = nodes.get(point.key)
  if (node === undefined || node.__key === ROOT) return undefined
  let offset = 0
  if (point.type === 'text') offset = point.offset
  else if ($isCellNode(node)) return offsetInCell(nodes, node, point.offset)
  else if ($isElementNode(node)) {
    let child = node.__first
    for (let index = 0; index < point.offset && child !== null; index += 1) {
      const found = nodes.get(child)
      if (found === undefined) break
      offset += lengthOf(nodes, found)
      child = found.__next
    }
  }
  while (node.__parent !== null && !isContainer(nodes, node.__parent)) {
    for (let key = node.__prev; key !== null; ) {
      const sibling = nodes.get(key)
      if (sibling === undefined) break
      offset += lengthOf(nodes, sibling)
      key = sibling.__prev
    }
    const parent = nodes.get(node.__parent)
    if (parent === undefined) return undefined
    node = parent
  }
  // Between the rows of a table there is no text.
  return { key: node.__key, offset: $isTableNode(node) ? 0 : offset }
}

/** @param index of the block in the cell before which the point is. */
function offsetInCell(
  nodes: NodeMap,
  cell: ElementNode,
  index: number,
): { readonly key: NodeKey; readonly offset: number } | undefined {
  let node = cell.__first === null ? undefined : nodes.get(cell.__first)
  if (node === undefined) return undefined
  for (let left = index; left > 0; left -= 1) {
    const next: LexicalNode | undefined = node.__next === null ? undefined : nodes.get(node.__next)
    if (next === undefined) return { key: node.__key, offset: lengthOf(nodes, node) }
    node = next
  }
  return { key: node.__key, offset: 0 }
}

function lengthOf(nodes: NodeMap, node: LexicalNode): number {
  if (!$isElementNode(node)) return textOf(node).length
  let length = 0
  for (let key = node.__first; key !== null; ) {
    const child = nodes.get(key)
    if (child === undefined) break
    length += lengthOf(nodes, child)
    key = child.__next
  }
  return length
}

/** Where `offset` units into a block are, in Lexical's terms: at the end of the node before, where there is one. */
export function $pointAt(
  block: WeftBlockNode,
  offset: number,
): { readonly key: NodeKey; readonly offset: number; readonly type: 'text' | 'element' } {
  let left = offset
  const children = block.getChildren()
  for (const [index, child] of children.entries()) {
    const length = textOf(child).length
    if ($isTextNode(child)) {
      if (left <= length) return { key: child.__key, offset: left, type: 'text' }
    } else if (left === 0) return { key: block.__key, offset: index, type: 'element' }
    left -= length
    // Behind a line break, the start of the text that follows is the better place to write.
    if (left === 0 && !$isTextNode(child) && !$isTextNode(children[index + 1]))
      return { key: block.__key, offset: index + 1, type: 'element' }
  }
  const last = children.at(-1)
  if ($isTextNode(last)) return { key: last.__key, offset: last.getTextContentSize(), type: 'text' }
  return { key: block.__key, offset: children.length, type: 'element' }
}

export function $setPoint(point: PointType, to: ReturnType<typeof $pointAt>): void {
  point.set(to.key, to.offset, to.type)
}
