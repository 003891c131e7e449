/**
 * The one Lexical class for every block that holds text: paragraphs, headings, list items, quotes, code.
 *
 * Blocks are flat children of the root, as they are in the flow: a list item is a block whose kind says so.
 * Changing the kind is a field, never a replacement, so nothing in the block moves.
 * It extends ParagraphNode because Lexical's insertParagraph and replacements demand that.
 *
 * What it renders, for the style sheet: `data-kind`, `data-indent` (when above 0), `data-checked` on check
 * items, `data-language` on code. Numbers of numbered items are not stored: derive them with CSS counters,
 * one per indent, incremented by `[data-kind=numbered]` and reset by every other block of the same or a
 * lower indent.
 */
import { type BlockShape, type HeadingLevel, MAX_INDENT, PARAGRAPH } from '@weft/document'
import {
  $applyNodeReplacement,
  $createLineBreakNode,
  $isLineBreakNode,
  type DOMConversionMap,
  type DOMConversionOutput,
  type DOMExportOutput,
  type EditorConfig,
  type LexicalEditor,
  type LexicalNode,
  ParagraphNode,
  type RangeSelection,
  type SerializedParagraphNode,
} from 'lexical'

export type TextBlockKind =
  | 'paragraph'
  | 'heading'
  | 'bullet'
  | 'numbered'
  | 'check'
  | 'quote'
  | 'code'
  | 'unknown'

export type TextBlockShape = Extract<BlockShape, { type: TextBlockKind }>

export interface SerializedWeftBlockNode extends SerializedParagraphNode {
  kind: TextBlockKind
  level: HeadingLevel
  checked: boolean
  codeLanguage: string
  unknownName: string
}

const LIST_ROLES: { readonly [kind in TextBlockKind]?: string } = {
  bullet: 'listitem',
  numbered: 'listitem',
  check: 'checkbox',
}

export class WeftBlockNode extends ParagraphNode {
  __kind: TextBlockKind = 'paragraph'
  __level: HeadingLevel = 1
  __checked = false
  // Not `__language`: Lexical takes any block with that field for its own code block when pasting.
  __codeLanguage = ''
  __unknownName = ''

  override $config() {
    return this.config('weft-block', { extends: ParagraphNode, importDOM: IMPORT_DOM })
  }

  override afterCloneFrom(previous: this): void {
    super.afterCloneFrom(previous)
    this.__kind = previous.__kind
    this.__level = previous.__level
    this.__checked = previous.__checked
    this.__codeLanguage = previous.__codeLanguage
    this.__unknownName = previous.__unknownName
  }

  getKind(): TextBlockKind {
    return this.getLatest().__kind
  }

  /** Everything about the block but its text. */
  getShape(): TextBlockShape {
    return blockShape(this.getLatest())
  }

  /** Changes nothing, and marks nothing dirty, when the block already is `shape`. */
  setShape(shape: TextBlockShape): this {
    const latest = this.getLatest()
    const level = shape.type === 'heading' ? shape.level : 1
    const checked = shape.type === 'check' && shape.checked
    const language = shape.type === 'code' ? shape.language : ''
    const name = shape.type === 'unknown' ? shape.name : ''
    const indent = Math.min(Math.max(shape.indent, 0), MAX_INDENT)
    if (
      latest.__kind === shape.type &&
      latest.__level === level &&
      latest.__checked === checked &&
      latest.__codeLanguage === language &&
      latest.__unknownName === name &&
      latest.__indent === indent
    )
      return latest
    const writable = this.getWritable()
    writable.__kind = shape.type
    writable.__level = level
    writable.__checked = checked
    writable.__codeLanguage = language
    writable.__unknownName = name
    writable.__indent = indent
    return writable
  }

  override setIndent(indent: number): this {
    return super.setIndent(Math.min(Math.max(Math.trunc(indent), 0), MAX_INDENT))
  }

  override createDOM(config: EditorConfig): HTMLElement {
    const dom = document.createElement(tagOf(this))
    const theme = config.theme as { block?: string }
    if (theme.block !== undefined) dom.classList.add(...theme.block.split(' '))
    writeAttributes(this, dom)
    return dom
  }

  override updateDOM(previous: this, dom: HTMLElement): boolean {
    if (tagOf(previous) !== tagOf(this)) return true
    writeAttributes(this, dom)
    return false
  }

  override exportDOM(editor: LexicalEditor): DOMExportOutput {
    const output = super.exportDOM(editor)
    return output
  }

