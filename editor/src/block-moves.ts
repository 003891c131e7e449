/**
 * Moving blocks up and down, into columns and out of them: by keys, one place at a time, or to wherever they are dropped.
 *
 * Rule: what a toggle or a callout holds goes with it, and nothing is put between one and what it holds unless it
 * was held by it before. A row of columns is entered by who is dropped in it and passed as a whole by all others. Blocks
 * stay among the blocks of the page, or of their cell. The document moves them
 * (`Binding.moveBlocks`), so that words typed in them meanwhile survive; from one column to the next, where order stays, nothing
 * moves at all.
 */
import {
  $createNodeSelection,
  $getNodeByKey,
  $getSelection,
  $isNodeSelection,
  $isRangeSelection,
  $isRootNode,
  $setSelection,
  type LexicalEditor,
  type LexicalNode,
  type NodeKey,
} from 'lexical'
import { $isBlockNode } from './blocks/block-node.ts'
import { $changed, $columnOf, $numbered, $rowOf, $setColumns, type Columns } from './blocks/columns.ts'
import { $holdersOf, $indentOf, $isHolder, $lastHeldBy } from './blocks/holders.ts'
import { $isCellNode, $isLostTable } from './blocks/table-node.ts'

/** What the moves need of the binding. */
export interface MoveBinding {
  moveBlocks(first: NodeKey, last: NodeKey, before: NodeKey | null, columns?: Columns): boolean
  separate(): void
  blockId(key: NodeKey): string | undefined
}

export interface MoveContext {
  readonly editor: LexicalEditor
  readonly binding: MoveBinding
}

/** Neighbours in one container. */
export interface BlockRun {
  readonly first: LexicalNode
  readonly last: LexicalNode
}

/** The blocks the selection touches and what they hold; undefined when one of them cannot be moved. */
export function $selectedRun(): BlockRun | undefined {
  const selection = $getSelection()
  if ($isNodeSelection(selection)) {
    const [node] = selection.getNodes()
    const block = node === undefined ? undefined : $blockAround(node)
    return block === undefined ? undefined : $runOf(block)
  }
  if (!$isRangeSelection(selection)) return undefined
  const points = selection.isBackward()
    ? [selection.focus, selection.anchor]
    : [selection.anchor, selection.focus]
  const [start, end] = points.map((point) => $chainOf(point.getNode()))
  if (start === undefined || end === undefined) return undefined
  // Inside one cell its blocks move; across cells it is the tables that do.
  for (const first of start) {
    const last = end.find((other) => first.getParent()?.is(other.getParent()) === true)
    if (last !== undefined) return $run(first, last)
  }
  return undefined
}

/** The block and what it holds. */
export function $runOf(block: LexicalNode): BlockRun | undefined {
  return $run(block, block)
}

export function $nodesOf({ first, last }: BlockRun): LexicalNode[] {
  const nodes = [first]
  for (let node = first; !node.is(last); ) {
    const next = node.getNextSibling()
    if (next === null) break
    nodes.push(next)
    node = next
  }
  return nodes
}

/** The blocks that stand in a container, from the innermost: first in a cell, then on the page. */
function $chainOf(node: LexicalNode): LexicalNode[] {
  return [node, ...node.getParents()].filter($isBlockPlace)
}

export function $blockAround(node: LexicalNode): LexicalNode | undefined {
  return $chainOf(node)[0]
}

function $isBlockPlace(node: LexicalNode): boolean {
  const parent = node.getParent()
  return $isRootNode(parent) || $isCellNode(parent)
}

function $run(first: LexicalNode, last: LexicalNode): BlockRun | undefined {
  let end = last
  for (let node: LexicalNode | null = first; node !== null; node = node.getNextSibling()) {
    if (!$isMovable(node)) return undefined
    if ($isHolder(node)) {
      const held = $lastHeldBy(node)
      if (end.isBefore(held)) end = held
    }
    if (node.is(end)) return { first, last: end }
  }
  return undefined
}

function $isMovable(node: LexicalNode): boolean {
  return !$isLostTable(node) && !($isBlockNode(node) && node.getKind() === 'unknown')
}

/** What a run of blocks becomes: `before` which block it comes, if it does not stay, and in which columns what stands. */
export interface BlockMove {
  readonly run: BlockRun
  readonly before: LexicalNode | 'end' | undefined
  readonly columns: Columns
}

export const BLOCK_STEPS = ['move-up', 'move-down', 'beside-above', 'out-of-columns'] as const

export type BlockStep = (typeof BLOCK_STEPS)[number]

