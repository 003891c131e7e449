/**
 * What people do to tables as tables: insert one, and add, move and delete its rows and columns.
 *
 * Rule: an edit of rows or columns is an edit of the document's grid, made by `@weft/document` and shown by the
 * binding; the nodes on the screen are never the source of it.
 */
import {
  type Axis,
  deleteLine,
  insertLine,
  MAX_COLUMNS,
  MAX_ROWS,
  MAX_WIDTH,
  moveLine,
  readGrid,
  setColumnWidth,
  setHeader,
} from '@weft/document'
import {
  $getNodeByKey,
  $getSelection,
  $isNodeSelection,
  $isRangeSelection,
  type LexicalEditor,
  type NodeKey,
} from 'lexical'
import type { Doc } from 'yjs'
import { $removeTable } from './blocks/across-cells.ts'
import { $createBlockNode } from './blocks/block-node.ts'
import { $textBlockOf } from './blocks/selected-blocks.ts'
import { $selectCell, $selectedCell } from './blocks/table-keys.ts'
import {
  $createCellNode,
  $createRowNode,
  $createTableNode,
  $isCellNode,
  $isRowNode,
  $isTableNode,
  type WeftCellNode,
  type WeftTableNode,
} from './blocks/table-node.ts'

/** What the commands need of the binding. */
export interface TableBinding {
  tableId(key: NodeKey): string | undefined
  edit(change: (doc: Doc) => void): void
}

export interface TableContext {
  readonly editor: LexicalEditor
  readonly binding: TableBinding
  /** For a new row or column; unique. Random by default. */
  readonly newId?: () => string
}

export const TABLE_EDITS = [
  'row-above',
  'row-below',
  'column-before',
  'column-after',
  'move-row-up',
  'move-row-down',
  'move-column-left',
  'move-column-right',
  'delete-row',
  'delete-column',
  'header-row',
  'header-column',
] as const

export type TableEdit = (typeof TABLE_EDITS)[number]

/**
 * Puts a table behind the block of the caret, or in its place when it is empty, and the caret in its first cell.
 *
 * @returns false in a cell, since tables do not nest, and without a caret.
 */
export function insertTable(editor: LexicalEditor, rows = 3, columns = 3): boolean {
  let isInserted = false
  editor.update(
    () => {
      const selection = $getSelection()
      if (!$isRangeSelection(selection) || $selectedCell() !== undefined) return
      const block = $textBlockOf(selection.anchor.getNode())
      if (block === undefined) return
      const table = $createTableNode({ headerRow: true })
      for (let row = 0; row < rows; row += 1) {
        const line = $createRowNode()
        for (let column = 0; column < columns; column += 1)
          line.append($createCellNode().append($createBlockNode()))
        table.append(line)
      }
      if (block.isEmpty() && block.getKind() === 'paragraph') block.insertBefore(table, false)
      else block.insertAfter(table, false)
      // Behind a table there is always a line to go on in.
      if (table.getNextSibling() === null) table.insertAfter($createBlockNode(), false)
      const row = table.getFirstChild()
      const first = $isRowNode(row) ? row.getFirstChild() : null
      if ($isCellNode(first)) $selectCell(first)
      isInserted = true
    },
    { discrete: true },
  )
  return isInserted
}

/** What a word needs, in CSS pixels. */
export const MIN_COLUMN_WIDTH = 48

export interface TableState {
  readonly headerRow: boolean
  readonly headerColumn: boolean
  /** What would do something now; nothing while the table is selected as a whole. */
  readonly edits: ReadonlySet<TableEdit>
}

/** Of the table the caret is in, or that is selected; undefined outside of tables. */
export function readTableState(context: TableContext): TableState | undefined {
  return context.editor.getEditorState().read(() => {
    const table = $selectedTable()
    if (table === undefined) return undefined
    const { headerRow, headerColumn } = table.getHead()
    const place = $placeOf(context, $selectedCell())
    const edits = place === undefined ? [] : TABLE_EDITS.filter((edit) => isPossible(edit, place))
    return { headerRow, headerColumn, edits: new Set(edits) }
  })
}

/** Whether the caret is in a table that can be edited so. */
export function canEditTable(context: TableContext, edit: TableEdit): boolean {
  return context.editor.read(() => {
    const place = $placeOf(context, $selectedCell())
    return place !== undefined && isPossible(edit, place)
  })
}

