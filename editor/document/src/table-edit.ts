/**
 * What people do to a table. Each function is one edit, to be called in a transaction; `table.ts` says what is shown.
 *
 * Rule: an edit of one row or column writes keys of that row or column alone, so edits of different ones never meet.
 */
import type * as Y from 'yjs'
import { positionBetween } from './position.ts'
import {
  type Axis,
  type CellPlace,
  cellFlow,
  filledCells,
  type Grid,
  positionOf,
  readGrid,
  tableRoot,
} from './table.ts'
import { isName } from './values.ts'

/** The most a table can be given; what several people add at once is kept beyond it. */
export const MAX_ROWS = 1_000
export const MAX_COLUMNS = 64

export interface TablePlan {
  /** The id of its marker. */
  readonly id: string
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  readonly headerRow?: boolean
  readonly headerColumn?: boolean
}

/**
 * Writes the rows and columns of a new table; its marker is inserted as any other.
 *
 * @throws {RangeError} when an id is no name, or there are more rows or columns than `MAX_ROWS`, `MAX_COLUMNS`.
 */
export function createTable(doc: Y.Doc, plan: TablePlan): void {
  for (const id of [plan.id, ...plan.rows, ...plan.columns]) requireName(id)
  const root = tableRoot(doc, plan.id)
  for (const axis of ['row', 'column'] as const) {
    const ids = axis === 'row' ? plan.rows : plan.columns
    requireRoom(axis, ids.length)
    let last = ''
    for (const id of ids) {
      last = positionBetween(last, '', id)
      root.set(`${axis}/${id}`, last)
    }
  }
  if (plan.headerRow === true) root.set('header-row', true)
  if (plan.headerColumn === true) root.set('header-column', true)
}

/**
 * Adds a row or column before the one that is shown at `index`; at the end when there is none.
 *
 * @throws {RangeError} when `id` is no name, or the table is full.
 */
export function insertLine(doc: Y.Doc, table: string, axis: Axis, index: number, id: string): void {
  requireName(id)
  const others = idsOf(readGrid(doc, table), axis)
  requireRoom(axis, others.length + 1)
  place(doc, table, axis, { id, index, others })
}

/** Puts a row or column before the one that is at `index` when it is left out. Does nothing when it is not shown. */
export function moveLine(doc: Y.Doc, table: string, axis: Axis, index: number, id: string): void {
  const ids = idsOf(readGrid(doc, table), axis)
  if (!ids.includes(id)) return
  place(doc, table, axis, { id, index, others: ids.filter((other) => other !== id) })
}

/** Deletes a row or column with what is in it. What others type in it meanwhile keeps it on the screen. */
export function deleteLine(doc: Y.Doc, table: string, axis: Axis, id: string): void {
  if (!isName(table) || !isName(id)) return
  tableRoot(doc, table).set(`${axis}-gone/${id}`, true)
  for (const cell of filledCells(doc).get(table) ?? []) if (cell[axis] === id) emptyCell(doc, table, cell)
}

/** All that a table has, its marker apart. */
export function emptyTable(doc: Y.Doc, table: string): void {
  if (!isName(table)) return
  const grid = readGrid(doc, table)
  for (const axis of ['row', 'column'] as const)
    for (const id of idsOf(grid, axis)) deleteLine(doc, table, axis, id)
}

/** @param width in CSS pixels; anything outside of the domain reads as what the content needs. */
export function setColumnWidth(doc: Y.Doc, table: string, column: string, width: number): void {
  requireName(column)
  setKey(tableRoot(doc, table), `width/${column}`, width === 0 ? undefined : width)
}

export function setHeader(doc: Y.Doc, table: string, axis: Axis, isHeader: boolean): void {
  setKey(tableRoot(doc, table), `header-${axis}`, isHeader ? true : undefined)
}

function setKey(root: Y.Map<unknown>, key: string, value: unknown): void {
  if (root.get(key) === value) return
  if (value === undefined) root.delete(key)
  else root.set(key, value)
}

function emptyCell(doc: Y.Doc, table: string, cell: CellPlace): void {
  const flow = cellFlow(doc, table, cell)
  flow.delete(0, flow.length)
}

function place(
  doc: Y.Doc,
  table: string,
  axis: Axis,
  { id, index, others }: { id: string; index: number; others: readonly string[] },
): void {
  const root = tableRoot(doc, table)
  const positions = others.map((other) => positionOf(root, axis, other))
  const low = positions.slice(0, Math.max(index, 0)).findLast((position) => position !== '') ?? ''
  // Two that share a position have nothing between them: go behind both.
  const high = positions.slice(Math.max(index, 0)).find((position) => position > low) ?? ''
  root.set(`${axis}/${id}`, positionBetween(low, high, id))
}

function idsOf(grid: Grid, axis: Axis): readonly string[] {
  return axis === 'row' ? grid.rows : grid.columns.map(({ id }) => id)
}

function requireName(id: unknown): void {
  if (!isName(id))
    throw new RangeError(`"${String(id).slice(0, 80)}" is no id of a table: use 1 to 64 of [A-Za-z0-9_-]`)
}

function requireRoom(axis: Axis, count: number): void {
  const most = axis === 'row' ? MAX_ROWS : MAX_COLUMNS
  if (count > most) throw new RangeError(`a table has at most ${most} ${axis}s, not ${count}`)
}
