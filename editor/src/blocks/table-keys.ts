/**
 * Keys in and around tables: nothing is joined across the edge of a cell, and Tab goes from cell to cell.
 *
 * Rule: what a selection across cells deletes is decided in `across-cells.ts`; everything inside one cell is rich
 * text's business.
 */
import {
  $addUpdateTag,
  $createNodeSelection,
  $createRangeSelection,
  $getSelection,
  $isElementNode,
  $isNodeSelection,
  $isRangeSelection,
  $setSelection,
  COMMAND_PRIORITY_HIGH,
  CONTROLLED_TEXT_INSERTION_COMMAND,
  COPY_COMMAND,
  CUT_COMMAND,
  CUT_TAG,
  DELETE_CHARACTER_COMMAND,
  DELETE_LINE_COMMAND,
  DELETE_WORD_COMMAND,
  INSERT_LINE_BREAK_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  type LexicalEditor,
  type LexicalNode,
  PASTE_COMMAND,
  type PointType,
  REMOVE_TEXT_COMMAND,
} from 'lexical'
import { $removeAcross, $removeTable, $selectionAcross } from './across-cells.ts'
import { $isBlockNode } from './block-node.ts'
import { $textBlockOf } from './selected-blocks.ts'
import { $isCellNode, $isTableNode, type WeftCellNode } from './table-node.ts'

/** @returns its undo. */
export function registerTableKeys(editor: LexicalEditor): () => void {
  const deletions = [DELETE_CHARACTER_COMMAND, DELETE_WORD_COMMAND, DELETE_LINE_COMMAND]
  const undo = [
    ...deletions.map((command) =>
      editor.registerCommand(
        command,
        (isBackward) =>
          $removeSelected() || $replaceAcross() || $isAtEdge(isBackward) || $selectBeside(isBackward),
        COMMAND_PRIORITY_HIGH,
      ),
    ),
    // What is inserted then goes where the selection was.
    editor.registerCommand(CONTROLLED_TEXT_INSERTION_COMMAND, $makeRoom, COMMAND_PRIORITY_HIGH),
    editor.registerCommand(INSERT_PARAGRAPH_COMMAND, $makeRoom, COMMAND_PRIORITY_HIGH),
    editor.registerCommand(INSERT_LINE_BREAK_COMMAND, $makeRoom, COMMAND_PRIORITY_HIGH),
    editor.registerCommand(PASTE_COMMAND, $makeRoom, COMMAND_PRIORITY_HIGH),
    editor.registerCommand(REMOVE_TEXT_COMMAND, $replaceAcross, COMMAND_PRIORITY_HIGH),
    editor.registerCommand(
      CUT_COMMAND,
      (event) => {
        if ($selectionAcross() === undefined) return false
        editor.dispatchCommand(COPY_COMMAND, event)
        $addUpdateTag(CUT_TAG)
        return $replaceAcross()
      },
      COMMAND_PRIORITY_HIGH,
    ),
  ]
  return () => {
    for (const each of undo) each()
  }
}

function $replaceAcross(): boolean {
  const selection = $selectionAcross()
  if (selection === undefined) return false
  $removeAcross(selection)
  return true
}

/** Of tables that are selected as a whole. */
function $removeSelected(): boolean {
  const selection = $getSelection()
  if (!$isNodeSelection(selection)) return false
  const tables = selection.getNodes().filter($isTableNode)
  for (const table of tables) $removeTable(table)
  return tables.length > 0
}

function $makeRoom(): false {
  $replaceAcross()
  return false
}

/** A deletion into a table selects it first: the next one deletes it. */
function $selectBeside(isBackward: boolean): boolean {
  const selection = $getSelection()
  if (!$isRangeSelection(selection) || !selection.isCollapsed()) return false
  const block = $textBlockOf(selection.anchor.getNode())
  if (block === undefined || !$isAtEnd(block, selection.anchor, isBackward)) return false
  const table = isBackward ? block.getPreviousSibling() : block.getNextSibling()
  if (!$isTableNode(table)) return false
  const whole = $createNodeSelection()
  whole.add(table.getKey())
  $setSelection(whole)
  return true
}

/** Whether a deletion from the caret would leave its cell. */
function $isAtEdge(isBackward: boolean): boolean {
  const selection = $getSelection()
  if (!$isRangeSelection(selection) || !selection.isCollapsed()) return false
  const { anchor } = selection
  const node = anchor.getNode()
  const cell = node.getParents().find($isCellNode)
  const edge = isBackward ? cell?.getFirstChild() : cell?.getLastChild()
  if (edge === undefined || edge === null || !(node.is(edge) || edge.isParentOf(node))) return false
  return $isAtEnd(edge, anchor, isBackward)
}

/** Whether a point is where a deletion would leave its block. */
function $isAtEnd(block: LexicalNode, point: PointType, isBackward: boolean): boolean {
  const node = point.getNode()
  if (isBackward) {
    // A heading, a list item or the like becomes a paragraph first.
    const isPlain = !$isBlockNode(block) || block.getKind() === 'paragraph'
    return isPlain && point.offset === 0 && (node.is(block) || node.is($firstIn(block)))
  }
  const size = $isElementNode(node) ? node.getChildrenSize() : node.getTextContentSize()
  return point.offset === size && (node.is(block) || node.is($lastIn(block)))
}

function $firstIn(node: LexicalNode): LexicalNode | null {
  return $isElementNode(node) ? node.getFirstDescendant() : node
}

function $lastIn(node: LexicalNode): LexicalNode | null {
  return $isElementNode(node) ? node.getLastDescendant() : node
}

/** The cell the caret, or the start of the selection, is in. */
export function $selectedCell(): WeftCellNode | undefined {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) return undefined
  const node = (selection.isBackward() ? selection.focus : selection.anchor).getNode()
  return $isCellNode(node) ? node : node.getParents().find($isCellNode)
}

/** Puts the caret at the start of a cell, or with `isAll` selects all that is in it. */
export function $selectCell(cell: WeftCellNode, isAll = false): void {
  const first = cell.getFirstChild()
  const last = cell.getLastChild()
  if (!$isBlockNode(first) || !$isBlockNode(last)) return
  const selection = $createRangeSelection()
  $setSelection(selection)
  const start = first.selectStart()
  if (!isAll) return
  const { key, offset, type } = start.anchor
  const end = last.selectEnd()
  end.anchor.set(key, offset, type)
}