function isPossible(edit: TableEdit, place: TablePlace): boolean {
  switch (edit) {
    case 'row-above':
    case 'row-below':
      return place.rows.length < MAX_ROWS
    case 'column-before':
    case 'column-after':
      return place.columns.length < MAX_COLUMNS
    case 'move-row-up':
      return place.rowIndex > 0
    case 'move-row-down':
      return place.rowIndex < place.rows.length - 1
    case 'move-column-left':
      return place.columnIndex > 0
    case 'move-column-right':
      return place.columnIndex < place.columns.length - 1
    case 'delete-row':
    case 'delete-column':
    case 'header-row':
    case 'header-column':
      return true
  }
}

/** The table the caret, or the start of the selection, is in; or the one that is selected as a whole. */
export function $selectedTable(): WeftTableNode | undefined {
  const selection = $getSelection()
  if ($isNodeSelection(selection)) return selection.getNodes().find($isTableNode)
  return $selectedCell()?.getParents().find($isTableNode)
}

/** Edits the table the caret is in. @returns false, and nothing happens, where `canEditTable` says no. */
export function editTable(context: TableContext, edit: TableEdit): boolean {
  if (!canEditTable(context, edit)) return false
  const { editor, binding } = context
  const place = editor.read(() => $placeOf(context, $selectedCell()))
  if (place === undefined) return false
  const { table, row, column, rowIndex, columnIndex } = place
  const newId = context.newId ?? (() => crypto.randomUUID())
  switch (edit) {
    case 'row-above':
      binding.edit((doc) => insertLine(doc, table, 'row', rowIndex, newId()))
      return true
    case 'row-below':
      binding.edit((doc) => insertLine(doc, table, 'row', rowIndex + 1, newId()))
      return true
    case 'column-before':
      binding.edit((doc) => insertLine(doc, table, 'column', columnIndex, newId()))
      return true
    case 'column-after':
      binding.edit((doc) => insertLine(doc, table, 'column', columnIndex + 1, newId()))
      return true
    case 'move-row-up':
      binding.edit((doc) => moveLine(doc, table, 'row', rowIndex - 1, row))
      return true
    case 'move-row-down':
      binding.edit((doc) => moveLine(doc, table, 'row', rowIndex + 1, row))
      return true
    case 'move-column-left':
      binding.edit((doc) => moveLine(doc, table, 'column', columnIndex - 1, column))
      return true
    case 'move-column-right':
      binding.edit((doc) => moveLine(doc, table, 'column', columnIndex + 1, column))
      return true
    case 'delete-row':
      deleteTableLine(context, place, 'row')
      return true
    case 'delete-column':
      deleteTableLine(context, place, 'column')
      return true
    case 'header-row':
      binding.edit((doc) => setHeader(doc, table, 'row', !readGrid(doc, table).headerRow))
      return true
    case 'header-column':
      binding.edit((doc) => setHeader(doc, table, 'column', !readGrid(doc, table).headerColumn))
      return true
  }
}

/** Deletes the table the caret is in, or that is selected, with all its words; the caret goes behind it. */
export function deleteTable(editor: LexicalEditor): boolean {
  let isDeleted = false
  editor.update(
    () => {
      const table = $selectedTable()
      if (table === undefined) return
      $removeTable(table)
      isDeleted = true
    },
    { discrete: true },
  )
  return isDeleted
}

/** @param width in CSS pixels, 0 for what the content needs; other values are brought into the bounds of the schema. */
export function setTableColumnWidth(context: TableContext, cell: NodeKey, width: number): boolean {
  const place = context.editor.read(() => {
    const node = context.editor.getEditorState()._nodeMap.get(cell)
    return $placeOf(context, $isCellNode(node) ? node : undefined)
  })
  if (place === undefined) return false
  const bounded = width === 0 ? 0 : Math.round(Math.min(Math.max(width, MIN_COLUMN_WIDTH), MAX_WIDTH))
  context.binding.edit((doc) => setColumnWidth(doc, place.table, place.column, bounded))
  return true
}

/**
 * Adds the rows and columns that a table lacks to have so many from a cell on, as one edit.
 *
 * @returns false, and nothing is added, when that is more than a table can have.
 */