  override exportJSON(): SerializedWeftBlockNode {
    const latest = this.getLatest()
    return {
      ...super.exportJSON(),
      kind: latest.__kind,
      level: latest.__level,
      checked: latest.__checked,
      codeLanguage: latest.__codeLanguage,
      unknownName: latest.__unknownName,
    }
  }

  override updateFromJSON(serialized: Parameters<ParagraphNode['updateFromJSON']>[0]): this {
    const self = super.updateFromJSON(serialized).getWritable()
    const json = serialized as Partial<SerializedWeftBlockNode>
    if (typeof json.kind === 'string' && json.kind in KINDS) self.__kind = json.kind
    if (json.level === 2 || json.level === 3) self.__level = json.level
    self.__checked = json.checked === true
    if (typeof json.codeLanguage === 'string') self.__codeLanguage = json.codeLanguage
    if (typeof json.unknownName === 'string') self.__unknownName = json.unknownName
    // A pasted placeholder would be a second block nobody can read; its text is what can be kept.
    if (self.__kind === 'unknown') self.__kind = 'paragraph'
    return self
  }

  override insertNewAfter(selection: RangeSelection, restoreSelection = true): ParagraphNode {
    const next = this.#enter(selection, restoreSelection)
    // Lexical's insertParagraph understands null as "nothing to move"; ParagraphNode's type does not.
    return next as ParagraphNode
  }

  #enter(selection: RangeSelection, restoreSelection: boolean): WeftBlockNode | null {
    const kind = this.getKind()
    if (kind === 'code' && !endsWithEmptyLine(this, selection)) {
      selection.insertNodes([$createLineBreakNode()])
      return null
    }
    if (this.isEmpty() && LEFT_BY_ENTER.has(kind)) {
      // Enter on an empty item leaves the list, one level at a time.
      const indent = this.getIndent()
      if (indent > 0) this.setIndent(indent - 1)
      else this.setShape(PARAGRAPH_SHAPE)
      return null
    }
    if (kind === 'code') $removeEmptyLine(this)
    const atStart = !this.isEmpty() && isAtStart(this, selection)
    const block = $createBlockNode(shapeAfter(this.getShape(), atStart || !isAtEnd(this, selection)))
    block.setDirection(this.getDirection())
    if (atStart) {
      // The words keep their block, so that what others do to it meanwhile stays with the words.
      if (kind === 'heading' || kind === 'code') block.setShape(PARAGRAPH_SHAPE)
      this.insertBefore(block)
      return null
    }
    block.setTextFormat(selection.format)
    this.insertAfter(block, restoreSelection)
    return block
  }

  override collapseAtStart(): boolean {
    if (this.getKind() !== 'paragraph' && this.getKind() !== 'unknown') {
      this.setShape({ type: 'paragraph', indent: this.getIndent() })
      return true
    }
    return super.collapseAtStart()
  }

  override canIndent(): boolean {
    return true
  }
}

const LEFT_BY_ENTER: ReadonlySet<TextBlockKind> = new Set(['bullet', 'numbered', 'check', 'quote'])

const PARAGRAPH_SHAPE: TextBlockShape = { type: 'paragraph', indent: PARAGRAPH.indent }

const KINDS: { readonly [kind in TextBlockKind]: true } = {
  paragraph: true,
  heading: true,
  bullet: true,
  numbered: true,
  check: true,
  quote: true,
  code: true,
  unknown: true,
}

export function $createBlockNode(shape: TextBlockShape = PARAGRAPH_SHAPE): WeftBlockNode {
  return $applyNodeReplacement(new WeftBlockNode()).setShape(shape)
}

export function $isBlockNode(node: LexicalNode | null | undefined): node is WeftBlockNode {
  return node instanceof WeftBlockNode
}

/** The kind and attributes of any version of a block, without looking for its latest one. */
export function blockShape(node: WeftBlockNode): TextBlockShape {
  const indent = node.__indent
  switch (node.__kind) {
    case 'paragraph':
    case 'bullet':
    case 'numbered':
    case 'quote':
      return { type: node.__kind, indent }
    case 'heading':
      return { type: 'heading', level: node.__level, indent }
    case 'check':
      return { type: 'check', checked: node.__checked, indent }
    case 'code':
      return { type: 'code', language: node.__codeLanguage, indent }
    case 'unknown':
      return { type: 'unknown', name: node.__unknownName, indent }
  }
}

