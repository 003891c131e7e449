/**
 * Stretches of some 32 blocks of a long document, which the browser leaves alone while they are far off the screen.
 *
 * For each key Chromium lays out the list of all blocks and reads the text before the caret for input methods, 7 ms for
 * each 1,000 blocks; `content-visibility` on each block costs more than it saves (ADR 5), on boxes of many it makes a
 * key cost the same however long the document is.
 *
 * Rule: to Lexical and to the browser's editing the blocks stay what they are, one list of children of `content`. The
 * boxes are slots in a shadow root of `content`, to which blocks are assigned by hand. Nothing is around the slots: with an
 * element there, Chromium does not move a selection that was made forward from one to another. Whatever is a child
 * of `content` is in a box before anybody measures it, and a box with an end of this person's selection in it is laid out
 * before the browser is told of that: a caret where nothing is laid out would be put somewhere else. For the same
 * reason only boxes far off the screen are left to the browser (`auto`): it takes a frame to find out that a box is
 * on the screen, and a key in that frame would go astray. A document of few blocks has no boxes.
 *
 * The blocks of a column are a stretch of their own, however many, and those of one row stand side by side: what is laid
 * out is the list of slots, so columns need no elements around blocks, either.
 */

import {
  type Column,
  ColumnRows,
  columnOf,
  hasColumns,
  isRecolumned,
  ROW_ATTRIBUTES,
  ROW_STYLE,
} from './column-rows.ts'
import { NearBoxes } from './near-boxes.ts'
import { cut, guessedHeight } from './stretch-pieces.ts'

export interface StretchSizes {
  /** A shorter document is laid out as fast without. */
  readonly fewestBlocks: number
  /** Of a stretch; one that grows to more than twice as much is cut. */
  readonly size: number
}

declare global {
  /** Set before the page's scripts run: tests have all that is odd about boxes in a document of three blocks. */
  var weftStretches: StretchSizes | undefined
}

const SIZES: StretchSizes = { fewestBlocks: 200, size: 32 }

/**
 * What a block draws beside itself, numbers and marks, reaches this far at most. A box of its own is painted again by itself,
 * without those beside it; boxes of a row reach over each other.
 */
const STYLE = `
  .stretch {
    display: block;
    content-visibility: auto;
    overflow-clip-margin: 64px;
  }
  .stretch:is(.near, .held) {
    content-visibility: visible;
  }
  :host(:not([data-rows])) .stretch {
    isolation: isolate;
  }
`

/** As many new lines are looked at one by one; more are a paste or a document that opens. */
const MOST_LINES = 64

/** So many blocks beside the caret's are laid out in any case: an arrow leads to the next, a held one with Ctrl over one. */
const ARROW_BLOCKS = 3

export interface StretchOptions {
  readonly content: HTMLElement
  /** Another stretch is laid out now, or no longer. */
  readonly onShown: () => void
}

interface Stretch extends Column {
  column: string
  blocks: readonly ChildNode[]
}

/** Editing text in slots is known to work in Chromium only; elsewhere everything is laid out. */
export function canStretch(): boolean {
  return /Chrom(e|ium)\//.test(navigator.userAgent) && 'assign' in HTMLSlotElement.prototype
}

export class Stretches {
  readonly #options: StretchOptions
  readonly #observer: MutationObserver
  readonly #columns: MutationObserver
  readonly #of = new Map<Node, Stretch>()
  #held: ReadonlySet<HTMLElement> = new Set()
  /** Those made and those gone since the last change. */
  #made: HTMLElement[] = []
  #gone: HTMLElement[] = []
  readonly #near: NearBoxes
  readonly #sizes = globalThis.weftStretches ?? SIZES
  #root: ShadowRoot | undefined
  #stretches: Stretch[] = []
  readonly #rows: ColumnRows

