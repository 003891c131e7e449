/** What keys and pasted content mean for our blocks, before Lexical's rich text decides. */
import {
  $addUpdateTag,
  $createLineBreakNode,
  $getSelection,
  $isNodeSelection,
  $isRangeSelection,
  COMMAND_PRIORITY_LOW,
  DELETE_CHARACTER_COMMAND,
  INSERT_PARAGRAPH_COMMAND,
  KEY_ENTER_COMMAND,
  type LexicalEditor,
  type LexicalNode,
  PASTE_COMMAND,
  PASTE_TAG,
  type PointType,
  type RangeSelection,
} from 'lexical'
import { $createBlockNode, $isBlockNode, isAtEnd, isAtStart, WeftBlockNode } from './block-node.ts'
import { $columnOf, $numbered, $rowOf, $setColumns } from './columns.ts'
import { $holdersOf, $isCollapsed, $lastHeldBy, $open } from './holders.ts'
import { $createWeftTextNode } from './text-node.ts'
import { $isVoidNode, WeftVoidNode } from './void-node.ts'

/** @returns its undo. */
export function registerBlockKeys(editor: LexicalEditor): () => void {
  const undo = [
    editor.registerCommand(
      PASTE_COMMAND,
      (event) => event instanceof ClipboardEvent && $pasteInCode(event),
      COMMAND_PRIORITY_LOW,
    ),
    editor.registerCommand(
      DELETE_CHARACTER_COMMAND,
      (isBackward) => $openBefore(isBackward) || (isBackward && ($resetAtStart() || $leaveColumn())),
      COMMAND_PRIORITY_LOW,
    ),
    editor.registerCommand(INSERT_PARAGRAPH_COMMAND, $enterInGroup, COMMAND_PRIORITY_LOW),
    editor.registerCommand(KEY_ENTER_COMMAND, $enterBehind, COMMAND_PRIORITY_LOW),
    editor.registerNodeTransform(WeftBlockNode, $liftOut),
    editor.registerNodeTransform(WeftVoidNode, $liftVoid),
  ]
  return () => {
    for (const unregister of undo) unregister()
  }
}

/** Backspace at the start of a list item, heading, quote or code makes it a paragraph; the next one joins. */
function $resetAtStart(): boolean {
  const [block, selection] = $caret()
  if (block === undefined || !isAtStart(block, selection)) return false
  const kind = block.getKind()
  if (kind === 'paragraph' || kind === 'unknown') return false
  block.setShape({ type: 'paragraph', indent: block.getIndent() })
  return true
}

/** Backspace at the start of a column puts its first block into the column before, that of the first above the row. */
function $leaveColumn(): boolean {
  const [block, selection] = $caret()
  if (block === undefined || !isAtStart(block, selection)) return false
  const row = $rowOf(block)
  const before = $columnOf(block.getPreviousSibling())
  const isFirst = row[0]?.is(block) === true
  if (row.length === 0 || (!isFirst && before === $columnOf(block))) return false
  // An empty one is taken away as anywhere, and its column with it when it was all there was.
  const isGone = block.isEmpty() && !isFirst
  const stays = isFirst || isGone ? row.filter((each) => !each.is(block)) : row
  const columns = $numbered(stays, (each) => (each.is(block) ? before : $columnOf(each)))
  if (columns === undefined) return false
  $setColumns(columns)
  if (isFirst) block.setColumn(0)
  return !isGone
}

/** Backspace behind a closed toggle, or Delete at its end, would join with words nobody sees: it opens first. */
function $openBefore(isBackward: boolean): boolean {
  const [block, selection] = $caret()
  if (block === undefined) return false
  if (isBackward) {
    const before = block.getPreviousSibling()
    if (before === null || !isAtStart(block, selection)) return false
    const closed = $holdersOf(before).filter($isCollapsed)
    const ours = $holdersOf(block)
    const hidden = closed.filter((holder) => !ours.some((own) => own.is(holder)))
    for (const holder of hidden) $open(holder)
    return hidden.length > 0
  }
  if (!$isCollapsed(block) || !isAtEnd(block, selection) || $lastHeldBy(block).is(block)) return false
  $open(block)
  return true
}

