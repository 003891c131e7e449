/**
 * Text of a block. A link or a colour is a property of the characters, as it is in the flow, not an element around
 * them: so a block is one flat list of runs and a link never has to be split, joined or emptied.
 */
import {
  type Color,
  type Marks,
  NO_MARKS,
  readColor,
  readMarks,
  safeLink,
  TOGGLE_MARKS,
  type ToggleMark,
} from '@weft/document'
import {
  $applyNodeReplacement,
  $getSelection,
  $getState,
  $isRangeSelection,
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

/** '' for text in the page's own colours. */
const colorState = createState('color', { parse: (value): Color | '' => readColor(value) ?? '' })
const highlightState = createState('highlight', { parse: (value): Color | '' => readColor(value) ?? '' })

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
      stateConfigs: [linkState, colorState, highlightState].map((stateConfig) => ({
        flat: true,
        stateConfig,
      })),
      importDOM: {
        a: () => ({ conversion: convertAnchor, priority: 1 }),
        mark: () => ({ conversion: convertMark, priority: 1 }),
        span: (element: HTMLElement) =>
          readColor(element.dataset['color']) === undefined
            ? null
            : { conversion: convertColored, priority: 1 },
      },
    })
  }

  getLink(): string {
    return $getState(this, linkState)
  }

  /** @param link '' takes the link away. */
  setLink(link: string): this {
    return this.getLink() === link ? this.getLatest() : $setState(this, linkState, link)
  }

  /** @param color '' takes it away. */
  setColor(color: Color | ''): this {
    return $getState(this, colorState) === color ? this.getLatest() : $setState(this, colorState, color)
  }

  /** @param color of what is behind the text; '' takes it away. */
  setHighlight(color: Color | ''): this {
    return $getState(this, highlightState) === color
      ? this.getLatest()
      : $setState(this, highlightState, color)
  }

  /** What is typed gets the selection's style, and there stand the colours that were chosen at a caret. */
  override setStyle(style: string): this {
    const colors = colorsOfStyle(style)
    if (colors === undefined) return super.setStyle(style)
    // Once: what is typed on goes into this node, whose own style is none.
    const selection = $getSelection()
    if ($isRangeSelection(selection)) selection.setStyle('')
    return this.setColor(colors.color).setHighlight(colors.highlight)
  }

  override isSimpleText(): boolean {
    return this.getLatest().__mode === 0
  }

  override isUnmergeable(): boolean {
    // Lexical (0.52) merges a node without state into a neighbour that has some, and the link would spread.
    return super.isUnmergeable() || (this.__text !== '' && isSpecial(this))
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
    paint(text, this)
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
    const text = link === '' ? dom : dom.firstChild
    if (!isHTMLElement(text) || super.updateDOM(previous, text, config)) return true
    paint(text, this)
    return false
  }

  /** As `printHtml` of `@weft/document` writes it. */
  override exportDOM(editor: LexicalEditor): DOMExportOutput {
    const output = super.exportDOM(editor)
    const { color, highlight } = marksOf(this)
    if (!isHTMLElement(output.element)) return output
    for (const own of output.element.querySelectorAll<HTMLElement>('[data-color], [data-highlight]'))
      unpaint(own)
    unpaint(output.element)
    let element: HTMLElement = output.element
    for (const [tag, name] of [
      ['span', color],
      ['mark', highlight],
    ] as const) {
      if (name === undefined) continue
      const around = document.createElement(tag)
      around.dataset['color'] = name
      around.append(element)
      element = around
    }
    return { ...output, element }
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
  return node
    .setLink(marks.link ?? '')
    .setColor(marks.color ?? '')
    .setHighlight(marks.highlight ?? '')
}

export function $isWeftTextNode(node: LexicalNode | null | undefined): node is WeftTextNode {
  return node instanceof WeftTextNode
}

export interface ChosenColors {
  readonly color: Color | ''
  readonly highlight: Color | ''
}

/** Of a selection that is a caret: colours of what is typed next. */
export function styleOfColors({ color, highlight }: ChosenColors): string {
  return `weft ${color} ${highlight}`
}

export function colorsOfStyle(style: string): ChosenColors | undefined {
  const [name, color, highlight] = style.split(' ')
  return name === 'weft'
    ? { color: readColor(color) ?? '', highlight: readColor(highlight) ?? '' }
    : undefined
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
  if (node.__format === 0 && !isSpecial(node)) return NO_MARKS
  const link = linkOf(node)
  const color = $getState(node, colorState, 'direct')
  const highlight = $getState(node, highlightState, 'direct')
  const key = `${node.__format} ${color} ${highlight} ${link}`
  let marks = interned.get(key)
  if (marks === undefined) {
    const attributes: [string, unknown][] = []
    for (const name of TOGGLE_MARKS) if ((node.__format & BITS[name]) !== 0) attributes.push([name, true])
    marks = readMarks([...attributes, ['color', color], ['highlight', highlight], ['link', link]])
    if (interned.size > 1_000) interned.clear()
    interned.set(key, marks)
  }
  return marks
}

function linkOf(node: TextNode): string {
  return $getState(node, linkState, 'direct')
}

/** Whether the text has any of what Lexical has no bit for. */
function isSpecial(node: TextNode): boolean {
  // Most text has no state at all, and this is asked on every key.
  if (node.__state === undefined) return false
  return (
    linkOf(node) !== '' ||
    $getState(node, colorState, 'direct') !== '' ||
    $getState(node, highlightState, 'direct') !== ''
  )
}

function paint(element: HTMLElement, node: TextNode): void {
  const { color, highlight } = marksOf(node)
  for (const [name, value] of [
    ['data-color', color],
    ['data-highlight', highlight],
  ] as const) {
    if (value === undefined) element.removeAttribute(name)
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value)
  }
}

function unpaint(element: HTMLElement): void {
  element.removeAttribute('data-color')
  element.removeAttribute('data-highlight')
}

function convertColored(element: HTMLElement): DOMConversionOutput {
  const color = readColor(element.dataset['color']) ?? ''
  return { node: null, forChild: (child) => ($isWeftTextNode(child) ? child.setColor(color) : child) }
}

function convertMark(element: HTMLElement): DOMConversionOutput {
  const color = readColor(element.dataset['color']) ?? 'yellow'
  return { node: null, forChild: (child) => ($isWeftTextNode(child) ? child.setHighlight(color) : child) }
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
