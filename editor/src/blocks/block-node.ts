/**
 * The one Lexical class for every block that holds text: paragraphs, headings, list items, quotes, callouts, toggles, code.
 *
 * Blocks are flat children of the root, as they are in the flow: a list item is a block whose shape says so.
 * Changing the kind is a field, never a replacement, so nothing in the block moves.
 * It extends ParagraphNode because Lexical's insertParagraph and replacements demand that.
 * What it looks like in the page is `block-dom.ts`, what pasted HTML becomes `import-html.ts`.
 */
import {
  type BlockShape,
  isVoid,
  MAX_INDENT,
  PARAGRAPH,
  readBlockShape,
  readColumn,
  sameShape,
} from '@weft/document'
import {
  $applyNodeReplacement,
  $createLineBreakNode,
  $isLineBreakNode,
  type DOMExportOutput,
  type EditorConfig,
  type LexicalEditor,
  type LexicalNode,
  ParagraphNode,
  type RangeSelection,
  type SerializedParagraphNode,
} from 'lexical'
import { tagOf, writeAttributes } from './block-dom.ts'

export type TextBlockShape = Exclude<
  BlockShape,
  { readonly type: 'table' | 'image' | 'file' | 'divider' | 'equation' | 'embed' }
>

export type TextBlockKind = TextBlockShape['type']

export interface SerializedWeftBlockNode extends SerializedParagraphNode {
  shape: TextBlockShape
  column: number
}

export class WeftBlockNode extends ParagraphNode {
  /** Never changed in place. Its indent is Lexical's field as well: `blockShape` puts the two together. */
  __shape: TextBlockShape = PARAGRAPH_SHAPE
  /** In which of the columns side by side it stands, from 1; 0 for none. */
  __column = 0

  override $config() {
    return this.config('weft-block', { extends: ParagraphNode })
  }

  override afterCloneFrom(previous: this): void {
    super.afterCloneFrom(previous)
    this.__shape = previous.__shape
    this.__column = previous.__column
  }

  getKind(): TextBlockKind {
    return this.getLatest().__shape.type
  }

  /** Everything about the block but its text and its column. */
  getShape(): TextBlockShape {
    return blockShape(this.getLatest())
  }

  /** Changes nothing, and marks nothing dirty, when the block already is `shape`. */
  setShape(shape: TextBlockShape): this {
    const latest = this.getLatest()
    const indent = inBounds(shape.indent)
    const wanted = indent === shape.indent ? shape : { ...shape, indent }
    if (sameShape(blockShape(latest), wanted)) return latest
    const writable = this.getWritable()
    writable.__shape = wanted
    writable.__indent = indent
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

  override setIndent(indent: number): this {
    return super.setIndent(inBounds(indent))
  }

  override createDOM(config: EditorConfig): HTMLElement {
    const shape = blockShape(this)
    const dom = document.createElement(tagOf(shape))
    const theme = config.theme as { block?: string }
    if (theme.block !== undefined) dom.classList.add(...theme.block.split(' '))
    writeAttributes(dom, shape, this.__column)
    return dom
  }

  override updateDOM(previous: this, dom: HTMLElement): boolean {
    const shape = blockShape(this)
    if (tagOf(blockShape(previous)) !== tagOf(shape)) return true
    writeAttributes(dom, shape, this.__column)
    return false
  }

  override exportDOM(editor: LexicalEditor): DOMExportOutput {
    const output = super.exportDOM(editor)
    return output
  }

  override exportJSON(): SerializedWeftBlockNode {
    const latest = this.getLatest()
    return { ...super.exportJSON(), shape: blockShape(latest), column: latest.__column }
  }

  override updateFromJSON(serialized: Parameters<ParagraphNode['updateFromJSON']>[0]): this {
    const self = super.updateFromJSON(serialized).getWritable()
    const json = serialized as Partial<SerializedWeftBlockNode>
    return self.setShape(pastedShape(json.shape)).setColumn(readColumn(json.column))
  }

  override insertNewAfter(selection: RangeSelection, restoreSelection = true): ParagraphNode {
    const next = this.#enter(selection, restoreSelection)
    // Lexical's insertParagraph understands null as "nothing to move"; ParagraphNode's type does not.
    return next as ParagraphNode
  }

  #enter(selection: RangeSelection, restoreSelection: boolean): WeftBlockNode | null {
    const shape = this.getShape()
    const kind = shape.type
    if (kind === 'code' && !endsWithEmptyLine(this, selection)) {
      selection.insertNodes([$createLineBreakNode()])
      return null
    }
    if (this.isEmpty() && LEFT_BY_ENTER.has(kind)) {
      // Enter on an empty item leaves the list, one level at a time.
      if (shape.indent > 0) this.setIndent(shape.indent - 1)
      else this.setShape(PARAGRAPH_SHAPE)
      return null
    }
    if (kind === 'code') $removeEmptyLine(this)
    const atStart = !this.isEmpty() && isAtStart(this, selection)
    if (atStart) {
      // The words keep their block, so that what others do to it meanwhile stays with the words.
      this.insertBefore($createBlockNode(shapeBefore(shape)).setColumn(this.getColumn()))
      // The new item is the first of them now.
      if (shape.type === 'numbered') this.setShape({ type: 'numbered', indent: shape.indent })
      return null
    }
    const block = $createBlockNode(shapeAfter(shape, !isAtEnd(this, selection))).setColumn(this.getColumn())
    block.setDirection(this.getDirection())
    block.setTextFormat(selection.format)
    this.insertAfter(block, restoreSelection)
    return block
  }

