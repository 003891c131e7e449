/**
 * Selections as a wash of colour over the text: ranges of the CSS Custom Highlight API.
 *
 * Rule: a colour concerns only the blocks it is seen in. A rule that could match any element (`::highlight(x)`) makes
 * Chromium restyle the whole document when it comes or goes, and again for each colour there is: at 3,000 blocks and ten
 * people 150 to 600 ms each time. So blocks under a wash are marked, rules ask for the mark, and there are rules
 * only for what is washed now.
 */
export interface Wash {
  readonly range: Range
  /** Any CSS colour. */
  readonly color: string
}

export interface WashOptions {
  /** Its children are the blocks. */
  readonly content: HTMLElement
  /** Takes the colours. */
  readonly root: ShadowRoot
}

const MARK = 'data-washed'

let instances = 0

export class Washes {
  readonly #options: WashOptions
  /** Highlights are the page's, and there may be several editors on it. */
  readonly #instance = ++instances
  readonly #sheet = new CSSStyleSheet()
  readonly #shown = new Map<string, Wash>()
  #marked: ReadonlySet<Element> = new Set()
  #rules = ''

  constructor(options: WashOptions) {
    this.#options = options
    options.root.adoptedStyleSheets.push(this.#sheet)
  }

  /** Shows `washes`, by the name of whose they are, and no others. Ranges that hold nothing are not shown. */
  show(washes: ReadonlyMap<string, Wash>): void {
    const registry = highlights()
    if (registry === undefined) return
    for (const name of this.#shown.keys()) if (!washes.has(name)) this.#drop(registry, name)
    for (const [name, wash] of washes) {
      if (wash.range.collapsed) this.#drop(registry, name)
      else {
        if (!sameRange(wash.range, this.#shown.get(name)?.range))
          registry.set(this.#name(name), new Highlight(wash.range))
        this.#shown.set(name, wash)
      }
    }
    this.#mark()
    this.#color()
  }

  close(): void {
    this.show(new Map())
    const { root } = this.#options
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }

  #drop(registry: HighlightRegistry, name: string): void {
    if (this.#shown.delete(name)) registry.delete(this.#name(name))
  }

  #name(name: string): string {
    return `weft-${this.#instance}-${name}`
  }

  #mark(): void {
    const marked = new Set<Element>()
    for (const { range } of this.#shown.values())
      for (const block of blocksIn(range, this.#options.content)) marked.add(block)
    for (const block of this.#marked) if (!marked.has(block)) block.removeAttribute(MARK)
    for (const block of marked) if (!this.#marked.has(block)) block.setAttribute(MARK, '')
    this.#marked = marked
  }

  #color(): void {
    const rules = [...this.#shown].map(([name, { color }]) => {
      const highlight = `::highlight(${this.#name(name)})`
      return `[${MARK}]${highlight}, [${MARK}] *${highlight} { background-color: ${color}; }`
    })
    const text = rules.join('\n')
    if (text === this.#rules) return
    this.#rules = text
    this.#sheet.replaceSync(text)
  }
}

/** Firefox before 140 has none; there the bars alone show where people are. */
function highlights(): HighlightRegistry | undefined {
  return (globalThis.CSS as { highlights?: HighlightRegistry } | undefined)?.highlights
}

/** A range that the page has moved along with the text says what the new one says. */
function sameRange(a: Range, b: Range | undefined): boolean {
  return (
    a.startContainer === b?.startContainer &&
    a.startOffset === b.startOffset &&
    a.endContainer === b.endContainer &&
    a.endOffset === b.endOffset
  )
}

function* blocksIn(range: Range, content: HTMLElement): Iterable<Element> {
  const last = blockOf(range.endContainer, range.endOffset - 1, content)
  let block = blockOf(range.startContainer, range.startOffset, content)
  while (block !== null) {
    yield block
    if (block === last) return
    block = block.nextElementSibling
  }
}

function blockOf(node: Node, offset: number, content: HTMLElement): Element | null {
  if (node === content) return content.children[Math.max(0, offset)] ?? content.lastElementChild
  let block: Node | null = node
  while (block !== null && block.parentNode !== content) block = block.parentNode
  return block instanceof Element ? block : null
}
