/**
 * What holds a block, among the editor's nodes: `holdersOf` of `@weft/document` for one block, without reading them all.
 */
import { MAX_INDENT } from '@weft/document'
import type { LexicalNode } from 'lexical'
import { $isBlockNode, type WeftBlockNode } from './block-node.ts'
import { $isTableNode } from './table-node.ts'
import { $isVoidNode } from './void-node.ts'

/** @returns the toggles and callouts that hold the block, the innermost first. */
export function $holdersOf(block: LexicalNode): WeftBlockNode[] {
  const holders: WeftBlockNode[] = []
  let bound = $indentOf(block)
  for (let node = block.getPreviousSibling(); node !== null && bound > 0; node = node.getPreviousSibling()) {
    const indent = $indentOf(node)
    if (indent >= bound) continue
    if ($isHolder(node)) holders.push(node)
    bound = indent
  }
  return holders
}

/** @returns the last block that `holder` holds; itself when it holds none. */
export function $lastHeldBy(holder: WeftBlockNode): LexicalNode {
  let last: LexicalNode = holder
  for (
    let node = holder.getNextSibling();
    node !== null && $indentOf(node) > holder.getIndent();
    node = node.getNextSibling()
  )
    last = node
  return last
}

export function $isCollapsed(node: LexicalNode): boolean {
  if (!$isBlockNode(node)) return false
  const shape = node.getShape()
  return shape.type === 'toggle' && shape.collapsed
}

export function $open(toggle: WeftBlockNode): void {
  const shape = toggle.getShape()
  if (shape.type === 'toggle') toggle.setShape({ ...shape, collapsed: false })
}

export function $isHolder(node: LexicalNode | null): node is WeftBlockNode {
  if (!$isBlockNode(node)) return false
  const kind = node.getKind()
  return kind === 'toggle' || kind === 'callout'
}

export function $indentOf(node: LexicalNode): number {
  if ($isBlockNode(node) || $isTableNode(node)) return node.getIndent()
  return $isVoidNode(node) ? Math.min(node.getShape().indent, MAX_INDENT) : 0
}
