/**
 * What a change of the flow is in the editor: which top-level nodes go, which are new, which say something else.
 * Pure; `rewrite.ts` carries it out.
 */
import { type Block, isVoid } from '@weft/document'
import type { NodeKey } from 'lexical'
import { type EditorBlock, sameContent } from './editor-block.ts'

export interface Rewrite {
  readonly removed: readonly NodeKey[]
  /** The blocks in their order: a key that is kept, or null for one to create. */
  readonly blocks: readonly {
    readonly key: NodeKey | null
    readonly block: Block
    readonly isChanged: boolean
  }[]
}

/**
 * @param shown neighbouring blocks as the editor has them.
 * @param wanted what should stand in their place.
 * @param keyOf the key under which the editor shows a block; undefined when it does not yet.
 */
export function toLexical(
  shown: readonly EditorBlock[],
  wanted: readonly Block[],
  keyOf: (block: Block) => NodeKey | undefined,
): Rewrite {
  const indexOf = new Map(shown.map((block, index) => [block.key, index] as const))
  const used = new Set<NodeKey>()
  let last = -1
  const blocks = wanted.map((block) => {
    const key = keyOf(block)
    const index = key === undefined ? undefined : indexOf.get(key)
    const current = index === undefined ? undefined : shown[index]
    // Nodes are never moved: one that would have to stand elsewhere is made anew.
    if (index === undefined || current === undefined || index <= last || sortOf(current) !== sortOf(block))
      return { key: null, block, isChanged: true }
    last = index
    used.add(current.key)
    return { key: current.key, block, isChanged: !sameContent(current, block) }
  })
  return { removed: shown.map(({ key }) => key).filter((key) => !used.has(key)), blocks }
}

/** Blocks of one sort are shown by nodes of one class. */
function sortOf({ shape }: Pick<Block, 'shape'>): 'text' | 'void' | 'table' {
  if (shape.type === 'table') return 'table'
  return isVoid(shape) ? 'void' : 'text'
}
