/** Whether the editor still shows what the document says. */
import type { NodeMap } from 'lexical'
import type { Drift } from './contract.ts'
import { sameContent } from './editor-block.ts'
import type { FlowView } from './flow-view.ts'
import type { Tables } from './tables.ts'

/** @returns undefined when every flow is shown as it is, and every table with its rows and columns. */
export function driftOf(root: FlowView, tables: Tables, nodes: NodeMap): Drift | undefined {
  for (const view of [root, ...tables.views]) {
    const shown = view.shown(nodes)
    const wanted = view.wanted()
    for (let index = 0; index < Math.max(shown.length, wanted.length); index += 1) {
      const [block, want] = [shown[index], wanted[index]]
      if (block !== undefined && want !== undefined && sameContent(block, want)) continue
      return { block: index, blocks: { editor: shown.length, document: wanted.length } }
    }
  }
  if (tables.isRight(nodes)) return undefined
  const blocks = root.mirror.entries.length
  return { block: 0, blocks: { editor: blocks, document: blocks } }
}
