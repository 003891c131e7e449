/**
 * Deleting a selection that reaches from one cell into another, or into or out of a table.
 *
 * Rule: exactly the words that were selected go. A table that is selected as a whole goes with them; one that is
 * selected in part keeps its cells, and nothing of one cell is ever joined to another.
 */
import {
  $createRangeSelection,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  $isRootNode,
  type ElementNode,
  type LexicalNode,
  type PointType,
  type RangeSelection,
} from 'lexical'
import { $createBlockNode, $isBlockNode } from './block-node.ts'
import { $isCellNode, $isTableNode, type WeftTableNode } from './table-node.ts'

/** The selection when its ends are in different cells, or one of them is in none. */
export function $selectionAcross(): RangeSelection | undefined {
  const selection = $getSelection()
  if (!$isRangeSelection(selection) || selection.isCollapsed()) return undefined
  const [anchor, focus] = [$holderOf(selection.anchor.getNode()), $holderOf(selection.focus.getNode())]
  return anchor === null || focus === null || anchor.is(focus) ? undefined : selection
}

/** Leaves the caret where the selection started. */
export function $removeAcross(selection: RangeSelection): void {
  const [start, end] = selection.isBackward()
    ? [selection.focus, selection.anchor]
    : [selection.anchor, selection.focus]
  const [first, last] = [$blockAt(start, 'first'), $blockAt(end, 'last')]
  if (first === null || last === null) return
  const whole = new Set<string>()
  for (const table of [$tableOf(first), $tableOf(last)])
    if (table !== undefined && $isWhole(table, first, start, last, end)) whole.add(table.getKey())
  const covered = $blocksBetween(first, last)
  const isGone = (block: LexicalNode): boolean => whole.has($tableOf(block)?.getKey() ?? '')
  // From the end, so that points before it stay what they are.
  if (!isGone(last)) $removeText(last, undefined, end)
  for (const block of covered.toReversed()) if (!isGone(block)) $removeBlock(block)
  const caret = isGone(first) ? undefined : $removeText(first, start, undefined)
  for (const key of whole) {
    const table = [$tableOf(first), $tableOf(last)].find((each) => each?.getKey() === key)
    if (table !== undefined) $removeTable(table, caret === undefined)
  }
  if (caret !== undefined) {
    selection.anchor.set(caret.key, caret.offset, caret.type)
    selection.focus.set(caret.key, caret.offset, caret.type)
  }
}

/** What holds the block that a node is in: the root or a cell. */
function $holderOf(node: LexicalNode): ElementNode | null {
  for (let each: LexicalNode | null = node; each !== null; each = each.getParent())
    if ($isRootNode(each) || $isCellNode(each)) return each
  return null
}

function $blockAt(point: PointType, side: 'first' | 'last'): LexicalNode | null {
  let node: LexicalNode | null = point.getNode()
  // A point between blocks: the block it is before, or behind.
  while ($isElementNode(node) && !$isBlockNode(node) && !node.isEmpty())
    node = node.getChildAtIndex(
      Math.min(
        Math.max(node.is(point.getNode()) ? point.offset - (side === 'last' ? 1 : 0) : 0, 0),
        node.getChildrenSize() - 1,
      ),
    )
  for (let each = node; each !== null; each = each.getParent()) {
    const parent = each.getParent()
    if ($isRootNode(parent) || $isCellNode(parent)) return each
  }
  return null
}

function $tableOf(block: LexicalNode): WeftTableNode | undefined {
  return $isTableNode(block) ? block : block.getParents().find($isTableNode)
}

/** All blocks behind `first` and before `last`, in the order of the document; a whole table is one of them. */
function $blocksBetween(first: LexicalNode, last: LexicalNode): LexicalNode[] {
  const blocks: LexicalNode[] = []
  for (let node = $after(first); node !== null && !node.is(last); ) {
    const isOutside = !node.isParentOf(last)
    if (!isOutside) {
      node = $isElementNode(node) ? node.getFirstChild() : null
      continue
    }
    if ($isBlockPlace(node)) blocks.push(node)
    else if ($isElementNode(node)) blocks.push(...$blocksIn(node))
    node = $after(node)
  }
  return blocks
}

function $isBlockPlace(node: LexicalNode): boolean {
  const parent = node.getParent()
  return $isRootNode(parent) || $isCellNode(parent)
}

function $blocksIn(node: ElementNode): LexicalNode[] {
  return node
    .getChildren()
    .flatMap((child) => ($isBlockPlace(child) || !$isElementNode(child) ? [child] : $blocksIn(child)))
}

/** The next node that is neither in `node` nor around it. */
function $after(node: LexicalNode): LexicalNode | null {
  for (let each: LexicalNode | null = node; each !== null; each = each.getParent()) {
    const next = each.getNextSibling()
    if (next !== null) return next
  }
  return null
}

/** Whether both ends of the table are in the selection and one of the selection's ends is outside of it. */
function $isWhole(
  table: WeftTableNode,
  first: LexicalNode,
  start: PointType,
  last: LexicalNode,
  end: PointType,
): boolean {
  const [holdsFirst, holdsLast] = [table.isParentOf(first), table.isParentOf(last)]
  if (holdsFirst && holdsLast) return false
  if (holdsFirst) return first.is($blocksIn(table)[0]) && $offsetIn(first, start) === 0
  return last.is($blocksIn(table).at(-1)) && $offsetIn(last, end) === last.getTextContentSize()
}

export function $offsetIn(block: LexicalNode, point: PointType): number {
  let offset = 0
  const node = point.getNode()
  if (!$isElementNode(block) || !(node.is(block) || block.isParentOf(node))) return 0
  if (node.is(block)) {
    for (const child of block.getChildren().slice(0, point.offset)) offset += child.getTextContentSize()
    return offset
  }
  for (const sibling of node.getPreviousSiblings()) offset += sibling.getTextContentSize()
  return offset + point.offset
}

/** @returns where the text was removed; undefined for a block without text, which is removed as a whole. */
function $removeText(
  block: LexicalNode,
  from: PointType | undefined,
  to: PointType | undefined,
): Pick<PointType, 'key' | 'offset' | 'type'> | undefined {
  if (!$isBlockNode(block)) {
    $removeBlock(block)
    return undefined
  }
  const range = $createRangeSelection()
  const isIn = (point: PointType): boolean => block.is(point.getNode()) || block.isParentOf(point.getNode())
  if (from !== undefined && isIn(from)) range.anchor.set(from.key, from.offset, from.type)
  else range.anchor.set(block.getKey(), 0, 'element')
  if (to !== undefined && isIn(to)) range.focus.set(to.key, to.offset, to.type)
  else range.focus.set(block.getKey(), block.getChildrenSize(), 'element')
  if (!range.isCollapsed()) range.removeText()
  const { key, offset, type } = range.anchor
  return { key, offset, type }
}

function $removeBlock(block: LexicalNode): void {
  const parent = block.getParent()
  block.remove(true)
  if ($isCellNode(parent) && parent.isEmpty()) parent.append($createBlockNode())
}

/** @param isCaretIn the caret has to go beside it: to what follows, or to the end of what stands before. */
export function $removeTable(table: WeftTableNode, isCaretIn = true): void {
  if (isCaretIn) {
    const [before, after] = [table.getPreviousSibling(), table.getNextSibling()]
    if ($isBlockNode(after)) after.selectStart()
    else if ($isBlockNode(before)) before.selectEnd()
    else {
      const block = $createBlockNode()
      table.insertAfter(block, false)
      block.selectStart()
    }
  }
  table.remove(true)
}
