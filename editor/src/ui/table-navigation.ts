/**
 * Keys by which somebody goes through a table, into it, out of it, and takes hold of it as a whole.
 *
 * Rule: what cannot be reached otherwise can be reached by a key: the line behind a table, code or columns that end the
 * document, the one before a table that begins it, the table itself (Escape) and its menu (Alt+F10).
 */
import {
  $createNodeSelection,
  $getRoot,
  $getSelection,
  $isNodeSelection,
  $isRangeSelection,
  $setSelection,
  COMMAND_PRIORITY_HIGH,
  KEY_ARROW_DOWN_COMMAND,
  KEY_ARROW_UP_COMMAND,
  KEY_DOWN_COMMAND,
  KEY_ENTER_COMMAND,
  KEY_ESCAPE_COMMAND,
  KEY_TAB_COMMAND,
  type LexicalNode,
} from 'lexical'
import { $createBlockNode, $isBlockNode } from '../blocks/block-node.ts'
import { $countColumns } from '../blocks/columns.ts'
import { $selectCell, $selectedCell } from '../blocks/table-keys.ts'
import {
  $isCellNode,
  $isLostTable,
  $isRowNode,
  $isTableNode,
  type WeftTableNode,
} from '../blocks/table-node.ts'
import { $selectedTable, goToCell, type TableContext } from '../table-commands.ts'
import { boxOf, selectedRange } from './selected-range.ts'

export interface TableNavigation extends TableContext {
  readonly root: ShadowRoot
  /** Opens the table's menu. @returns false when it cannot. */
  readonly openMenu: () => boolean
}

/** Register it before other listeners of the same keys. @returns its undo. */
export function registerTableNavigation(options: TableNavigation): () => void {
  const { editor, root, openMenu } = options
  const taken = (event: KeyboardEvent | null, isTaken: boolean): boolean => {
    if (isTaken) event?.preventDefault()
    return isTaken
  }
  const undo = [
    editor.registerCommand(
      KEY_TAB_COMMAND,
      (event) => taken(event, !hasModifier(event) && $tab(options, event.shiftKey ? -1 : 1)),
      COMMAND_PRIORITY_HIGH,
    ),
    editor.registerCommand(
      KEY_ARROW_DOWN_COMMAND,
      (event) => taken(event, !isHeld(event) && $leave(root, 1)),
      COMMAND_PRIORITY_HIGH,
    ),
    editor.registerCommand(
      KEY_ARROW_UP_COMMAND,
      (event) => taken(event, !isHeld(event) && $leave(root, -1)),
      COMMAND_PRIORITY_HIGH,
    ),
    editor.registerCommand(
      KEY_ESCAPE_COMMAND,
      (event) => taken(event, $selectWhole()),
      COMMAND_PRIORITY_HIGH,
    ),
    editor.registerCommand(
      KEY_ENTER_COMMAND,
      (event) => taken(event, $enterSelected()),
      COMMAND_PRIORITY_HIGH,
    ),
    editor.registerCommand(
      KEY_DOWN_COMMAND,
      (event) =>
        taken(event, event.key === 'F10' && event.altKey && $selectedTable() !== undefined && openMenu()),
      COMMAND_PRIORITY_HIGH,
    ),
  ]
  return () => {
    for (const each of undo) each()
  }
}

/** Puts the caret behind the last block: into a new line where that is a table, stands in a column, or the like. */
export function $selectEnd(): void {
  const last = $lastShown()
  if (last === undefined || ($isBlockNode(last) && $countColumns(last) < 2)) (last ?? $getRoot()).selectEnd()
  else $newLine(last, 1)
}

function $lastShown(): LexicalNode | undefined {
  return $getRoot()
    .getChildren()
    .findLast((node) => !$isLostTable(node))
}

function hasModifier(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.altKey || event.metaKey
}

function isHeld(event: KeyboardEvent): boolean {
  return hasModifier(event) || event.shiftKey
}

/** Tab goes to the next cell, also from a list in it: a table is left by arrows. */
function $tab(context: TableContext, by: 1 | -1): boolean {
  if ($selectedCell() === undefined) return false
  // A new row is an edit of the document, which waits for the update that is going on.
  queueMicrotask(() => goToCell(context, by))
  return true
}

