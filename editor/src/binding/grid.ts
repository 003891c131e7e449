/** Rows and cells of a table on the screen, brought into the grid that the document says. */
import type { CellPlace } from '@weft/document'
import { $getNodeByKey, type LexicalNode, type NodeKey, type NodeMap } from 'lexical'
import {
  $createCellNode,
  $createRowNode,
  $isCellNode,
  $isRowNode,
  $isTableNode,
  type CellScope,
  type TableHead,
  type WeftCellNode,
  type WeftRowNode,
  type WeftTableNode,
} from '../blocks/table-node.ts'

/**
 * Gives a table exactly these rows, each with a cell for each column.
 *
 * @param $drop told of every row and cell that has no place.
 * @returns its cells, row by row.
 */
export function* $arrangeGrid(
  table: WeftTableNode,
  rows: readonly string[],
  head: TableHead,
  $drop: (node: LexicalNode) => void,
): Iterable<{ readonly cell: WeftCellNode; readonly place: CellPlace }> {
  const lines = $arrange(
    table,
    rows,
    (node) => ($isRowNode(node) ? node.getLatest().__row : ''),
    (id): WeftRowNode => $createRowNode(id),
    $drop,
  )
  for (const [rowIndex, line] of lines.entries()) {
    if (!$isRowNode(line)) continue
    const cells = $arrange(
      line,
      head.columns.map(({ id }) => id),
      (node) => ($isCellNode(node) ? node.getLatest().__column : ''),
      (id): WeftCellNode => $createCellNode(id),
      $drop,
    )
    for (const [index, cell] of cells.entries()) {
      const column = head.columns[index]?.id
      const row = rows[rowIndex]
      if (!$isCellNode(cell) || column === undefined || row === undefined) continue
      cell.setPlace(column, scopeOf(head, rowIndex, index))
      yield { cell, place: { row, column } }
    }
  }
}

function scopeOf({ headerRow, headerColumn }: TableHead, row: number, column: number): CellScope {
  if (headerRow && row === 0) return 'column'
  return headerColumn && column === 0 ? 'row' : 'none'
}

/** Brings the children of `parent` into the order of `ids`: makes those that are missing, drops all others. */
function $arrange(
  parent: WeftTableNode | WeftRowNode,
  ids: readonly string[],
  idOf: (node: LexicalNode) => string,
  $create: (id: string) => LexicalNode,
  $drop: (node: LexicalNode) => void,
): LexicalNode[] {
  const known = new Map<string, LexicalNode>()
  for (const child of parent.getChildren()) {
    const id = idOf(child)
    if (id === '' || known.has(id) || !ids.includes(id)) $drop(child)
    else known.set(id, child)
  }
  let next = parent.getFirstChild()
  return ids.map((id) => {
    const node = known.get(id) ?? $create(id)
    if (next !== null && node.is(next)) next = next.getNextSibling()
    else if (next === null) parent.append(node)
    else next.insertBefore(node, false)
    return node
  })
}

/** Whether an orphan stands behind all blocks and the orphans before it in `order`. */
export function $isInPlace(node: WeftTableNode, order: readonly string[]): boolean {
  if (!node.isAttached()) return false
  const at = order.indexOf(node.getHead().table)
  return node
    .getNextSiblings()
    .every(
      (sibling) =>
        $isTableNode(sibling) &&
        order.indexOf(sibling.getHead().table) > at &&
        sibling.getHead().role === 'orphan',
    )
}

export function $holds(node: LexicalNode, key: NodeKey): boolean {
  const inner = $getNodeByKey(key)
  return inner !== null && (node.is(inner) || node.isParentOf(inner))
}

/** Any version's children, without an active editor. */
export function childrenOf(nodes: NodeMap, parent: { readonly __first: NodeKey | null }): LexicalNode[] {
  const children: LexicalNode[] = []
  for (let key = parent.__first; key !== null; ) {
    const node = nodes.get(key)
    if (node === undefined) break
    children.push(node)
    key = node.__next
  }
  return children
}
