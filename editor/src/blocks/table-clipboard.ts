/**
 * Copying out of tables and pasting into them.
 *
 * Rule: what is copied from several cells is a table of them, in three formats: ours, HTML, and text as spreadsheets have it.
 * A table, or such text, that is pasted into a cell fills the cells from there on; rows and columns that are missing are
 * added. A cell that brings nothing changes nothing. What is no table, or larger than a table can be, is left to rich
 * text, which puts the words into the one cell.
 */
import { $generateNodesFromDOM } from '@lexical/html'
import { MAX_COLUMNS, MAX_ROWS } from '@weft/document'
import {
  $getNodeByKey,
  $getSelection,
  $isElementNode,
  $isNodeSelection,
  $isTextNode,
  $parseSerializedNode,
  COMMAND_PRIORITY_HIGH,
  COPY_COMMAND,
  CUT_COMMAND,
  type LexicalEditor,
  type LexicalNode,
  type NodeKey,
  PASTE_COMMAND,
  PASTE_TAG,
  type PointType,
  type SerializedLexicalNode,
} from 'lexical'
import { $offsetIn, $removeTable, $selectionAcross } from './across-cells.ts'
import { $createBlockNode, $isBlockNode } from './block-node.ts'
import { parseTabSeparated, printTabSeparated } from './tab-separated.ts'
import { $selectedCell } from './table-keys.ts'
import {
  $isCellNode,
  $isRowNode,
  $isTableNode,
  type WeftCellNode,
  type WeftRowNode,
  type WeftTableNode,
} from './table-node.ts'
import { $completeTable } from './table-shape.ts'
import { $createWeftTextNode } from './text-node.ts'

/** Lexical's own format, which only Lexical editors read. */
const OWN_FORMAT = 'application/x-lexical-editor'

/**
 * @param grow makes the table of a cell at least so large from that cell on. @returns false when it cannot.
 * @returns its undo.
 */
export function registerTableClipboard(
  editor: LexicalEditor,
  grow: (cell: NodeKey, rows: number, columns: number) => boolean,
): () => void {
  const copy = (event: unknown): boolean => event instanceof ClipboardEvent && $copy(editor, event)
  const undo = [
    editor.registerCommand(COPY_COMMAND, copy, COMMAND_PRIORITY_HIGH),
    editor.registerCommand(
      CUT_COMMAND,
      (event) => {
        const table = $wholeTable()
        if (table === undefined || !copy(event)) return false
        $removeTable(table)
        return true
      },
      COMMAND_PRIORITY_HIGH,
    ),
    editor.registerCommand(
      PASTE_COMMAND,
      (event) => event instanceof ClipboardEvent && $paste(editor, event, grow),
      COMMAND_PRIORITY_HIGH,
    ),
  ]
  return () => {
    for (const each of undo) each()
  }
}

// Out

/** A table that is selected as a whole. */
function $wholeTable(): WeftTableNode | undefined {
  const selection = $getSelection()
  return $isNodeSelection(selection) ? selection.getNodes().find($isTableNode) : undefined
}

function $copy(editor: LexicalEditor, event: ClipboardEvent): boolean {
  const { clipboardData } = event
  const copied = $copied()
  if (copied === undefined || clipboardData === null) return false
  event.preventDefault()
  const { table, rows } = copied
  const children = rows.map(({ row, cells }) => ({
    ...row.exportJSON(),
    children: cells.map(({ json }) => json),
  }))
  const nodes = [{ ...table.exportJSON(), children }]
  clipboardData.setData(OWN_FORMAT, JSON.stringify({ namespace: editor._config.namespace, nodes }))
  clipboardData.setData(
    'text/plain',
    printTabSeparated(rows.map(({ cells }) => cells.map(({ text }) => text))),
  )
  clipboardData.setData('text/html', htmlOf(rows.map(({ cells }) => cells)))
  return true
}

interface CopiedCell {
  readonly json: SerializedLexicalNode
  readonly text: string
  readonly isHeader: boolean
}

interface CopiedTable {
  readonly table: WeftTableNode
  readonly rows: readonly { readonly row: WeftRowNode; readonly cells: readonly CopiedCell[] }[]
}