  override collapseAtStart(): boolean {
    const { type, indent } = this.getShape()
    if (type !== 'paragraph' && type !== 'unknown') {
      this.setShape({ type: 'paragraph', indent })
      return true
    }
    return super.collapseAtStart()
  }

  override canIndent(): boolean {
    return true
  }
}

const LEFT_BY_ENTER: ReadonlySet<TextBlockKind> = new Set([
  'bullet',
  'numbered',
  'check',
  'quote',
  'callout',
  'toggle',
])

const PARAGRAPH_SHAPE: TextBlockShape = { type: 'paragraph', indent: PARAGRAPH.indent }

export function $createBlockNode(shape: TextBlockShape = PARAGRAPH_SHAPE): WeftBlockNode {
  return $applyNodeReplacement(new WeftBlockNode()).setShape(shape)
}

export function $isBlockNode(node: LexicalNode | null | undefined): node is WeftBlockNode {
  return node instanceof WeftBlockNode
}

export function isTextShape(shape: BlockShape): shape is TextBlockShape {
  return !isVoid(shape)
}

/** The kind and attributes of any version of a block, without looking for its latest one. */
export function blockShape({ __shape, __indent }: WeftBlockNode): TextBlockShape {
  return __shape.indent === __indent ? __shape : { ...__shape, indent: __indent }
}

/** What somebody's clipboard says a block is. A pasted placeholder would be a second block nobody can read. */
function pastedShape(json: unknown): TextBlockShape {
  const get = (name: string): unknown =>
    typeof json === 'object' && json !== null && Object.hasOwn(json, name)
      ? (json as Record<string, unknown>)[name]
      : undefined
  const shape = readBlockShape(get)
  return isTextShape(shape) && shape.type !== 'unknown' ? shape : { type: 'paragraph', indent: shape.indent }
}

function inBounds(indent: number): number {
  return Math.min(Math.max(Math.trunc(indent), 0), MAX_INDENT)
}

/** What Enter before a block's words puts there. */
function shapeBefore(shape: TextBlockShape): TextBlockShape {
  switch (shape.type) {
    case 'heading':
    case 'code':
    case 'callout':
    case 'toggle':
    case 'unknown':
      return { type: 'paragraph', indent: shape.indent }
    case 'check':
      return { ...shape, checked: false }
    case 'paragraph':
    case 'bullet':
    case 'numbered':
    case 'quote':
      return shape
  }
}

/** What Enter makes of the text that follows the caret. */
function shapeAfter(shape: TextBlockShape, textFollows: boolean): TextBlockShape {
  switch (shape.type) {
    case 'heading':
      return textFollows ? shape : { type: 'paragraph', indent: shape.indent }
    case 'check':
      return { ...shape, checked: false }
    case 'numbered':
      return { type: 'numbered', indent: shape.indent }
    case 'toggle':
      // What a closed one holds goes on being held by what stands right before it.
      if (shape.collapsed) return shape
      return { type: 'paragraph', indent: inBounds(shape.indent + 1) }
    case 'callout':
      // Inside, where there is room for it.
      return { type: 'paragraph', indent: inBounds(shape.indent + 1) }
    case 'code':
    case 'unknown':
      return { type: 'paragraph', indent: shape.indent }
    case 'paragraph':
    case 'bullet':
    case 'quote':
      return shape
  }
}

export function isAtStart(block: WeftBlockNode, selection: RangeSelection): boolean {
  const { anchor } = selection
  if (anchor.offset !== 0) return false
  const node = anchor.getNode()
  return node.is(block) || node.is(block.getFirstDescendant())
}

export function isAtEnd(block: WeftBlockNode, selection: RangeSelection): boolean {
  const { anchor } = selection
  const node = anchor.getNode()
  if (node.is(block)) return anchor.offset === block.getChildrenSize()
  return node.is(block.getLastDescendant()) && anchor.offset === node.getTextContentSize()
}

/** Enter twice at the end of a code block leaves it. */
function endsWithEmptyLine(block: WeftBlockNode, selection: RangeSelection): boolean {
  return isAtEnd(block, selection) && $isLineBreakNode(block.getLastChild())
}

function $removeEmptyLine(block: WeftBlockNode): void {
  const last = block.getLastChild()
  if ($isLineBreakNode(last)) last.remove()
}
