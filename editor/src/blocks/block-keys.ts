/** What keys and pasted content mean for our blocks, before Lexical's rich text decides. */
import {
  $addUpdateTag,
  $createLineBreakNode,
  $getSelection,
  $isRangeSelection,
  COMMAND_PRIORITY_LOW,
  DELETE_CHARACTER_COMMAND,
  type LexicalEditor,
  type LexicalNode,
  PASTE_COMMAND,
  PASTE_TAG,
  type PointType,
} from 'lexical'
import { $isBlockNode, WeftBlockNode } from './block-node.ts'
import { $createWeftTextNode } from './text-node.ts'

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
      (isBackward) => isBackward && $resetAtStart(),
      COMMAND_PRIORITY_LOW,
    ),
    editor.registerNodeTransform(WeftBlockNode, $liftOut),
  ]
  return () => {
    for (const unregister of undo) unregister()
  }
}

/** Backspace at the start of a list item, heading, quote or code makes it a paragraph; the next one joins. */
function $resetAtStart(): boolean {
  const selection = $getSelection()
  if (!$isRangeSelection(selection) || !selection.isCollapsed() || selection.anchor.offset !== 0) return false
  const node = selection.anchor.getNode()
  const block = $isBlockNode(node) ? node : node.getParent()
  if (!$isBlockNode(block) || !(node.is(block) || node.is(block.getFirstDescendant()))) return false
  const kind = block.getKind()
  if (kind === 'paragraph' || kind === 'unknown') return false
  block.setShape({ type: 'paragraph', indent: block.getIndent() })
  return true
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
