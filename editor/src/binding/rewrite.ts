/** Makes the editor show what a flow says, touching only the nodes that differ. */
import type { Block } from '@weft/document'
import { $getNodeByKey, $isElementNode, type LexicalNode, type NodeKey } from 'lexical'
import { $createFor, $writeBlock } from './editor-block.ts'
import type { FlowView } from './flow-view.ts'
import type { MirrorEntry } from './to-flow.ts'
import type { Rewrite } from './to-lexical.ts'

/** Belongs into an update of the editor; the mirror says afterwards what is shown. */
export function $rewrite(view: FlowView, rewrite: Rewrite, from: number, to: number): void {
  const before = view.mirror.entries[from - 1]
  let previous: LexicalNode | null = before === undefined ? null : $getNodeByKey(before.key)
  const shown: { key: NodeKey | null; block: Block }[] = []
  for (const { key, block, isChanged } of rewrite.blocks) {
    let node = key === null ? null : $getNodeByKey(key)
    if (node === null) {
      node = $createFor(block)
      $insertBehind(view.container, previous, node)
    }
    if (isChanged) $writeBlock(node, block)
    shown.push({ key: node.__key, block })
    previous = node
  }
  for (const key of rewrite.removed) $getNodeByKey(key)?.remove(true)
  view.mirror.replace(from, to, entriesOf(shown))
}

/** Whether the editor says it all already. */
export function isIdle({ rewrite }: { readonly rewrite: Rewrite }): boolean {
  return rewrite.removed.length === 0 && rewrite.blocks.every(({ isChanged }) => !isChanged)
}

export function entriesOf(blocks: readonly { key: NodeKey | null; block: Block }[]): MirrorEntry[] {
  return blocks.map(({ key, block }) => ({ key: key ?? '', block }))
}

function $insertBehind(container: NodeKey, previous: LexicalNode | null, node: LexicalNode): void {
  if (previous !== null) {
    previous.insertAfter(node, false)
    return
  }
  const parent = $getNodeByKey(container)
  if (!$isElementNode(parent)) throw new Error(`there is no node ${container} to show blocks in`)
  const first = parent.getFirstChild()
  if (first === null) parent.append(node)
  else first.insertBefore(node, false)
}
