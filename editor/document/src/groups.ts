/**
 * What belongs together, derived from a flat list of blocks (section 1.1 of `MODEL.md`): toggles and callouts with
 * what they hold, and columns side by side.
 *
 * Rule: every list of blocks has exactly one grouping, and it is never written.
 */
import type { BlockJson } from './flow.ts'

type Grouped = Pick<BlockJson, 'shape' | 'column'>

/** @returns for each block the index of the innermost toggle or callout that holds it; -1 for none. */
export function holdersOf(blocks: readonly Grouped[]): number[] {
  const open: { readonly index: number; readonly indent: number }[] = []
  return blocks.map(({ shape }, index) => {
    while ((open.at(-1)?.indent ?? -1) >= shape.indent) open.pop()
    const holder = open.at(-1)?.index ?? -1
    if (shape.type === 'toggle' || shape.type === 'callout') open.push({ index, indent: shape.indent })
    return holder
  })
}

/** Blocks side by side: `columns` are neighbouring ranges from left to right, `to` not included. */
export interface ColumnRow {
  readonly columns: readonly { readonly from: number; readonly to: number }[]
}

/** @returns the rows of columns in order; blocks without a column are in none. */
export function columnRowsOf(blocks: readonly Grouped[]): ColumnRow[] {
  const rows: { columns: { from: number; to: number }[] }[] = []
  let last = 0
  for (const [index, { column = 0 }] of blocks.entries()) {
    const columns = rows.at(-1)?.columns
    if (column === 0) last = 0
    else if (last === 0 || column < last || columns === undefined)
      rows.push({ columns: [{ from: index, to: index + 1 }] })
    else if (column > last) columns.push({ from: index, to: index + 1 })
    else columns[columns.length - 1] = { from: columns.at(-1)?.from ?? index, to: index + 1 }
    last = column
  }
  return rows
}