/** What of a table is selected, when that is more than a part of one cell. */
function $copied(): CopiedTable | undefined {
  const whole = $wholeTable()
  if (whole !== undefined)
    return { table: whole, rows: $rowsOf(whole).map((row) => $copyRow(row, () => true)) }
  const selection = $selectionAcross()
  if (selection === undefined) return undefined
  const [start, end] = selection.isBackward()
    ? [selection.focus, selection.anchor]
    : [selection.anchor, selection.focus]
  const [first, last] = [$cellOf(start), $cellOf(end)]
  const table = first?.getParents().find($isTableNode)
  if (first === undefined || last === undefined || table === undefined || !table.isParentOf(last))
    return undefined
  const cells = $rowsOf(table).flatMap((row) => row.getChildren().filter($isCellNode))
  const [from, to] = [cells.findIndex((cell) => cell.is(first)), cells.findIndex((cell) => cell.is(last))]
  const isIn = (cell: WeftCellNode): boolean => {
    const at = cells.findIndex((each) => each.is(cell))
    return at >= from && at <= to
  }
  const rows = $rowsOf(table)
    .filter((row) => row.getChildren().filter($isCellNode).some(isIn))
    .map((row) => $copyRow(row, isIn, { start, end }))
  if (rows.length > 1) return { table, rows }
  const only = rows.map(({ row, cells: all }) => ({
    row,
    cells: all.filter((_, index) => {
      const cell = row.getChildAtIndex(index)
      return $isCellNode(cell) && isIn(cell)
    }),
  }))
  return { table, rows: only }
}

function $rowsOf(table: WeftTableNode): WeftRowNode[] {
  return table.getChildren().filter($isRowNode)
}

function $cellOf(point: PointType): WeftCellNode | undefined {
  const node = point.getNode()
  return $isCellNode(node) ? node : node.getParents().find($isCellNode)
}

interface Ends {
  readonly start: PointType
  readonly end: PointType
}

/** A cell that is not selected is an empty one, so that the others stay below each other. */
function $copyRow(
  row: WeftRowNode,
  isIn: (cell: WeftCellNode) => boolean,
  ends?: Ends,
): CopiedTable['rows'][number] {
  const cells = row
    .getChildren()
    .filter($isCellNode)
    .map((cell): CopiedCell => {
      const blocks = isIn(cell) ? $copyBlocks(cell, ends) : []
      return {
        json: { ...cell.exportJSON(), children: blocks.map(({ json }) => json) } as SerializedLexicalNode,
        text: blocks.map(({ text }) => text).join('\n'),
        isHeader: cell.getLatest().__scope !== 'none',
      }
    })
  return { row, cells }
}

function $copyBlocks(cell: WeftCellNode, ends?: Ends): { json: SerializedLexicalNode; text: string }[] {
  const isIn = (block: LexicalNode, point: PointType | undefined): point is PointType =>
    point !== undefined && (block.is(point.getNode()) || block.isParentOf(point.getNode()))
  const blocks = cell.getChildren()
  const first = blocks.findIndex((block) => isIn(block, ends?.start))
  const last = blocks.findIndex((block) => isIn(block, ends?.end))
  return blocks.slice(Math.max(first, 0), last < 0 ? undefined : last + 1).map((block) => {
    const from = isIn(block, ends?.start) ? $offsetIn(block, ends.start) : 0
    const to = isIn(block, ends?.end) ? $offsetIn(block, ends.end) : block.getTextContentSize()
    return { json: $exportPart(block, from, to), text: block.getTextContent().slice(from, to) }
  })
}

function $exportPart(block: LexicalNode, from: number, to: number): SerializedLexicalNode {
  if (!$isElementNode(block)) return block.exportJSON()
  const children: SerializedLexicalNode[] = []
  let at = 0
  for (const child of block.getChildren()) {
    const size = child.getTextContentSize()
    const [start, end] = [Math.max(from - at, 0), Math.min(to - at, size)]
    at += size
    if (start >= end) continue
    const json = child.exportJSON()
    const part = { ...json, text: child.getTextContent().slice(start, end) }
    children.push($isTextNode(child) ? part : json)
  }
  const part = { ...block.exportJSON(), children }
  return part
}

/** Words and headers; what else there is, our own format has. */
function htmlOf(rows: readonly (readonly CopiedCell[])[]): string {
  const table = document.createElement('table')
  for (const cells of rows) {
    const line = document.createElement('tr')
    for (const { text, isHeader } of cells) {
      const cell = document.createElement(isHeader ? 'th' : 'td')
      for (const words of text.split('\n')) {
        const paragraph = document.createElement('p')
        paragraph.textContent = words
        cell.append(paragraph)
      }
      line.append(cell)
    }
    table.append(line)
  }
  return table.outerHTML
}

// In

function $paste(
  editor: LexicalEditor,
  event: ClipboardEvent,
  grow: (cell: NodeKey, rows: number, columns: number) => boolean,
): boolean {
  const cell = $selectedCell()
  const { clipboardData } = event
  if (cell === undefined || clipboardData === null || $selectionAcross() !== undefined || $isInCode())
    return false
  const $read = readerOf(editor, clipboardData)
  const size = $read === undefined ? undefined : $sizeFor(cell, $read)
  if ($read === undefined || size === undefined) return false
  event.preventDefault()
  const key = cell.getKey()
  // Rows and columns are the document's: they are added once the update that is going on is over.
  queueMicrotask(() => {
    if (!grow(key, size.rows, size.columns)) return
    editor.update(() => $fill(key, $read()), { tag: PASTE_TAG, discrete: true })
  })
  return true
}