export function growTable(context: TableContext, cell: NodeKey, rows: number, columns: number): boolean {
  const place = context.editor.read(() => {
    const node = $getNodeByKey(cell)
    return $placeOf(context, $isCellNode(node) ? node : undefined)
  })
  if (place === undefined) return false
  const [height, width] = [place.rowIndex + rows, place.columnIndex + columns]
  if (height > MAX_ROWS || width > MAX_COLUMNS) return false
  if (height <= place.rows.length && width <= place.columns.length) return true
  const newId = context.newId ?? (() => crypto.randomUUID())
  context.binding.edit((doc) => {
    for (let at = place.rows.length; at < height; at += 1) insertLine(doc, place.table, 'row', at, newId())
    for (let at = place.columns.length; at < width; at += 1)
      insertLine(doc, place.table, 'column', at, newId())
  })
  return true
}

/**
 * Puts the caret into the next cell, or the one before; behind the last cell a new row is added.
 *
 * @returns false when the caret is in no table, or in its first cell and nothing is before it.
 */
export function goToCell(context: TableContext, by: 1 | -1): boolean {
  const { editor } = context
  const cells = editor.read(() => $cellsAround($selectedCell()))
  const next = cells.keys[cells.at + by]
  if (cells.at < 0 || (next === undefined && by < 0)) return false
  if (next === undefined) {
    if (!editTable(context, 'row-below')) return false
    const grown = editor.read(() => $cellsAround($selectedCell()))
    $goTo(editor, grown.keys[cells.at + 1])
  } else $goTo(editor, next)
  return true
}

function $goTo(editor: LexicalEditor, key: NodeKey | undefined): void {
  editor.update(
    () => {
      const node = key === undefined ? null : $getNodeByKey(key)
      if ($isCellNode(node)) $selectCell(node, true)
    },
    { discrete: true },
  )
}

function $cellsAround(cell: WeftCellNode | undefined): { keys: NodeKey[]; at: number } {
  const table = cell?.getParents().find($isTableNode)
  const rows = table?.getChildren().filter($isRowNode) ?? []
  const keys = rows.flatMap((row) => row.getChildren().filter($isCellNode)).map((each) => each.getKey())
  return { keys, at: cell === undefined ? -1 : keys.indexOf(cell.getKey()) }
}

/** A table without rows or columns is none: the last of them takes the table with it. */
function deleteTableLine(context: TableContext, place: TablePlace, axis: Axis): void {
  const { editor, binding } = context
  const { table, rows, columns, row, column, rowIndex, columnIndex } = place
  const ids = axis === 'row' ? rows : columns
  if (ids.length <= 1) {
    deleteTable(editor)
    return
  }
  // The caret goes to the neighbour first: in the line that goes there is no place for it.
  const step = axis === 'row' ? columns.length : 1
  const index = axis === 'row' ? rowIndex : columnIndex
  const cells = editor.read(() => $cellsAround($selectedCell()))
  $goToStart(editor, cells.keys[cells.at + (index === ids.length - 1 ? -step : step)])
  binding.edit((doc) => deleteLine(doc, table, axis, axis === 'row' ? row : column))
}

function $goToStart(editor: LexicalEditor, key: NodeKey | undefined): void {
  editor.update(
    () => {
      const node = key === undefined ? null : $getNodeByKey(key)
      if ($isCellNode(node)) $selectCell(node)
    },
    { discrete: true },
  )
}

interface TablePlace {
  readonly table: string
  readonly row: string
  readonly column: string
  readonly rowIndex: number
  readonly columnIndex: number
  readonly rows: readonly string[]
  readonly columns: readonly string[]
}

function $placeOf({ binding }: TableContext, cell: WeftCellNode | undefined): TablePlace | undefined {
  const line = cell?.getParent()
  const node = line?.getParent()
  if (cell === undefined || !$isRowNode(line) || !$isTableNode(node)) return undefined
  const table = binding.tableId(node.getKey())
  if (table === undefined) return undefined
  const rows = node
    .getChildren()
    .filter($isRowNode)
    .map((each) => each.getLatest().__row)
  const columns = node.getHead().columns.map(({ id }) => id)
  const [row, column] = [line.getLatest().__row, cell.getLatest().__column]
  const [rowIndex, columnIndex] = [rows.indexOf(row), columns.indexOf(column)]
  if (rowIndex < 0 || columnIndex < 0) return undefined
  return { table, row, column, rowIndex, columnIndex, rows, columns }
}
