/** What to register with Lexical so that it makes our nodes wherever it would make its own. */
import { type LexicalNodeConfig, ParagraphNode, TextNode } from 'lexical'
import { $createBlockNode, WeftBlockNode } from './block-node.ts'
import { WeftObjectNode } from './object-node.ts'
import { WeftCellNode, WeftRowNode, WeftTableNode } from './table-node.ts'
import { WeftTextNode } from './text-node.ts'
import { WeftVoidNode } from './void-node.ts'

export const WEFT_NODES: readonly LexicalNodeConfig[] = [
  WeftBlockNode,
  WeftTextNode,
  WeftVoidNode,
  WeftObjectNode,
  WeftTableNode,
  WeftRowNode,
  WeftCellNode,
  { replace: ParagraphNode, with: () => $createBlockNode(), withKlass: WeftBlockNode },
  {
    replace: TextNode,
    with: (node: TextNode) => new WeftTextNode(node.__text),
    withKlass: WeftTextNode,
  },
]
