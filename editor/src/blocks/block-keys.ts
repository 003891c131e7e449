/** What keys and pasted content mean for our blocks, before Lexical's rich text decides. */
import {
  $getSelection,
  $isRangeSelection,
  COMMAND_PRIORITY_LOW,
  DELETE_CHARACTER_COMMAND,
  type LexicalEditor,
} from 'lexical'
import { $isBlockNode, WeftBlockNode } from './block-node.ts'

/** @returns its undo. */
export function registerBlockKeys(editor: LexicalEditor): () => void {
  const undo = [
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
  if (following.some((node) => !$isBlockNode(node))) {
    const rest = new WeftBlockNode().setShape(outer.getShape())
    rest.append(...following)
    block.insertAfter(rest, false)
  }
  if (outer.isEmpty()) outer.remove()
}
