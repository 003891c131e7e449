/** The text blocks that a selection stands in: what a command about blocks works on. */
import { $getSelection, $isRangeSelection, type LexicalNode } from 'lexical'
import { $isBlockNode, type WeftBlockNode } from './block-node.ts'

/** The text blocks the selection touches, in order; one it only reaches the start of is left out. */
export function $selectedBlocks(): WeftBlockNode[] {
  const selection = $getSelection()
  if (!$isRangeSelection(selection)) return []
  const blocks: WeftBlockNode[] = []
  for (const node of selection.getNodes()) {
    const block = $textBlockOf(node)
    if (block !== undefined && !blocks.some((known) => known.is(block))) blocks.push(block)
  }
  const end = selection.isBackward() ? selection.anchor : selection.focus
  const last = blocks.at(-1)
  if (blocks.length > 1 && last !== undefined && end.offset === 0) {
    const node = end.getNode()
    if (node.is(last) || node.is(last.getFirstDescendant())) blocks.pop()
  }
  return blocks
}

/** The block whose text the node is, or is part of. */
export function $textBlockOf(node: LexicalNode): WeftBlockNode | undefined {
  for (let current: LexicalNode | null = node; current !== null; current = current.getParent())
    if ($isBlockNode(current)) return current
  return undefined
}
