/**
 * Columns that stand side by side: which stretches are in one row, and the box of a callout that holds a row.
 *
 * Rule: what a row looks like is told by attributes and parts of the slots, and of the first block of each column; no
 * element is around anything. A callout is drawn by each of its blocks, but where it holds a row its slots draw it: they
 * are as high as the longest of them, and reach over the gap between them.
 */

/** Room for the handle of what stands in the second one. */
export const COLUMN_GAP_PX = 32

const COLUMN = 'data-column'
const BOX = 'data-box'
const BOX_START = 'data-box-start'
const BOX_END = 'data-box-end'
const BASE = 'data-base'

/** What of a block says how its row looks, and where it stands. */
export const ROW_ATTRIBUTES = [COLUMN, BOX, BOX_START, BOX_END, BASE]

/** Of the shadow root that the slots are in; the colours of a box are from outside, by its part. */
export const ROW_STYLE = `
  :host([data-rows]) {
    display: flex;
    flex-wrap: wrap;
    column-gap: ${COLUMN_GAP_PX}px;
  }
  :host([data-rows]) .stretch {
    flex: 0 0 100%;
    min-width: 0;
  }
  :host([data-rows]) .stretch[data-of] {
    --inset: 0px;
    margin-top: 6px;
    flex: 1 1 calc((100% - ${COLUMN_GAP_PX}px * (var(--of) - 1)) / var(--of) - 0.5px - var(--inset));
    min-width: min(100%, 136px);
  }
  :host([data-rows]) .stretch[data-box] {
    --inset: calc(var(--base) * var(--step));
    margin: 0;
    margin-inline-start: var(--inset);
    padding-top: 6px;
  }
  .stretch[data-box]::slotted([data-box]) {
    margin-inline-start: 0 !important;
    background: none !important;
  }
  .stretch[data-box]::slotted([data-box-end]) {
    margin-bottom: 0 !important;
  }
  .stretch[data-end][data-last] {
    margin-bottom: 10px !important;
    border-end-end-radius: 8px;
  }
  @media (max-width: 719.98px) {
    :host([data-rows]) .stretch[data-of] {
      flex-basis: calc(100% - var(--inset));
    }
    .stretch[data-end][data-last] {
      border-end-start-radius: 8px;
    }
  }
  @media (min-width: 720px) {
    .stretch[data-end] {
      margin-bottom: 10px !important;
      padding-bottom: 8px;
    }
    .stretch[data-end]::slotted([data-box-end]:not(pre)) {
      padding-bottom: 4px !important;
    }
    .stretch[data-end][data-first] {
      border-end-start-radius: 8px;
    }
    :host([data-rows]) .stretch[data-box]:not([data-first]) {
      --inset: 0px;
      --shift: 1;
      margin-inline-start: -${COLUMN_GAP_PX}px;
      padding-inline-start: ${COLUMN_GAP_PX}px;
      min-width: 0;
    }
  }
`

export interface Column {
  readonly box: HTMLSlotElement
  /** In which column of its row; '' for none. */
  readonly column: string
  readonly blocks: readonly ChildNode[]
}

export function columnOf(block: ChildNode): string {
  return attribute(block, COLUMN)
}

export function hasColumns(content: HTMLElement): boolean {
  return content.querySelector(`:scope > [${COLUMN}]`) !== null
}

/** Whether blocks stand in another column now, and not only in another box. */
export function isRecolumned(records: readonly MutationRecord[]): boolean {
  return records.some(({ attributeName }) => attributeName === COLUMN)
}

export class ColumnRows {
  readonly #content: HTMLElement
  /** The first blocks of columns. */
  #heads: ReadonlySet<Element> = new Set()

  constructor(content: HTMLElement) {
    this.#content = content
  }

  get isEmpty(): boolean {
    return this.#heads.size === 0
  }

  /** Says of each column how many stand side by side with it (section 1.1 of `MODEL.md`), and where it begins. */
  arrange(columns: readonly Column[]): void {
    const rows = rowsOf(columns)
    const isInRow = new Set(rows.flat())
    for (const column of columns) if (!isInRow.has(column)) write(column.box)
    const heads = new Set<Element>()
    for (const row of rows) {
      const isEnd = row.some(({ blocks }) => blocks.some((block) => has(block, BOX_END)))
      const boxed = boxedOf(row)
      for (const [index, { box, blocks }] of row.entries()) {
        const [head] = blocks
        if (head instanceof Element) heads.add(head)
        box.style.setProperty('--of', String(row.length))
        const kind = index < boxed ? attribute(head, BOX) : ''
        if (kind !== '') box.style.setProperty('--base', attribute(head, BASE))
        write(box, { kind, isFirst: index === 0, isLast: index === boxed - 1, isEnd })
      }
    }
    for (const head of this.#heads) if (!heads.has(head)) head.removeAttribute('data-head')
    for (const head of heads) head.setAttribute('data-head', '')
    this.#heads = heads
    this.#content.toggleAttribute('data-rows', heads.size > 0)
  }
}

function rowsOf(columns: readonly Column[]): Column[][] {
  const rows: Column[][] = []
  let last = ''
  for (const each of columns) {
    const { column } = each
    if (column !== '' && column > last && last !== '') rows.at(-1)?.push(each)
    else if (column !== '') rows.push([each])
    last = column
  }
  return rows.filter(({ length }) => length > 1)
}

/** @returns how many columns of the row, from its first, stand whole in a callout that begins above it. */
function boxedOf(row: readonly Column[]): number {
  const other = row.findIndex(({ blocks }) =>
    blocks.some((block) => !has(block, BOX) || has(block, BOX_START)),
  )
  return other < 0 ? row.length : other
}

interface Place {
  /** Of the callout around it; '' for none. */
  readonly kind: string
  readonly isFirst: boolean
  /** Of those in the callout. */
  readonly isLast: boolean
  /** Whether the callout ends with this row. */
  readonly isEnd: boolean
}

function write(box: HTMLSlotElement, row?: Place): void {
  const isBoxed = row !== undefined && row.kind !== ''
  set(box, 'data-of', row === undefined ? undefined : '')
  set(box, BOX, isBoxed ? row.kind : undefined)
  set(box, 'data-first', row?.isFirst === true ? '' : undefined)
  set(box, 'data-end', isBoxed && row.isEnd ? '' : undefined)
  set(box, 'data-last', row?.isLast === true ? '' : undefined)
  set(box, 'part', isBoxed ? `box box-${row.kind}` : undefined)
}

/** Only where it differs: each attribute that is written is a style that is computed anew. */
function set(box: Element, name: string, value: string | undefined): void {
  if (value === undefined) box.removeAttribute(name)
  else if (box.getAttribute(name) !== value) box.setAttribute(name, value)
}

function has(block: ChildNode, name: string): boolean {
  return block instanceof Element && block.hasAttribute(name)
}

function attribute(block: ChildNode | undefined, name: string): string {
  return block instanceof Element ? (block.getAttribute(name) ?? '') : ''
}