/** What Enter makes of the text that follows the caret. */
function shapeAfter(shape: TextBlockShape, textFollows: boolean): TextBlockShape {
  switch (shape.type) {
    case 'heading':
      return textFollows ? shape : { type: 'paragraph', indent: shape.indent }
    case 'check':
      return { ...shape, checked: false }
    case 'code':
    case 'unknown':
      return { type: 'paragraph', indent: shape.indent }
    case 'paragraph':
    case 'bullet':
    case 'numbered':
    case 'quote':
      return shape
  }
}

function isAtStart(block: WeftBlockNode, selection: RangeSelection): boolean {
  const { anchor } = selection
  if (anchor.offset !== 0) return false
  const node = anchor.getNode()
  return node.is(block) || node.is(block.getFirstDescendant())
}

function isAtEnd(block: WeftBlockNode, selection: RangeSelection): boolean {
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

function tagOf(node: WeftBlockNode): string {
  switch (node.__kind) {
    case 'heading':
      return `h${node.__level}`
    case 'bullet':
    case 'numbered':
    case 'check':
    case 'unknown':
      return 'div'
    case 'quote':
      return 'blockquote'
    case 'code':
      return 'pre'
    case 'paragraph':
      return 'p'
  }
}

function writeAttributes(node: WeftBlockNode, dom: HTMLElement): void {
  const kind = node.__kind
  const attributes: Record<string, string | undefined> = {
    'data-kind': kind,
    'data-indent': node.__indent > 0 ? String(node.__indent) : undefined,
    'data-checked': kind === 'check' ? String(node.__checked) : undefined,
    'data-language': kind === 'code' && node.__codeLanguage !== '' ? node.__codeLanguage : undefined,
    'data-unknown': kind === 'unknown' ? node.__unknownName : undefined,
    role: LIST_ROLES[kind],
    'aria-checked': kind === 'check' ? String(node.__checked) : undefined,
    'aria-level': kind in LIST_ROLES ? String(node.__indent + 1) : undefined,
    spellcheck: kind === 'code' ? 'false' : undefined,
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) dom.removeAttribute(name)
    else if (dom.getAttribute(name) !== value) dom.setAttribute(name, value)
  }
}

function convert(shape: TextBlockShape): () => { conversion: () => DOMConversionOutput; priority: 0 } {
  return () => ({ conversion: () => ({ node: $createBlockNode(shape) }), priority: 0 })
}

/** An item's depth and kind come from the lists around it; the lists themselves leave no node. */
function convertItem(element: HTMLElement): DOMConversionOutput {
  let depth = -1
  let kind: 'bullet' | 'numbered' | undefined
  for (let parent = element.parentElement; parent !== null; parent = parent.parentElement) {
    if (parent.tagName !== 'UL' && parent.tagName !== 'OL') continue
    depth += 1
    kind ??= parent.tagName === 'OL' ? 'numbered' : 'bullet'
  }
  const indent = Math.min(Math.max(depth, 0), MAX_INDENT)
  const box = element.querySelector(':scope > input[type=checkbox], :scope > label > input[type=checkbox]')
  if (box !== null)
    return { node: $createBlockNode({ type: 'check', indent, checked: box.hasAttribute('checked') }) }
  return { node: $createBlockNode({ type: kind ?? 'bullet', indent }) }
}

/** Our own `div`s carry their kind; any other `div` is no block of ours. */
function convertDiv(element: HTMLElement): DOMConversionOutput | null {
  const indent = Math.min(Math.max(Number(element.dataset['indent'] ?? 0) || 0, 0), MAX_INDENT)
  const kind = element.dataset['kind']
  if (kind === 'bullet' || kind === 'numbered') return { node: $createBlockNode({ type: kind, indent }) }
  const checked = element.dataset['checked'] === 'true'
  if (kind === 'check') return { node: $createBlockNode({ type: 'check', indent, checked }) }
  return null
}

const IMPORT_DOM: DOMConversionMap = {
  p: convert(PARAGRAPH_SHAPE),
  h1: convert({ type: 'heading', level: 1, indent: 0 }),
  h2: convert({ type: 'heading', level: 2, indent: 0 }),
  h3: convert({ type: 'heading', level: 3, indent: 0 }),
  h4: convert({ type: 'heading', level: 3, indent: 0 }),
  h5: convert({ type: 'heading', level: 3, indent: 0 }),
  h6: convert({ type: 'heading', level: 3, indent: 0 }),
  blockquote: convert({ type: 'quote', indent: 0 }),
  pre: convert({ type: 'code', language: '', indent: 0 }),
  li: () => ({ conversion: convertItem, priority: 0 }),
  div: (element: HTMLElement) =>
    element.dataset['kind'] === undefined ? null : { conversion: convertDiv, priority: 1 },
}
