/**
 * Tables: rows, columns and cells that merge. Section 1.4 and rules 8 and 9 of `MODEL.md` are normative.
 *
 * Rule: whatever several people do at once, the grid is full, each row and column is there once, and a cell that has
 * content is shown. Nothing is created when it is read: a cell's text is a root that everybody has.
 * Editing functions belong into a transaction of the caller.
 */
import type * as Y from 'yjs'
import { isName, MAX_WIDTH, MIN_WIDTH, readWhole } from './values.ts'

export type Axis = 'row' | 'column'

export interface Grid {
  readonly headerRow: boolean
  readonly headerColumn: boolean
  /** Ids in order. */
  readonly rows: readonly string[]
  /** `width` 0: what the content needs. */
  readonly columns: readonly { readonly id: string; readonly width: number }[]
}

export interface CellPlace {
  readonly row: string
  readonly column: string
}

/** Cells that have content, by the id of their table. */
export type FilledCells = ReadonlyMap<string, readonly CellPlace[]>

const NO_CELLS: readonly CellPlace[] = []

export function tableRoot(doc: Y.Doc, table: string): Y.Map<unknown> {
  return doc.getMap(`table/${table}`)
}

/** The flow of one cell. Ask for it at any time; the ids must satisfy `isName`. */
export function cellFlow(doc: Y.Doc, table: string, { row, column }: CellPlace): Y.Text {
  return doc.getText(`cell/${table}/${row}/${column}`)
}

export function filledCells(doc: Y.Doc): FilledCells {
  const filled = new Map<string, CellPlace[]>()
  for (const name of doc.share.keys()) {
    const [kind, table, row, column, ...more] = name.split('/')
    if (kind !== 'cell' || more.length > 0 || !isName(table) || !isName(row) || !isName(column)) continue
    if (doc.getText(name).length === 0) continue
    const cells = filled.get(table)
    if (cells === undefined) filled.set(table, [{ row, column }])
    else cells.push({ row, column })
  }
  return filled
}

/** @param table for anything that is no name, there are no rows and no columns. */
export function readGrid(doc: Y.Doc, table: string, filled: FilledCells = filledCells(doc)): Grid {
  if (!isName(table)) return { headerRow: false, headerColumn: false, rows: [], columns: [] }
  const root = tableRoot(doc, table)
  const cells = filled.get(table) ?? NO_CELLS
  return {
    headerRow: root.get('header-row') === true,
    headerColumn: root.get('header-column') === true,
    rows: readAxis(root, 'row', cells),
    columns: readAxis(root, 'column', cells).map((id) => ({
      id,
      width: readWhole(root.get(`width/${id}`), MIN_WIDTH, MAX_WIDTH),
    })),
  }
}

function readAxis(root: Y.Map<unknown>, axis: Axis, cells: readonly CellPlace[]): string[] {
  const shown = new Set(cells.map((cell) => cell[axis]))
  for (const key of root.keys()) {
    const id = key.slice(axis.length + 1)
    if (key.startsWith(`${axis}/`) && isName(id) && root.get(`${axis}-gone/${id}`) !== true) shown.add(id)
  }
  // Behind every digit: what has no position comes last.
  const rank = (id: string): string => positionOf(root, axis, id) || '~'
  return [...shown].sort((a, b) => compare(rank(a), rank(b)) || compare(a, b))
}

/** @returns '' when there is none. */
export function positionOf(root: Y.Map<unknown>, axis: Axis, id: string): string {
  const position = root.get(`${axis}/${id}`)
  return typeof position === 'string' && /^[0-9A-Za-z]{1,256}$/.test(position) ? position : ''
}

/** Not by locale: everybody must get the same order. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
