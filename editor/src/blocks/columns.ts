/**
 * Columns side by side, among the editor's nodes: which blocks make up a row, and which column each is in after an edit.
 *
 * A column is a number of each block (section 1.1 of `MODEL.md`). Rule: whoever edits a row leaves it numbered from 1 without
 * gaps, so that it cannot run into the next one, and a row of which one column is left is a row no more. Only what
 * somebody edits is numbered; what others leave odd is shown as it is.
 */
import { $getNodeByKey, $isRootNode, type LexicalNode, type NodeKey } from 'lexical'
import { $createBlockNode, $isBlockNode, type WeftBlockNode } from './block-node.ts'
import { $isTableNode } from './table-node.ts'
import { $isVoidNode } from './void-node.ts'

/** In which column each of these blocks is to stand; 0 for none. */
export type Columns = ReadonlyMap<NodeKey, number>

const MOST_COLUMNS = 4

export function $columnOf(block: LexicalNode | null): number {
  // In a cell there are none.
  if (!$isRootNode(block?.getParent())) return 0
  if ($isBlockNode(block) || $isVoidNode(block)) return block.getColumn()
  return $isTableNode(block) ? block.getLatest().__column : 0
}

/** @returns all blocks of the row that `block` stands in, in order; none when it stands in no column. */
export function $rowOf(block: LexicalNode | null): LexicalNode[] {
  if (block === null || $columnOf(block) === 0) return []
  const row = [block]
  for (let first = block; ; ) {
    const before = first.getPreviousSibling()
    if (before === null || $columnOf(before) === 0 || $columnOf(before) > $columnOf(first)) break
    row.unshift(before)
    first = before
  }
  for (let last = block; ; ) {
    const behind = last.getNextSibling()
    if (behind === null || $columnOf(behind) < Math.max(1, $columnOf(last))) break
    row.push(behind)
    last = behind
  }
  return row
}

/**
 * @param of what is to stand in one row, and in which column of it.
 * @returns the columns that differ from those that are there; undefined where there is no place for so many, or one of them
 *   is not ours to change.
 */
export function $numbered(
  row: readonly LexicalNode[],
  of: (block: LexicalNode) => number,
): Columns | undefined {
  const used = [...new Set(row.map(of))].sort((a, b) => a - b)
  if (used.length > MOST_COLUMNS) return undefined
  const wanted = row.map((block) => [block, used.length < 2 ? 0 : used.indexOf(of(block)) + 1] as const)
  return $changed(wanted)
}

export function $changed(wanted: readonly (readonly [LexicalNode, number])[]): Columns | undefined {
  const changed = wanted.filter(([block, column]) => $columnOf(block) !== column)
  if (changed.some(([block]) => $isBlockNode(block) && block.getKind() === 'unknown')) return undefined
  return new Map(changed.map(([block, column]) => [block.getKey(), column]))
}

export function $setColumns(columns: Columns): void {
  for (const [key, column] of columns) {
    const block = $getNodeByKey(key)
    if ($isBlockNode(block) || $isVoidNode(block) || $isTableNode(block)) block.setColumn(column)
  }
}

/** @returns how many columns the row of `block` has; 0 for a block that stands in none. */
export function $countColumns(block: LexicalNode | null): number {
  return new Set($rowOf(block).map($columnOf)).size
}

/** Puts the caret into a new row behind the block, or in its place when it is empty; a row gets the columns it lacks. */
export function $insertColumns(block: WeftBlockNode, count: number): void {
  const column = (number: number): WeftBlockNode =>
    $createBlockNode({ type: 'paragraph', indent: block.getIndent() }).setColumn(number)
  const row = $rowOf(block)
  let first: WeftBlockNode | undefined
  let last = row.at(-1)
  if (last !== undefined) $setColumns($numbered(row, $columnOf) ?? NONE)
  else if (block.isEmpty() && block.getKind() === 'paragraph') last = first = block.setColumn(1)
  else {
    last = first = column(1)
    block.insertAfter(first, false)
  }
  for (let at = $columnOf(last); at < count; at += 1) {
    const next = column(at + 1)
    last.insertAfter(next, false)
    last = next
    first ??= next
  }
  first?.selectStart()
}

const NONE: Columns = new Map()