/** @returns undefined where there is no such place. */
export function $stepOf(step: BlockStep, run: BlockRun): BlockMove | undefined {
  switch (step) {
    case 'move-up':
      return $oneOn(run, -1)
    case 'move-down':
      return $oneOn(run, 1)
    case 'beside-above':
      return $besideAbove(run)
    case 'out-of-columns':
      return $columnOf(run.first) === 0 ? undefined : $moveTo(run, $behindRow(run), 0)
  }
}

/** One place up or down; at the edge of its column into the next one, and at that of its row out of it. */
function $oneOn(run: BlockRun, by: 1 | -1): BlockMove | undefined {
  const { first, last } = run
  const beside = by < 0 ? first.getPreviousSibling() : last.getNextSibling()
  const column = $columnOf(first)
  const isWhole = $isWhole(run)
  if (column > 0 && !isWhole) {
    if ($nodesOf(run).some((block) => $columnOf(block) !== column)) return undefined
    const isInRow = $isIn($rowOf(first), beside)
    if (!isInRow || $columnOf(beside) !== column)
      return $moveTo(run, last.getNextSibling(), isInRow ? $columnOf(beside) : 0)
  }
  if (beside === null || $isLostTable(beside)) return undefined
  const row = isWhole ? $rowOf(beside) : []
  const place = by < 0 ? row[0] : row.at(-1)?.getNextSibling()
  return $moveTo(run, place === undefined ? $nextPlace(run, by) : place, isWhole ? undefined : column)
}

/** Whether the run parts no row: it stands in none, or holds all of those that it stands in. */
function $isWhole({ first, last }: BlockRun): boolean {
  return !$isIn($rowOf(first), first.getPreviousSibling()) && !$isIn($rowOf(last), last.getNextSibling())
}

function $isIn(blocks: readonly LexicalNode[], block: LexicalNode | null): boolean {
  return blocks.some((each) => each.is(block))
}

/** Where the run comes when it goes one place up or down among its like; `beside` is a block. */
function $nextPlace({ first, last }: BlockRun, by: 1 | -1): LexicalNode | null {
  const beside = by < 0 ? first.getPreviousSibling() : last.getNextSibling()
  if (beside === null) return null
  if (by < 0) {
    // A group that the run is not in is one thing: it is passed as a whole.
    const own = new Set($holdersOf(first).map((holder) => holder.getKey()))
    const outer = $holdersOf(beside).findLast((holder) => !own.has(holder.getKey()))
    return outer ?? beside
  }
  const passed = $isHolder(beside) && $indentOf(beside) >= $indentOf(first) ? $lastHeldBy(beside) : beside
  return passed.getNextSibling()
}

/** In a column, with what stands below it there: into a column of its own. Otherwise beside the block, or the row, above. */
function $besideAbove(run: BlockRun): BlockMove | undefined {
  const { first } = run
  const above = first.getPreviousSibling()
  if (above === null || !$isMovable(above) || !$isRootNode(first.getParent())) return undefined
  const own = $rowOf(first)
  const at = own.findIndex((block) => block.is(first))
  if (own.length > 0 && $columnOf(above) !== $columnOf(first)) return undefined
  const nodes = $nodesOf(run)
  let columns: Columns | undefined
  if (at > 0) {
    const behind = own.slice(at)
    columns = $numbered(own, (block) => $columnOf(block) + ($isIn(behind, block) ? 1 : 0))
  } else {
    const row = $rowOf(above)
    const outer = $nextPlace(run, -1)
    const beside = row.length > 0 || outer === null ? row : $nodesOf({ first: outer, last: above })
    const next = Math.max(1, ...row.map($columnOf)) + 1
    columns = $numbered([...beside, ...nodes], (block) =>
      $isIn(nodes, block) ? next : Math.max(1, $columnOf(block)),
    )
  }
  return columns === undefined || columns.size === 0 ? undefined : { run, before: undefined, columns }
}

/** Behind the row where the run stands between others of it: in its place it would part them. */
function $behindRow({ first, last }: BlockRun): LexicalNode | null {
  const behind = last.getNextSibling()
  const row = $rowOf(last)
  const isFirst = row[0]?.is(first) === true
  return isFirst || row.at(-1)?.is(last) === true ? behind : (row.at(-1)?.getNextSibling() ?? null)
}

/**
 * Where the run goes when it is dropped before `before`: a place inside a group that it would end is one behind the group.
 *
 * @param before null for the end.
 * @param column of the blocks it is to stand among; 0 for the full width, which there is only above and below a row.
 * @returns undefined where it is already.
 */
export function $dropMove(run: BlockRun, before: LexicalNode | null, column: number): BlockMove | undefined {
  let place = $isLostTable(before) ? null : before
  const broken =
    place === null ? [] : $holdersOf(place).filter((holder) => $indentOf(run.first) <= $indentOf(holder))
  const outer = broken.at(-1)
  if (outer !== undefined) place = $lastHeldBy(outer).getNextSibling()
  // All of a row stays one wherever it is at full width.
  const isRow = column === 0 && $isWhole(run) && new Set($nodesOf(run).map($columnOf)).size > 1
  return $moveTo(run, place, isRow ? undefined : column)
}

