/**
 * A block without text: no caret inside, selected and deleted as a whole. It holds its shape as plain data.
 *
 * Rule: its element is built here, node by node, from values the schema has read; never from markup.
 */
import { type BlockShape, isVoid, readBlockShape, readColumn, sameShape } from '@weft/document'
import {
  $applyNodeReplacement,
  DecoratorNode,
  type DOMExportOutput,
  type EditorConfig,
  type LexicalNode,
  type SerializedLexicalNode,
} from 'lexical'
import { writeAttributes } from './block-dom.ts'
import { exportVoid } from './export-html.ts'
import { labelsOf } from './object-dom.ts'
import { buildVoid } from './void-dom.ts'

export type VoidShape = Extract<
  BlockShape,
  { readonly type: 'image' | 'file' | 'divider' | 'equation' | 'embed' }
>

interface SerializedWeftVoidNode extends SerializedLexicalNode {
  shape: VoidShape
  column: number
}

export class WeftVoidNode extends DecoratorNode<null> {
  /** Never changed in place. */
  __shape: VoidShape = DIVIDER
  /** In which of the columns side by side it stands, from 1; 0 for none. */
  __column = 0

  override $config() {
    return this.config('weft-void', { extends: DecoratorNode })
  }

  override afterCloneFrom(previous: this): void {
    super.afterCloneFrom(previous)
    this.__shape = previous.__shape
    this.__column = previous.__column
  }

  getShape(): VoidShape {
    return this.getLatest().__shape
  }

  setShape(shape: VoidShape): this {
    const latest = this.getLatest()
    if (sameShape(latest.__shape, shape)) return latest
    const writable = this.getWritable()
    writable.__shape = shape
    return writable
  }

  getColumn(): number {
    return this.getLatest().__column
  }

  /** @param column from 1; 0 takes the block out of its columns. */
  setColumn(column: number): this {
    const latest = this.getLatest()
    if (latest.__column === column) return latest
    const writable = this.getWritable()
    writable.__column = readColumn(column)
    return writable
  }

  override createDOM(config: EditorConfig): HTMLElement {
    return buildVoid(this.__shape, this.__column, labelsOf(config))
  }

  override updateDOM(previous: this, dom: HTMLElement): boolean {
    if (!sameShape(previous.__shape, { ...this.__shape, indent: previous.__shape.indent } as VoidShape))
      return true
    writeAttributes(dom, this.__shape, this.__column)
    return false
  }

  override exportDOM(): DOMExportOutput {
    return { element: exportVoid(this.getShape(), this.getColumn()) }
  }

  override exportJSON(): SerializedWeftVoidNode {
    const { __shape, __column } = this.getLatest()
    return { ...super.exportJSON(), shape: __shape, column: __column }
  }

  override updateFromJSON(serialized: Parameters<DecoratorNode<null>['updateFromJSON']>[0]): this {
    const self = super.updateFromJSON(serialized)
    const { shape, column } = serialized as Partial<SerializedWeftVoidNode>
    const read = readBlockShape((name) => (shape as Record<string, unknown> | undefined)?.[name])
    return self.setShape(isVoidShape(read) ? read : DIVIDER).setColumn(readColumn(column))
  }

  override isInline(): boolean {
    return false
  }

  override getTextContent(): string {
    const shape = this.getShape()
    if (shape.type === 'divider') return '\n'
    return shape.type === 'equation' ? shape.latex : shape.url
  }
}

const DIVIDER: VoidShape = { type: 'divider', indent: 0 }

export function $createVoidNode(shape: VoidShape = DIVIDER): WeftVoidNode {
  return $applyNodeReplacement(new WeftVoidNode()).setShape(shape)
}

export function $isVoidNode(node: LexicalNode | null | undefined): node is WeftVoidNode {
  return node instanceof WeftVoidNode
}

/** Tables have a class of their own. */
export function isVoidShape(shape: BlockShape): shape is VoidShape {
  return isVoid(shape) && shape.type !== 'table'
}