/** @returns whether a line was made, or found, outside of the table or below what ends the document. */
function $leave(root: ShadowRoot, by: 1 | -1): boolean {
  const selection = $getSelection()
  if ($isNodeSelection(selection)) {
    const table = $selectedTable()
    if (table === undefined) return false
    $step(table, by)
    return true
  }
  const left = $tableAtEdge(by) ?? (by > 0 ? $closedEnd() : undefined)
  if (left === undefined || !isOnEdgeLine(root, by)) return false
  const beside = by > 0 ? left.getNextSibling() : left.getPreviousSibling()
  if (beside !== null && !$isLostTable(beside)) return false
  $newLine(left, by)
  return true
}

/** The last block, when the caret is in it and Enter would make no line below it: in code, or the last of columns. */
function $closedEnd(): LexicalNode | undefined {
  const selection = $getSelection()
  const last = $lastShown()
  if (!$isRangeSelection(selection) || !selection.isCollapsed() || !$isBlockNode(last)) return undefined
  const node = selection.anchor.getNode()
  const isClosed = last.getKind() === 'code' || $countColumns(last) > 1
  return isClosed && (node.is(last) || last.isParentOf(node)) ? last : undefined
}

/** The table, when the caret is in the last block of a cell of its last row, or the first of its first. */
function $tableAtEdge(by: 1 | -1): WeftTableNode | undefined {
  const selection = $getSelection()
  const cell = $selectedCell()
  const row = cell?.getParent()
  const table = row?.getParent()
  if (!$isRangeSelection(selection) || !selection.isCollapsed() || !$isTableNode(table)) return undefined
  const node = selection.anchor.getNode()
  const [edgeRow, edge] =
    by > 0 ? [table.getLastChild(), cell?.getLastChild()] : [table.getFirstChild(), cell?.getFirstChild()]
  const isAtEdge = edge !== null && edge !== undefined && (node.is(edge) || edge.isParentOf(node))
  return row?.is(edgeRow) === true && isAtEdge ? table : undefined
}

/** Whether the caret stands on the first or last line of its block as it is on the screen. */
function isOnEdgeLine(root: ShadowRoot, by: 1 | -1): boolean {
  const range = selectedRange(root)
  const node = range?.startContainer
  const block = (node instanceof Element ? node : node?.parentElement)?.closest('.cell > *, .content > *')
  if (range === undefined || block === null || block === undefined) return false
  const [caret, box] = [boxOf(range), block.getBoundingClientRect()]
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(block)
  const line = Number.parseFloat(lineHeight) || caret.height
  const space = by > 0 ? box.bottom - caret.bottom : caret.top - box.top
  return space - Number.parseFloat(by > 0 ? paddingBottom : paddingTop) < line * 0.7
}

function $step(table: WeftTableNode, by: 1 | -1): void {
  const beside = by > 0 ? table.getNextSibling() : table.getPreviousSibling()
  if ($isBlockNode(beside)) {
    if (by > 0) beside.selectStart()
    else beside.selectEnd()
  } else if (beside === null || $isLostTable(beside)) $newLine(table, by)
  else {
    const selection = $createNodeSelection()
    selection.add(beside.getKey())
    $setSelection(selection)
  }
}

function $newLine(beside: LexicalNode, by: 1 | -1): void {
  const line = $createBlockNode()
  if (by > 0) beside.insertAfter(line, false)
  else beside.insertBefore(line, false)
  line.selectStart()
}

/** From a cell to the table around it. */
function $selectWhole(): boolean {
  const table = $selectedTable()
  if (table === undefined || $isNodeSelection($getSelection())) return false
  const selection = $createNodeSelection()
  selection.add(table.getKey())
  $setSelection(selection)
  return true
}

/** Enter goes into a selected table. */
function $enterSelected(): boolean {
  const table = $isNodeSelection($getSelection()) ? $selectedTable() : undefined
  const row = table?.getFirstChild()
  const cell = $isRowNode(row) ? row.getFirstChild() : null
  if (!$isCellNode(cell)) return false
  $selectCell(cell)
  return true
}