  constructor(options: StretchOptions) {
    this.#options = options
    // What the editor draws comes by `settle`; what comes by itself, as the browser's own edits do, is seen here.
    this.#observer = new MutationObserver((records) => this.#update(records))
    this.#observer.observe(options.content, { childList: true })
    this.#rows = new ColumnRows(options.content)
    this.#columns = new MutationObserver((records) => this.#onAttributes(records))
    this.#columns.observe(options.content, { subtree: true, attributeFilter: ROW_ATTRIBUTES })
    this.#near = new NearBoxes({
      boxes: () =>
        this.#stretches.map(({ box, blocks }) => [box, blocks.every(isFolded) ? 0 : blocks.length] as const),
      onChange: options.onShown,
    })
    const { shadowRoot } = options.content
    if (shadowRoot !== null) this.#begin(shadowRoot, [])
  }

  /** The editor has drawn: what it has added is not shown until it is in a stretch. */
  settle(): void {
    const records = this.#observer.takeRecords()
    const attributes = this.#columns.takeRecords()
    if (records.length > 0) this.#update(records, isRecolumned(attributes))
    else this.#onAttributes(attributes)
  }

  /**
   * Lays out where these blocks are, near the screen or not, and nothing of what was asked for before. What the next
   * arrow leads to, too; with `'page'` all that a key leads to that turns the page. What is laid out without need costs
   * time at every key.
   */
  hold(blocks: readonly Node[], reach: 'arrow' | 'page' = 'arrow'): void {
    const held = new Set(blocks.flatMap((block) => this.#around(block, reach)))
    for (const box of this.#held) if (!held.has(box)) box.classList.remove('held')
    for (const box of held) box.classList.add('held')
    this.#held = held
  }

  /** Lays out where `inside` is, because the page is about to be scrolled there. */
  reveal(inside: Element): void {
    let block: Node | null = inside
    while (block !== null && block.parentNode !== this.#options.content) block = block.parentNode
    if (block !== null) this.#near.expect(this.#around(block, 'page'))
  }

  close(): void {
    this.#observer.disconnect()
    this.#columns.disconnect()
    this.#near.close()
    this.#root?.removeEventListener('contentvisibilityautostatechange', this.#options.onShown)
  }

  /** The box of a block, and those beside it which can be reached. */
  #around(block: Node, reach: 'arrow' | 'page'): HTMLElement[] {
    const stretch = this.#of.get(block)
    if (stretch === undefined) return []
    const boxes = [stretch.box]
    for (const step of [-1, 1]) {
      if (reach === 'arrow' && !this.#isAtEdge(block, stretch, step)) continue
      let at = this.#stretches.indexOf(stretch) + step
      while (this.#stretches[at]?.blocks.every(isFolded) === true) at += step
      const beside = this.#stretches[at]
      if (beside !== undefined) boxes.push(beside.box)
    }
    return boxes
  }

  /** Whether an arrow leads out of the box, to where nothing may be laid out. */
  #isAtEdge(block: Node, { blocks }: Stretch, step: number): boolean {
    let shown = 0
    for (let at = blocks.indexOf(block as ChildNode) + step; shown < ARROW_BLOCKS; at += step) {
      const beside = blocks[at]
      if (beside === undefined) return true
      if (!isFolded(beside)) shown++
    }
    return false
  }

  #begin(root: ShadowRoot, records: readonly MutationRecord[]): void {
    this.#root = root
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(STYLE + ROW_STYLE)
    root.adoptedStyleSheets = [sheet]
    root.replaceChildren()
    root.addEventListener('contentvisibilityautostatechange', this.#options.onShown)
    this.#add(0)
    this.#update(records, true)
  }

  #update(records: readonly MutationRecord[], isWhole = false): void {
    const { content } = this.#options
    if (this.#root === undefined) {
      if (content.childElementCount >= this.#sizes.fewestBlocks || hasColumns(content))
        this.#begin(content.attachShadow({ mode: 'open', slotAssignment: 'manual' }), records)
      return
    }
    const added = records.reduce((count, { addedNodes }) => count + addedNodes.length, 0)
    if (isWhole || !this.#updateWithin(records)) this.#updateAll(records)
    // What people look at while it is cut stays laid out until it is known to be far. A document that opens is not seen yet.
    if (added < content.childElementCount) for (const box of this.#made) box.classList.add('near')
    this.#near.changed(this.#made, this.#gone)
    this.#made = []
    this.#gone = []
  }

  /**
   * Lines that come and go inside of stretches which are no columns, without a walk through all blocks.
   *
   * @returns false, with nothing done, when something else has changed
   */
  #updateWithin(records: readonly MutationRecord[]): boolean {
    const { content } = this.#options
    const gone = new Set(records.flatMap(({ removedNodes }) => [...removedNodes]))
    const come = new Set<Node>()
    for (const { addedNodes } of records)
      for (const node of addedNodes) if (node.parentNode === content) come.add(node)
    if (come.size > MOST_LINES) return false
    const changed = new Set<Stretch>()
    for (const node of gone) {
      if (node.parentNode === content) return false
      const stretch = this.#of.get(node)
      if (stretch !== undefined) changed.add(stretch)
    }
    const joined = new Map<Node, Stretch>()
    for (const node of come) {
      let before = node.previousSibling
      while (before !== null && come.has(before)) before = before.previousSibling
      const stretch = before === null ? this.#stretches[0] : this.#of.get(before)
      if (stretch === undefined || columnOf(node as ChildNode) !== '') return false
      joined.set(node, stretch)
      changed.add(stretch)
    }
    const kept = new Map<Stretch, ChildNode>()
    for (const stretch of changed) {
      const one = stretch.blocks.find((block) => !gone.has(block))
      if (one === undefined || stretch.column !== '') return false
      kept.set(stretch, one)
    }
    for (const node of gone) this.#of.delete(node)
    for (const [node, stretch] of joined) this.#of.set(node, stretch)
    for (const [stretch, block] of kept) this.#fill(stretch, this.#together(stretch, block))
    return true
  }

  /** The blocks of a stretch around one of them. */
  #together(stretch: Stretch, block: ChildNode): readonly ChildNode[] {
    let first = block
    for (
      let at: ChildNode | null = block;
      at !== null && this.#of.get(at) === stretch;
      at = at.previousSibling
    )
      first = at
    const blocks: ChildNode[] = []
    for (let at: ChildNode | null = first; at !== null && this.#of.get(at) === stretch; at = at.nextSibling)
      blocks.push(at)
    return blocks
  }

  #updateAll(records: readonly MutationRecord[]): void {
    const { content } = this.#options
    const changed = new Set<Stretch>()
    for (const { addedNodes, removedNodes } of records)
      for (const node of [...addedNodes, ...removedNodes]) {
        const stretch = this.#of.get(node)
        if (stretch !== undefined) changed.add(stretch)
        this.#of.delete(node)
      }
    // Blocks that have stayed where they were are in the order of their stretches; new ones join those before them, and
    // none joins those of another column.
    const lists = new Map<Stretch, ChildNode[]>()
    let current = this.#stretches[0] ?? this.#add(0)
    for (let node = content.firstChild; node !== null; node = node.nextSibling) {
      const known = this.#of.get(node)
      const column = columnOf(node)
      const isOther = lists.size > 0 && column !== current.column
      if (known !== undefined && !lists.has(known) && (isOther || column === '')) current = known
      else if (isOther) current = this.#add(this.#stretches.indexOf(current) + 1)
      if (!lists.has(current)) current.column = column
      if (known !== current) {
        this.#of.set(node, current)
        changed.add(current)
        if (known !== undefined) changed.add(known)
      }
      const list = lists.get(current)
      if (list === undefined) lists.set(current, [node])
      else list.push(node)
    }
    for (const stretch of changed) this.#fill(stretch, lists.get(stretch) ?? [])
    this.#rows.arrange(this.#stretches)
  }

  #fill(stretch: Stretch, blocks: readonly ChildNode[]): void {
    if (blocks.length === 0 && this.#stretches.length > 1) {
      this.#stretches = this.#stretches.filter((other) => other !== stretch)
      stretch.box.remove()
      this.#gone.push(stretch.box)
      return
    }
    const isLong = stretch.column === '' && blocks.length > 2 * this.#sizes.size
    const pieces = isLong ? cut(blocks, this.#sizes.size) : [blocks]
    const at = this.#stretches.indexOf(stretch)
    for (const [index, piece] of pieces.entries()) {
      const holder = index === 0 ? stretch : this.#add(at + index)
      holder.blocks = piece
      for (const block of piece) this.#of.set(block, holder)
      holder.box.style.containIntrinsicBlockSize = `auto ${guessedHeight(piece)}px`
      holder.box.assign(...(piece as readonly (Element | Text)[]))
    }
  }

  #onAttributes(records: readonly MutationRecord[]): void {
    if (isRecolumned(records)) this.#update([], true)
    else if (records.length > 0 && !this.#rows.isEmpty) this.#rows.arrange(this.#stretches)
  }

  #add(index: number): Stretch {
    const box = document.createElement('slot')
    box.className = 'stretch'
    this.#made.push(box)
    const stretch: Stretch = { box, column: '', blocks: [] }
    this.#root?.insertBefore(box, this.#stretches[index]?.box ?? null)
    this.#stretches = this.#stretches.toSpliced(index, 0, stretch)
    return stretch
  }
}

function isFolded(block: ChildNode): boolean {
  return block instanceof Element && block.hasAttribute('data-folded')
}