/** Enter at the end of a closed toggle goes on behind what it holds; in an empty last line it leaves the group. */
function $enterInGroup(): boolean {
  const [block, selection] = $caret()
  if (block === undefined) return false
  const { indent } = block.getShape()
  if ($isCollapsed(block) && !block.isEmpty() && isAtEnd(block, selection)) {
    const next = $createBlockNode({ type: 'toggle', indent, collapsed: false }).setColumn(block.getColumn())
    $lastHeldBy(block).insertAfter(next, false)
    next.selectStart()
    return true
  }
  if (block.getKind() !== 'paragraph' || !block.isEmpty()) return false
  const [holder] = $holdersOf(block)
  const row = $rowOf(block)
  // What is innermost is left first: the row in a callout, or the callout in a column.
  if (holder === undefined || (row.length > 0 && !row.some((each) => each.is(holder))))
    return $enterOutOfColumns(block, row)
  if (!$lastHeldBy(holder).is(block)) return false
  block.setIndent(holder.getIndent())
  return true
}

/** An empty last line of the last column, but for its only one, goes on below the row. */
function $enterOutOfColumns(block: WeftBlockNode, row: readonly LexicalNode[]): boolean {
  if (row.at(-1)?.is(block) !== true || $columnOf(block.getPreviousSibling()) !== $columnOf(block))
    return false
  block.setColumn(0)
  return true
}

/** The block a mere caret is in. */
function $caret(): [WeftBlockNode, RangeSelection] | [undefined] {
  const selection = $getSelection()
  if (!$isRangeSelection(selection) || !selection.isCollapsed()) return [undefined]
  const node = selection.anchor.getNode()
  const block = $isBlockNode(node) ? node : node.getParent()
  return $isBlockNode(block) ? [block, selection] : [undefined]
}

/**
 * Blocks are flat: one inside another, as pasted HTML may have it, comes out behind it. Nothing that the
 * document renders is nested, so this only ever acts on what this person has just put in.
 */
function $liftOut(block: WeftBlockNode): void {
  const outer = block.getParent()
  if (!$isBlockNode(outer)) return
  const following = block.getNextSiblings()
  outer.insertAfter(block, false)
  // A paragraph in a list item or a quote is that item's or quote's text: the outer kind is what was meant.
  if (block.getKind() === 'paragraph') block.setShape(outer.getShape())
  if (following.length > 0) {
    const rest = new WeftBlockNode().setShape(outer.getShape())
    rest.append(...following)
    block.insertAfter(rest, false)
  }
  if (outer.isEmpty()) outer.remove()
}

/** The same for a picture in a paragraph. */
function $liftVoid(node: WeftVoidNode): void {
  const outer = node.getParent()
  if (!$isBlockNode(outer)) return
  const following = node.getNextSiblings()
  outer.insertAfter(node, false)
  if (following.length > 0) {
    const rest = $createBlockNode(outer.getShape()).setColumn(outer.getColumn())
    rest.append(...following)
    node.insertAfter(rest, false)
  }
  if (outer.isEmpty()) outer.remove()
}

/** Enter on a block without text makes a place to write behind it. */
function $enterBehind(event: KeyboardEvent | null): boolean {
  const selection = $getSelection()
  if (!$isNodeSelection(selection)) return false
  const node = selection.getNodes().find($isVoidNode)
  if (node === undefined) return false
  event?.preventDefault()
  $paragraphBehind(node)
  return true
}

/** An empty paragraph behind the block, with the caret in it. */
export function $paragraphBehind(node: WeftVoidNode): void {
  const { indent } = node.getShape()
  const paragraph = $createBlockNode({ type: 'paragraph', indent }).setColumn(node.getColumn())
  node.insertAfter(paragraph, false)
  paragraph.selectStart()
}

/** Text pasted inside code stays in that code, blank lines and all; rich text would begin a block for each line. */
function $pasteInCode(event: ClipboardEvent): boolean {
  const selection = $getSelection()
  const text = event.clipboardData?.getData('text/plain') ?? ''
  if (!$isRangeSelection(selection) || text === '') return false
  if (!$isInCode(selection.anchor) || !$isInCode(selection.focus)) return false
  event.preventDefault()
  $addUpdateTag(PASTE_TAG)
  const [first = '', ...others] = text.split(/\r?\n/)
  const nodes = [...$wordsOf(first), ...others.flatMap((line) => [$createLineBreakNode(), ...$wordsOf(line)])]
  selection.insertNodes(nodes)
  return true
}

function $wordsOf(line: string): LexicalNode[] {
  return line === '' ? [] : [$createWeftTextNode(line)]
}

function $isInCode(point: PointType): boolean {
  const node = point.getNode()
  const block = $isBlockNode(node) ? node : node.getParent()
  return $isBlockNode(block) && block.getKind() === 'code'
}
