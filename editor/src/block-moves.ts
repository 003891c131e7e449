/**
 * Moving blocks up and down: by keys, one place at a time, or to wherever they are dropped.
 *
 * Rule: what a toggle or a callout holds goes with it, and nothing is put between one and what it holds unless it
 * was held by it before. Blocks stay among the blocks of the page, or of their cell. The document moves them
 * (`Binding.moveBlocks`), so that words typed in them meanwhile survive.
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
import { $holdersOf, $indentOf, $isHolder, $lastHeldBy } from './blocks/holders.ts'
import { $isCellNode, $isLostTable } from './blocks/table-node.ts'

/** What the moves need of the binding. */
export interface MoveBinding {
  moveBlocks(first: NodeKey, last: NodeKey, before: NodeKey | null): boolean
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

/** Where the run comes when it goes one place up or down: before which block. @returns undefined at the edge. */
export function $nextPlace({ first, last }: BlockRun, by: 1 | -1): LexicalNode | 'end' | undefined {
  const beside = by < 0 ? first.getPreviousSibling() : last.getNextSibling()
  if (beside === null || $isLostTable(beside)) return undefined
  if (by < 0) {
    // A group that the run is not in is one thing: it is passed as a whole.
    const own = new Set($holdersOf(first).map((holder) => holder.getKey()))
    const outer = $holdersOf(beside).findLast((holder) => !own.has(holder.getKey()))
    return outer ?? beside
  }
  const passed = $isHolder(beside) && $indentOf(beside) >= $indentOf(first) ? $lastHeldBy(beside) : beside
  const next = passed.getNextSibling()
  return next === null || $isLostTable(next) ? 'end' : next
}

/**
 * Where the run goes when it is dropped before `before`: a place inside a group that it would end is one behind the group.
 *
 * @param before null for the end. @returns undefined where it is already.
 */
export function $dropPlace(
  { first, last }: BlockRun,
  before: LexicalNode | null,
): LexicalNode | 'end' | undefined {
  let place = $isLostTable(before) ? null : before
  const broken =
    place === null ? [] : $holdersOf(place).filter((holder) => $indentOf(first) <= $indentOf(holder))
  const outer = broken.at(-1)
  if (outer !== undefined) place = $lastHeldBy(outer).getNextSibling()
  if ($isLostTable(place)) place = null
  const behind = last.getNextSibling()
  if (place === null) return behind === null || $isLostTable(behind) ? undefined : 'end'
  const target = place
  const isInPlace = target.is(behind) || $nodesOf({ first, last }).some((node) => node.is(target))
  return isInPlace ? undefined : target
}

/** @returns false, and nothing happens, where there is no place further up or down. */
export function moveSelectedBlocks(context: MoveContext, by: 1 | -1): boolean {
  const move = context.editor.read(() => {
    const run = $selectedRun()
    const before = run === undefined ? undefined : $nextPlace(run, by)
    if (run === undefined || before === undefined) return undefined
    return { ...keysOf(run), before: before === 'end' ? null : before.getKey() }
  })
  return move !== undefined && moveTo(context, move)
}

/** Drops a run before a block. @returns false, and nothing is written, in its own place or when one of them is gone. */
export function dropBlocks(context: MoveContext, { first, last, before }: BlockDrop): boolean {
  const move = context.editor.read(() => {
    const [from, to] = [$getNodeByKey(first), $getNodeByKey(last)]
    const target = before === null ? null : $getNodeByKey(before)
    if (from === null || to === null || (before !== null && target === null)) return undefined
    const run = $run(from, to)
    const place = run === undefined ? undefined : $dropPlace(run, target)
    if (run === undefined || place === undefined) return undefined
    return { ...keysOf(run), before: place === 'end' ? null : place.getKey() }
  })
  return move !== undefined && moveTo(context, move)
}

export interface BlockDrop {
  readonly first: NodeKey
  readonly last: NodeKey
  /** The block before which they come; null for the end of what holds them. */
  readonly before: NodeKey | null
}

function keysOf({ first, last }: BlockRun): { readonly first: NodeKey; readonly last: NodeKey } {
  return { first: first.getKey(), last: last.getKey() }
}

function moveTo({ editor, binding }: MoveContext, { first, last, before }: BlockDrop): boolean {
  // A block that is selected as a whole is another node afterwards; the document's id stays.
  const [ids, container] = editor.read(() => {
    const selection = $getSelection()
    const nodes = $isNodeSelection(selection) ? selection.getNodes() : []
    return [
      nodes.flatMap((node) => binding.blockId(node.getKey()) ?? []),
      $getNodeByKey(first)?.getParent()?.getKey(),
    ]
  })
  if (!binding.moveBlocks(first, last, before)) return false
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
