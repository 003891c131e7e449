/**
 * Text of a block. A link is a property of the characters, as it is in the flow, not an element around them:
 * so a block is one flat list of runs and a link never has to be split, joined or emptied.
 */
import { type Marks, NO_MARKS, readMarks, safeLink, TOGGLE_MARKS, type ToggleMark } from '@weft/document'
import {
  $applyNodeReplacement,
  $getState,
  $setState,
  createState,
  type DOMConversionOutput,
  type DOMExportOutput,
  type EditorConfig,
  isHTMLElement,
  type LexicalEditor,
  type LexicalNode,
  TEXT_TYPE_TO_FORMAT,
  TextNode,
} from 'lexical'

/** The address, or '' for text that is no link; an address the schema refuses reads as ''. */
const linkState = createState('link', { parse: (value) => safeLink(value) ?? '' })

const BITS: { readonly [name in ToggleMark]: number } = {
  bold: TEXT_TYPE_TO_FORMAT['bold'] ?? 0,
  italic: TEXT_TYPE_TO_FORMAT['italic'] ?? 0,
  underline: TEXT_TYPE_TO_FORMAT['underline'] ?? 0,
  strike: TEXT_TYPE_TO_FORMAT['strikethrough'] ?? 0,
  code: TEXT_TYPE_TO_FORMAT['code'] ?? 0,
}

export class WeftTextNode extends TextNode {
  override $config() {
    return this.config('weft-text', {
      extends: TextNode,
      stateConfigs: [{ flat: true, stateConfig: linkState }],
      importDOM: { a: () => ({ conversion: convertAnchor, priority: 1 }) },
    })
  }

  getLink(): string {
    return $getState(this, linkState)
  }

  /** @param link '' takes the link away. */
  setLink(link: string): this {
    return this.getLink() === link ? this.getLatest() : $setState(this, linkState, link)
  }

  override isSimpleText(): boolean {
    return this.getLatest().__mode === 0
  }

  override isUnmergeable(): boolean {
    // Lexical (0.52) merges a node without state into a neighbour that has some, and the link would spread.
    return super.isUnmergeable() || (this.__text !== '' && linkOf(this) !== '')
  }

  // What is typed at either end of a link is not part of it.
  override canInsertTextBefore(): boolean {
    return linkOf(this.getLatest()) === ''
  }

  override canInsertTextAfter(): boolean {
    return linkOf(this.getLatest()) === ''
  }

  override createDOM(config: EditorConfig, editor?: LexicalEditor): HTMLElement {
    const text = super.createDOM(config, editor)
    const link = linkOf(this)
    if (link === '') return text
    const anchor = document.createElement('a')
    anchor.href = link
    anchor.rel = 'noopener noreferrer nofollow'
    const theme = config.theme.link
    if (theme !== undefined) anchor.classList.add(...theme.split(' '))
    anchor.append(text)
    return anchor
  }

  override updateDOM(previous: this, dom: HTMLElement, config: EditorConfig): boolean {
    const link = linkOf(this)
    if (linkOf(previous) !== link) return true
    if (link === '') return super.updateDOM(previous, dom, config)
    const text = dom.firstChild
    return !isHTMLElement(text) || super.updateDOM(previous, text, config)
  }

  override exportDOM(editor: LexicalEditor): DOMExportOutput {
    return super.exportDOM(editor)
  }
}

export function $createWeftTextNode(text: string, marks: Marks = NO_MARKS): WeftTextNode {
  const node = $applyNodeReplacement(new WeftTextNode(text))
  return $setMarks(node, marks)
}

/** Changes nothing, and marks nothing dirty, when the node already has these marks. */
export function $setMarks(node: WeftTextNode, marks: Marks): WeftTextNode {
  const format = formatOf(marks)
  if (node.getFormat() !== format) node.setFormat(format)
  node.setLink(marks.link ?? '')
  return node.getLatest()
}

export function $isWeftTextNode(node: LexicalNode | null | undefined): node is WeftTextNode {
  return node instanceof WeftTextNode
}

/** Lexical's bit for each mark, and back; a bit the schema does not know is no mark. */
export function formatOf(marks: Marks): number {
  let format = 0
  for (const name of TOGGLE_MARKS) if (marks[name] === true) format |= BITS[name]
  return format
}

const interned = new Map<string, Marks>()

/** The marks of any version of a node; equal marks are mostly the same object. */
export function marksOf(node: TextNode): Marks {
  const link = linkOf(node)
  if (node.__format === 0 && link === '') return NO_MARKS
  const key = `${node.__format} ${link}`
  let marks = interned.get(key)
  if (marks === undefined) {
    const attributes: [string, unknown][] = []
    for (const name of TOGGLE_MARKS) if ((node.__format & BITS[name]) !== 0) attributes.push([name, true])
    if (link !== '') attributes.push(['link', link])
    marks = readMarks(attributes)
    if (interned.size > 1_000) interned.clear()
    interned.set(key, marks)
  }
  return marks
}

function linkOf(node: TextNode): string {
  return $getState(node, linkState, 'direct')
}

function convertAnchor(element: HTMLElement): DOMConversionOutput {
  const link = safeLink(element.getAttribute('href'))
  return {
    node: null,
    forChild: (child) => {
      if (link !== undefined && $isWeftTextNode(child)) child.setLink(link)
      return child
    },
  }
}
