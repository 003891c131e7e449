/**
 * Keeps tables tables: a grid of cells, each with blocks in it and no table among them.
 *
 * Rule: it acts only on what this person has just put in (a pasted table, words dropped between cells) and loses none
 * of it: what cannot stay where it is comes out behind, in its order. Tables that the document renders are full grids
 * of blocks, so for them there is nothing to do. Which rows a table has once it is in the document is never decided here.
 */
import { MAX_COLUMNS, MAX_ROWS } from '@weft/document'
import {
  $isDecoratorNode,
  $isElementNode,
  $isRootNode,
  type ElementNode,
  type LexicalEditor,
  type LexicalNode,
} from 'lexical'
import { $createBlockNode, $isBlockNode } from './block-node.ts'
import {
  $createCellNode,
  $createRowNode,
  $isCellNode,
  $isRowNode,
  $isTableNode,
  WeftCellNode,
  WeftRowNode,
  WeftTableNode,
} from './table-node.ts'

/** @returns its undo. */
export function registerTableShape(editor: LexicalEditor): () => void {
  const undo = [
    editor.registerNodeTransform(WeftCellNode, $shapeCell),
    editor.registerNodeTransform(WeftRowNode, $shapeRow),
    editor.registerNodeTransform(WeftTableNode, $shapeTable),
  ]
  return () => {
    for (const each of undo) each()
  }
}

function $shapeCell(cell: WeftCellNode): void {
  if (!$isRowNode(cell.getParent())) {
    $unwrap(cell)
    return
  }
  $wrapWords(cell)
  if (cell.isEmpty()) cell.append($createBlockNode())
}

function $shapeRow(row: WeftRowNode): void {
  const table = row.getParent()
  if (!$isTableNode(table)) {
    $unwrap(row)
    return
  }
  for (const child of row.getChildren()) if (!$isCellNode(child)) $putIntoCell(row, child)
  // A line that did not come from the document cannot be shown by a table that did.
  if (table.getHead().table !== '' && row.getLatest().__row === '') $moveBehind(table, row)
}

function $shapeTable(table: WeftTableNode): void {
  const parent = table.getParent()
  if (parent === null) return
  if (!$isRootNode(parent)) {
    if ($isBlockNode(parent)) $liftTable(table, parent)
    else $unwrap(table)
    return
  }
  for (const child of table.getChildren())
    if (!$isRowNode(child)) {
      const row = $createRowNode().append($createCellNode())
      child.insertBefore(row, false)
      $putIntoCell(row, child)
    }
  if (table.getHead().table === '') $fillGrid(table)
}

/** Makes a full grid of blocks out of a pasted table that is in no document. */
export function $completeTable(table: WeftTableNode): void {
  for (const child of table.getChildren()) if (!$isRowNode(child)) child.remove(true)
  for (const row of table.getChildren().filter($isRowNode))
    for (const cell of row.getChildren()) {
      if (!$isCellNode(cell)) cell.remove(true)
      else {
        $wrapWords(cell)
        if (cell.isEmpty()) cell.append($createBlockNode())
      }
    }
  $fillGrid(table)
}

/** Spans become cells of their own, short rows are filled up; what is more than a table can have goes behind it. */
function $fillGrid(table: WeftTableNode): void {
  const rows = table.getChildren().filter($isRowNode)
  const below: number[] = []
  let width = 1
  for (const row of rows) {
    let column = 0
    for (const cell of row.getChildren().filter($isCellNode)) {
      for (; (below[column] ?? 0) > 0; column += 1) $spendSpan(below, column, cell)
      const { columns, rows: height } = cell.getSpan()
      cell.setSpan({ columns: 1, rows: 1 })
      for (let extra = columns - 1; extra > 0; extra -= 1) cell.insertAfter($newCell(), false)
      for (let each = 0; each < columns; each += 1) below[column + each] = height - 1
      column += columns
    }
    for (; (below[column] ?? 0) > 0; column += 1) {
      below[column] = (below[column] ?? 1) - 1
      row.append($newCell())
    }
    width = Math.max(width, row.getChildrenSize())
  }
  width = Math.min(width, MAX_COLUMNS)
  for (const row of rows) {
    while (row.getChildrenSize() < width) row.append($newCell())
    const last = row.getChildren()[width - 1]
    for (const extra of row.getChildren().slice(width))
      if ($isCellNode(last) && $isElementNode(extra)) {
        last.append(...extra.getChildren())
        extra.remove(true)
      }
  }
  for (const row of rows.slice(MAX_ROWS).toReversed()) $moveBehind(table, row)
}

/** A cell above reaches into this row: an empty one stands for it here. */
function $spendSpan(below: number[], column: number, before: WeftCellNode): void {
  below[column] = (below[column] ?? 1) - 1
  before.insertBefore($newCell(), false)
}

function $newCell(): WeftCellNode {
  return $createCellNode().append($createBlockNode())
}

function $putIntoCell(row: WeftRowNode, child: LexicalNode): void {
  const known = $isCellNode(child.getPreviousSibling()) ? child.getPreviousSibling() : row.getFirstChild()
  let cell = $isCellNode(known) ? known : undefined
  if (cell === undefined) {
    cell = $createCellNode()
    row.append(cell)
  }
  cell.append(child)
  $wrapWords(cell)
}

/** Words and inline objects that stand in no block get one. */
function $wrapWords(cell: WeftCellNode): void {
  let block: ElementNode | undefined
  for (const child of cell.getChildren()) {
    const isInline = $isElementNode(child) || $isDecoratorNode(child) ? child.isInline() : true
    if (!isInline) {
      block = undefined
      continue
    }
    if (block === undefined) {
      block = $createBlockNode()
      child.insertBefore(block, false)
    }
    block.append(child)
  }
}

/** The blocks of a row or a cell stand in its place. */
function $unwrap(node: WeftTableNode | WeftRowNode | WeftCellNode): void {
  if (node.getParent() === null) return
  for (const block of $blocksIn(node)) node.insertBefore(block, false)
  node.remove(true)
}

function $moveBehind(table: WeftTableNode, row: WeftRowNode): void {
  for (const block of $blocksIn(row).toReversed()) table.insertAfter(block, false)
  row.remove(true)
}

function $blocksIn(node: ElementNode): LexicalNode[] {
  if ($isCellNode(node)) {
    $wrapWords(node)
    const blocks = node.getChildren()
    // A cell that only filled up a row says nothing.
    return blocks.filter((block) => !($isBlockNode(block) && block.isEmpty() && blocks.length === 1))
  }
  return node
    .getChildren()
    .flatMap((child) => ($isRowNode(child) || $isCellNode(child) ? $blocksIn(child) : [child]))
}

/** A table among the words of a block comes out behind it, and the words after it behind the table. */
function $liftTable(table: WeftTableNode, block: ElementNode): void {
  const following = table.getNextSiblings()
  block.insertAfter(table, false)
  if (following.length > 0) {
    const rest = $createBlockNode()
    rest.append(...following)
    table.insertAfter(rest, false)
  }
  if (block.isEmpty()) block.remove(true)
}