/**
 * The run stands before `place`, in `column` if there is one there; the row that it leaves is numbered anew.
 *
 * @param column undefined for those that its blocks are in.
 */
function $moveTo(
  run: BlockRun,
  place: LexicalNode | null,
  column: number | undefined,
): BlockMove | undefined {
  const nodes = $nodesOf(run)
  const behind = run.last.getNextSibling()
  let target = $isLostTable(place) || $isIn(nodes, place) ? behind : place
  const edge = target === null ? (run.first.getParent()?.getLastChild() ?? null) : target.getPreviousSibling()
  const above = $isIn(nodes, edge) ? run.first.getPreviousSibling() : edge
  const isJoined = (block: LexicalNode | null): boolean => $columnOf(block) === column && column > 0
  const joined = [above, target].find(isJoined) ?? null
  const parted = joined === null ? $rowOf(above) : []
  if ($isIn(parted, target)) target = parted.at(-1)?.getNextSibling() ?? null
  const old = $rowOf(run.first)
  const wanted = (block: LexicalNode): number => column ?? $columnOf(block)
  const isSame = $isIn(old, joined)
  const left = isSame
    ? $numbered(old, (block) => ($isIn(nodes, block) ? wanted(block) : $columnOf(block)))
    : $numbered(
        old.filter((block) => !$isIn(nodes, block)),
        $columnOf,
      )
  const taken = isSame
    ? new Map<NodeKey, number>()
    : $changed(nodes.map((block) => [block, joined === null && column !== undefined ? 0 : wanted(block)]))
  if (left === undefined || taken === undefined) return undefined
  const columns = new Map([...left, ...taken])
  const isInPlace = target === null ? behind === null : target.is(behind)
  if (isInPlace && columns.size === 0) return undefined
  const before = target === null || $isLostTable(target) ? 'end' : target
  return { run, before: isInPlace ? undefined : before, columns }
}

/** @returns false, and nothing happens, where there is no such place. */
export function moveSelectedBlocks(context: MoveContext, step: BlockStep): boolean {
  return carryOut(context, () => {
    const run = $selectedRun()
    return run === undefined ? undefined : $stepOf(step, run)
  })
}

/** Drops a run before a block. @returns false, and nothing is written, in its own place or when one of them is gone. */
export function dropBlocks(context: MoveContext, { first, last, before, column }: BlockDrop): boolean {
  return carryOut(context, () => {
    const [from, to] = [$getNodeByKey(first), $getNodeByKey(last)]
    const target = before === null ? null : $getNodeByKey(before)
    if (from === null || to === null || (before !== null && target === null)) return undefined
    const run = $run(from, to)
    return run === undefined ? undefined : $dropMove(run, target, column)
  })
}

export interface BlockDrop {
  readonly first: NodeKey
  readonly last: NodeKey
  /** The block before which they come; null for the end of what holds them. */
  readonly before: NodeKey | null
  /** @see $dropMove */
  readonly column: number
}

function carryOut({ editor, binding }: MoveContext, $find: () => BlockMove | undefined): boolean {
  // A block that is selected as a whole is another node afterwards; the document's id stays.
  const [move, ids, container] = editor.read(() => {
    const found = $find()
    const selection = $getSelection()
    const nodes = $isNodeSelection(selection) ? selection.getNodes() : []
    return [
      found,
      nodes.flatMap((node) => binding.blockId(node.getKey()) ?? []),
      found?.run.first.getParent()?.getKey(),
    ]
  })
  if (move === undefined) return false
  const { run, before, columns } = move
  if (before === undefined) {
    binding.separate()
    editor.update(() => $setColumns(columns), { discrete: true })
    binding.separate()
    return true
  }
  const place = before === 'end' ? null : before.getKey()
  if (!binding.moveBlocks(run.first.getKey(), run.last.getKey(), place, columns)) return false
  if (ids.length > 0 && container !== undefined) selectAgain({ editor, binding }, container, ids)
  return true
}

function selectAgain({ editor, binding }: MoveContext, container: NodeKey, ids: readonly string[]): void {
  editor.update(
    () => {
      const parent = $getNodeByKey(container)
      if (!$isRootNode(parent) && !$isCellNode(parent)) return
      const selection = $createNodeSelection()
      for (const child of parent.getChildren()) {
        const id = binding.blockId(child.getKey())
        if (id !== undefined && ids.includes(id)) selection.add(child.getKey())
      }
      $setSelection(selection)
    },
    { discrete: true },
  )
}
