/** A line between blocks: no text, no caret inside, deleted as a whole. */
import {
  $applyNodeReplacement,
  DecoratorNode,
  type DOMExportOutput,
  type EditorConfig,
  type LexicalNode,
} from 'lexical'

export class WeftDividerNode extends DecoratorNode<null> {
  override $config() {
    return this.config('weft-divider', {
      extends: DecoratorNode,
      importDOM: { hr: () => ({ conversion: () => ({ node: $createDividerNode() }), priority: 0 }) },
    })
  }

  override createDOM(config: EditorConfig): HTMLElement {
    const dom = document.createElement('hr')
    dom.dataset['kind'] = 'divider'
    const theme = config.theme as { block?: string }
    if (theme.block !== undefined) dom.classList.add(...theme.block.split(' '))
    return dom
  }

  override updateDOM(): boolean {
    return false
  }

  override exportDOM(): DOMExportOutput {
    return { element: document.createElement('hr') }
  }

  override isInline(): boolean {
    return false
  }

  override getTextContent(): string {
    return '\n'
  }
}

export function $createDividerNode(): WeftDividerNode {
  return $applyNodeReplacement(new WeftDividerNode())
}

export function $isDividerNode(node: LexicalNode | null | undefined): node is WeftDividerNode {
  return node instanceof WeftDividerNode
}