function $isInCode(): boolean {
  const selection = $getSelection()
  const nodes = selection?.getNodes() ?? []
  return nodes.some((node) =>
    [node, ...node.getParents()].some((each) => $isBlockNode(each) && each.getKind() === 'code'),
  )
}

/** Blocks for each cell of each row. */
type Grid = readonly (readonly (readonly LexicalNode[])[])[]

/** @returns undefined for what cannot be read, is empty, or does not fit into a table from the cell on. */
function $sizeFor(cell: WeftCellNode, $read: () => Grid): { rows: number; columns: number } | undefined {
  let grid: Grid
  try {
    grid = $read()
  } catch {
    // Somebody else's clipboard may say anything under our format's name.
    return undefined
  }
  const [rows, columns] = [grid.length, Math.max(0, ...grid.map((row) => row.length))]
  const top = cell.getParent()?.getIndexWithinParent() ?? 0
  const fits = top + rows <= MAX_ROWS && cell.getIndexWithinParent() + columns <= MAX_COLUMNS
  return fits && rows > 0 && columns > 0 ? { rows, columns } : undefined
}

/** @returns what makes the grid's nodes, anew each time; undefined when what is pasted is no table alone. */
function readerOf(editor: LexicalEditor, data: DataTransfer): (() => Grid) | undefined {
  const own = ownTable(data.getData(OWN_FORMAT))
  if (own !== undefined)
    return () => {
      const table = $parseSerializedNode(own)
      return $isTableNode(table) ? $gridOf(table) : []
    }
  const html = data.getData('text/html')
  const page = html === '' ? undefined : new DOMParser().parseFromString(html, 'text/html')
  const element = page?.querySelectorAll('table').length === 1 ? page.querySelector('table') : null
  if (page !== undefined && element !== null && isAlone(page, element))
    return () => {
      const table = $generateNodesFromDOM(editor, page).find($isTableNode)
      return table === undefined ? [] : $gridOf(table)
    }
  // Text beside HTML is that HTML's words.
  const rows = html === '' ? parseTabSeparated(data.getData('text/plain')) : undefined
  return rows === undefined ? undefined : () => rows.map((row) => row.map($blocksOf))
}

function ownTable(json: string): SerializedLexicalNode | undefined {
  if (json === '') return undefined
  try {
    const { nodes } = JSON.parse(json) as { readonly nodes?: readonly SerializedLexicalNode[] }
    const [node, ...others] = nodes ?? []
    return node?.type === 'weft-table' && others.length === 0 ? node : undefined
  } catch {
    return undefined
  }
}

/** Whether there are no words but the table's. */
function isAlone(page: Document, table: Element): boolean {
  const words = (element: Element | null): string => {
    const copy = element?.cloneNode(true)
    if (!(copy instanceof Element)) return ''
    for (const hidden of copy.querySelectorAll('style, script')) hidden.remove()
    return copy.textContent?.replaceAll(/\s/g, '') ?? ''
  }
  return words(page.body) === words(table)
}

function $gridOf(table: WeftTableNode): Grid {
  $completeTable(table)
  return $rowsOf(table).map((row) =>
    row
      .getChildren()
      .filter($isCellNode)
      .map((cell) => cell.getChildren()),
  )
}

function $blocksOf(text: string): LexicalNode[] {
  return text.split('\n').map((words) => {
    const block = $createBlockNode()
    if (words !== '') block.append($createWeftTextNode(words))
    return block
  })
}

function $fill(key: NodeKey, grid: Grid): void {
  const first = $getNodeByKey(key)
  const row = first?.getParent()
  const table = row?.getParent()
  if (!$isCellNode(first) || !$isRowNode(row) || !$isTableNode(table)) return
  const [top, start] = [row.getIndexWithinParent(), first.getIndexWithinParent()]
  let last: LexicalNode | undefined
  for (const [index, cells] of grid.entries()) {
    const line = table.getChildAtIndex(top + index)
    if (!$isRowNode(line)) continue
    for (const [column, blocks] of cells.entries()) {
      const cell = line.getChildAtIndex(start + column)
      if (!$isCellNode(cell) || blocks.every((block) => block.getTextContent() === '')) continue
      cell.clear()
      cell.append(...blocks)
      last = blocks.at(-1)
    }
  }
  if ($isBlockNode(last)) last.selectEnd()
}
