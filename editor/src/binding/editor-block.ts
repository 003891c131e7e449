/** A block of the editor as plain data, and the writing of such data into Lexical's nodes. */
import {
  type BlockShape,
  type MarkRun,
  type Marks,
  NO_MARKS,
  PARAGRAPH,
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
import { $createTableNode, $isCellNode, $isTableNode, type WeftTableNode } from '../blocks/table-node.ts'
import {
  $createWeftTextNode,
  $isWeftTextNode,
  $setMarks,
  marksOf,
  type WeftTextNode,
} from '../blocks/text-node.ts'
import { $createVoidNode, $isVoidNode, isVoidShape, type WeftVoidNode } from '../blocks/void-node.ts'
import { knownShape } from './known-blocks.ts'

/** What a block says, on either side. */
export interface BlockContent {
  readonly shape: BlockShape
  /** From 1; 0 for none. */
  readonly column: number
  /** Line breaks are '\n'; a decorator we do not know is '\uFFFC'. */
  readonly text: string
  readonly runs: readonly MarkRun[]
}

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
    return { key, shape, column: node.__column, text: '', runs: [] }
  }
  if ($isVoidNode(node)) return { key, shape: node.__shape, column: node.__column, text: '', runs: [] }
  if (!$isElementNode(node)) return { key, shape: PARAGRAPH, column: 0, text: '', runs: [] }
  const shape: BlockShape = $isBlockNode(node) ? blockShape(node) : PARAGRAPH
  const runs: { length: number; marks: Marks }[] = []
  const column = $isBlockNode(node) ? node.__column : 0
  return { key, shape, column, text: readChildren(nodes, node.__first, runs), runs }
}

function readChildren(
  nodes: NodeMap,
  first: NodeKey | null,
  runs: { length: number; marks: Marks }[],
): string {
  let text = ''
  for (let key = first; key !== null; ) {
    const child = nodes.get(key)
    if (child === undefined) break
    if ($isElementNode(child)) text += readChildren(nodes, child.__first, runs)
    else {
      const own = textOf(child)
      pushText(runs, own, $isTextNode(child) ? marksOf(child) : NO_MARKS)
      text += own
    }
    key = child.__next
  }
  return text
}

function textOf(node: LexicalNode): string {
  if ($isTextNode(node)) return node.__text
  return $isLineBreakNode(node) ? '\n' : '\uFFFC'
}

export function sameContent(a: BlockContent, b: BlockContent): boolean {
  return a.text === b.text && a.column === b.column && sameShape(a.shape, b.shape) && sameRuns(a.runs, b.runs)
}

function sameRuns(a: readonly MarkRun[], b: readonly MarkRun[]): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  return a.every((run, index) => {
    const other = b[index]
    return other !== undefined && run.length === other.length && sameMarks(run.marks, other.marks)
  })
}

type Piece = { readonly text: string; readonly marks: Marks } | 'break'

/** The nodes a block's text needs, in order: a run of equal marks without line breaks, or a line break. */
function piecesOf(text: string, runs: readonly MarkRun[]): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const { length, marks } of runs) {
    const lines = text.slice(from, from + length).split('\n')
    for (const [index, line] of lines.entries()) {
      if (index > 0) pieces.push('break')
      if (line !== '') pieces.push({ text: line, marks })
    }
    from += length
  }
  return pieces
}

/** A node that can show the block; it says nothing yet. */
export function $createFor({ shape }: BlockContent): WeftBlockNode | WeftVoidNode | WeftTableNode {
  if (shape.type === 'table') return $createTableNode()
  return isVoidShape(shape) ? $createVoidNode() : $createBlockNode()
}

/** Makes a node that was made for such a block say what it says. Selection is the caller's matter. */
export function $writeBlock(node: LexicalNode, { shape, column, text, runs }: BlockContent): void {
  const known = knownShape(shape, false)
  if ($isTableNode(node)) node.setIndent(shape.indent).setColumn(column)
  if ($isVoidNode(node) && isVoidShape(known)) node.setShape(known).setColumn(column)
  if (!$isBlockNode(node) || !isTextShape(known)) return
  node.setShape(known).setColumn(column)
  $writeText(node, text, runs)
}

/** Makes a block's children say `text`, touching as few nodes as possible. */
function $writeText(block: WeftBlockNode, text: string, runs: readonly MarkRun[]): void {
  const pieces = piecesOf(text, runs)
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
    if (piece === 'break') fresh.push($isLineBreakNode(reusable) ? reusable : $createLineBreakNode())
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
  if (piece === 'break') return $isLineBreakNode(node)
  if (piece === undefined || !isPlainText(node)) return false
  return node.__text === piece.text && sameMarks(marksOf(node), piece.marks)
}

/** How far into its block's text a point is, in units; undefined for a point outside of text blocks. */
export function offsetOfPoint(
  nodes: NodeMap,
  point: { readonly key: NodeKey; readonly offset: number; readonly type: 'text' | 'element' },
): { readonly key: NodeKey; readonly offset: number } | undefined {
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
    if (left === 0 && $isLineBreakNode(child) && !$isTextNode(children[index + 1]))
      return { key: block.__key, offset: index + 1, type: 'element' }
  }
  const last = children.at(-1)
  if ($isTextNode(last)) return { key: last.__key, offset: last.getTextContentSize(), type: 'text' }
  return { key: block.__key, offset: children.length, type: 'element' }
}

export function $setPoint(point: PointType, to: ReturnType<typeof $pointAt>): void {
  point.set(to.key, to.offset, to.type)
}
