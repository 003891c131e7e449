/**
 * A whole document as plain data: its flow, and the cells of its tables, which are flows of their own.
 *
 * Rule: every word is in it once, also those in a table that has lost its marker (rule 9 of `MODEL.md`).
 */
import type * as Y from 'yjs'
import {
  blocksJson,
  blocksOf,
  type CellJson,
  type DocumentJson,
  renderSegments,
  type TableJson,
} from './flow.ts'
import { readSegments } from './flow-internals.ts'
import { SCHEMA_VERSION } from './schema.ts'
import { cellFlow, type FilledCells, filledCells, readGrid } from './table.ts'

/** Cells of tables included; a table that has lost its marker but not its words comes last. */
export function readDocument(flow: Y.Text): DocumentJson {
  const segments = readSegments(flow)
  const shown = renderSegments(segments)
  const blocks = blocksJson(shown)
  const { doc } = flow
  if (doc === null) return { schema: SCHEMA_VERSION, blocks }
  const filled = filledCells(doc)
  const seen = new Set<string>()
  const table = (id: string): { readonly table: TableJson } => {
    seen.add(id)
    return { table: tableJson(doc, id, filled) }
  }
  return {
    schema: SCHEMA_VERSION,
    blocks: [
      ...blocks.map((block, index) => {
        const id = shown[index]?.segment.id ?? ''
        return block.shape.type === 'table' && !seen.has(id) ? { ...block, ...table(id) } : block
      }),
      ...[...filled.keys()]
        .filter((id) => !seen.has(id))
        .sort()
        .map((id) => ({
          id: blocks.some((block) => block.id === id) ? `${id}~table` : id,
          shape: { type: 'table', indent: 0 } as const,
          runs: [],
          ...table(id),
        })),
    ],
  }
}

function tableJson(doc: Y.Doc, id: string, filled: FilledCells): TableJson {
  const grid = readGrid(doc, id, filled)
  const rows = grid.rows.map((row) => ({
    id: row,
    cells: grid.columns.map((column) => readCell(cellFlow(doc, id, { row, column: column.id }))),
  }))
  return { ...grid, id, rows }
}

/** A table in a cell is of an unknown type: tables do not nest. */
export function readCell(flow: Y.Text): CellJson {
  const segments = readSegments(flow)
  const alone = segments.length === 1
  const blocks = segments.flatMap((segment) => {
    const { shape } = segment
    const isTable = shape.type === 'table'
    return blocksOf(segment, alone, isTable ? { ...shape, type: 'unknown', name: shape.type } : shape)
  })
  return { blocks: blocksJson(blocks) }
}
