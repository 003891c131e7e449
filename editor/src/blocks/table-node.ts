/**
 * A table on the screen: a table of rows of cells, each of which holds blocks as the document does.
 *
 * Rule: which rows and columns there are is the document's business (`binding/tables.ts`): these nodes carry the ids
 * of the lines they show, and a table without an id is one that was pasted or inserted and is not in it yet.
 * Why not `@lexical/table`: its merged cells, its own selection and its observers have no counterpart in a grid that
 * merges, and it is larger than the rest of the binding.
 */
import { MAX_INDENT } from '@weft/document'
import {
  $applyNodeReplacement,
  type DOMConversionMap,
  type DOMConversionOutput,
  type DOMExportOutput,
  type EditorConfig,
  type ElementDOMSlot,
  ElementNode,
  type LexicalNode,
  type SerializedElementNode,
  setDOMUnmanaged,
} from 'lexical'
import { hasHeaderRow, readSpan } from './table-import.ts'

export interface ShownColumn {
  readonly id: string
  /** In CSS pixels; 0 for what the content needs. */
  readonly width: number
}

/**
 * `grid` shows the table; a further marker with the same id is a `reference` without rows; a table that lost its
 * marker while somebody wrote in it is an `orphan` behind the last block.
 */
export type TableRole = 'grid' | 'reference' | 'orphan'

export interface TableHead {
  readonly table: string
  readonly role: TableRole
  readonly columns: readonly ShownColumn[]
  readonly headerRow: boolean
  readonly headerColumn: boolean
}

const NEW_TABLE: TableHead = { table: '', role: 'grid', columns: [], headerRow: false, headerColumn: false }

export interface SerializedWeftTableNode extends SerializedElementNode {
  headerRow: boolean
  headerColumn: boolean
}

export class WeftTableNode extends ElementNode {
  __head: TableHead = NEW_TABLE
  /** In which of the columns side by side it stands, from 1; 0 for none. Not one of its own columns. */
  __column = 0

  override $config() {
    return this.config('weft-table', { extends: ElementNode, importDOM: TABLE_IMPORT })
  }

  override afterCloneFrom(previous: this): void {
    super.afterCloneFrom(previous)
    this.__head = previous.__head
    this.__column = previous.__column
  }

  setColumn(column: number): this {
    if (this.getLatest().__column === column) return this.getLatest()
    const writable = this.getWritable()
    writable.__column = column
    return writable
  }

  getHead(): TableHead {
    return this.getLatest().__head
  }

  /** Changes nothing, and marks nothing dirty, when the head already says so. */
  setHead(head: TableHead): this {
    const latest = this.getLatest()
    if (sameHead(latest.__head, head)) return latest
    const writable = this.getWritable()
    writable.__head = head
    return writable
  }

  override setIndent(indent: number): this {
    const wanted = Math.min(Math.max(Math.trunc(indent), 0), MAX_INDENT)
    return this.getIndent() === wanted ? this.getLatest() : super.setIndent(wanted)
  }

  override createDOM(config: EditorConfig): HTMLElement {
    const dom = document.createElement('div')
    const theme = config.theme as { block?: string }
    if (theme.block !== undefined) dom.classList.add(...theme.block.split(' '))
    const scroll = document.createElement('div')
    scroll.className = 'scroll'
    const table = document.createElement('table')
    const group = document.createElement('colgroup')
    setDOMUnmanaged(group)
    table.append(group)
    scroll.append(table)
    dom.append(scroll)
    writeTable(this, dom)
    return dom
  }

  override updateDOM(_previous: this, dom: HTMLElement): boolean {
    writeTable(this, dom)
    return false
  }

  override getDOMSlot(element: HTMLElement): ElementDOMSlot<HTMLElement> {
    const table = tableIn(element) ?? element
    return super.getDOMSlot(element).withElement(table).withAfter(table.querySelector(':scope > colgroup'))
  }

  override exportDOM(): DOMExportOutput {
    return { element: document.createElement('table') }
  }

  override exportJSON(): SerializedWeftTableNode {
    const { headerRow, headerColumn } = this.getHead()
    return { ...super.exportJSON(), headerRow, headerColumn }
  }

  override updateFromJSON(serialized: Parameters<ElementNode['updateFromJSON']>[0]): this {
    const json = serialized as Partial<SerializedWeftTableNode>
    const head = { headerRow: json.headerRow === true, headerColumn: json.headerColumn === true }
    return super.updateFromJSON(serialized).setHead({ ...NEW_TABLE, ...head })
  }

  override isShadowRoot(): boolean {
    return true
  }

  override canIndent(): boolean {
    return true
  }
}

export class WeftRowNode extends ElementNode {
  /** The document's id of the row; '' until it is in it. */
  __row = ''

  override $config() {
    return this.config('weft-row', { extends: ElementNode, importDOM: ROW_IMPORT })
  }

  override afterCloneFrom(previous: this): void {
    super.afterCloneFrom(previous)
    this.__row = previous.__row
  }

  setRow(row: string): this {
    if (this.getLatest().__row === row) return this.getLatest()
    const writable = this.getWritable()
    writable.__row = row
    return writable
  }

  override createDOM(): HTMLElement {
    return document.createElement('tr')
  }

  override updateDOM(): boolean {
    return false
  }

  override exportDOM(): DOMExportOutput {
    return { element: document.createElement('tr') }
  }

  override isShadowRoot(): boolean {
    return true
  }

  override canIndent(): boolean {
    return false
  }
}

export interface CellSpan {
  readonly columns: number
  readonly rows: number
}

const ONE: CellSpan = { columns: 1, rows: 1 }

/** What a cell is the head of; decides the element it is shown as. */
export type CellScope = 'none' | 'row' | 'column'

export class WeftCellNode extends ElementNode {
  /** The document's id of the column; '' until it is in it. */
  __column = ''
  __scope: CellScope = 'none'
  /** How many columns and rows a pasted cell claims, until `table-shape.ts` has made a full grid of it. */
  __span: CellSpan = ONE

  override $config() {
    return this.config('weft-cell', { extends: ElementNode, importDOM: CELL_IMPORT })
  }

  override afterCloneFrom(previous: this): void {
    super.afterCloneFrom(previous)
    this.__column = previous.__column
    this.__scope = previous.__scope
    this.__span = previous.__span
  }

  getSpan(): CellSpan {
    return this.getLatest().__span
  }

  setSpan(span: CellSpan): this {
    const latest = this.getLatest()
    if (latest.__span.columns === span.columns && latest.__span.rows === span.rows) return latest
    const writable = this.getWritable()
    writable.__span = span
    return writable
  }

  setPlace(column: string, scope: CellScope): this {
    const latest = this.getLatest()
    if (latest.__column === column && latest.__scope === scope) return latest
    const writable = this.getWritable()
    writable.__column = column
    writable.__scope = scope
    return writable
  }

  override createDOM(): HTMLElement {
    const cell = createCell(this.__scope)
    cell.className = 'cell'
    return cell
  }

  override updateDOM(previous: this): boolean {
    return previous.__scope !== this.__scope
  }

  override exportDOM(): DOMExportOutput {
    return { element: createCell(this.getLatest().__scope) }
  }

  override isShadowRoot(): boolean {
    return true
  }

  override canIndent(): boolean {
    return false
  }
}

export function $createTableNode(head: Partial<TableHead> = {}): WeftTableNode {
  return $applyNodeReplacement(new WeftTableNode()).setHead({ ...NEW_TABLE, ...head })
}

export function $createRowNode(row = ''): WeftRowNode {
  return $applyNodeReplacement(new WeftRowNode()).setRow(row)
}

export function $createCellNode(column = '', scope: CellScope = 'none'): WeftCellNode {
  return $applyNodeReplacement(new WeftCellNode()).setPlace(column, scope)
}

export function $isTableNode(node: LexicalNode | null | undefined): node is WeftTableNode {
  return node instanceof WeftTableNode
}

/** One that lost its place stands behind the last block without being one. Any version of it, without an active editor. */
export function $isLostTable(node: LexicalNode | null | undefined): boolean {
  return $isTableNode(node) && node.__head.role === 'orphan'
}

export function $isRowNode(node: LexicalNode | null | undefined): node is WeftRowNode {
  return node instanceof WeftRowNode
}

export function $isCellNode(node: LexicalNode | null | undefined): node is WeftCellNode {
  return node instanceof WeftCellNode
}

export function sameHead(a: TableHead, b: TableHead): boolean {
  return (
    a.table === b.table &&
    a.role === b.role &&
    a.headerRow === b.headerRow &&
    a.headerColumn === b.headerColumn &&
    a.columns.length === b.columns.length &&
    a.columns.every(
      ({ id, width }, index) => id === b.columns[index]?.id && width === b.columns[index]?.width,
    )
  )
}

function createCell(scope: CellScope): HTMLElement {
  const cell = document.createElement(scope === 'none' ? 'td' : 'th')
  if (scope !== 'none') cell.setAttribute('scope', scope === 'row' ? 'row' : 'col')
  return cell
}

function writeTable(node: WeftTableNode, dom: HTMLElement): void {
  const { role, columns } = node.__head
  dom.dataset['kind'] = 'table'
  dom.dataset['role'] = node.__size === 0 && role === 'grid' ? 'empty' : role
  if (node.__indent > 0) dom.dataset['indent'] = String(node.__indent)
  else delete dom.dataset['indent']
  if (node.__column > 0) dom.dataset['column'] = String(node.__column)
  else delete dom.dataset['column']
  // Without a caret inside it is one thing, to be selected and deleted as a whole.
  if (node.__size === 0) dom.setAttribute('contenteditable', 'false')
  else dom.removeAttribute('contenteditable')
  const wanted = columns.map(({ width }) => {
    const column = document.createElement('col')
    if (width > 0) column.style.width = `${width}px`
    return column
  })
  tableIn(dom)
    ?.querySelector(':scope > colgroup')
    ?.replaceChildren(...wanted)
  writeWidth(
    dom,
    columns.map(({ width }) => width),
  )
}

/** Tells the style sheet how wide the whole table is; on the page it decides what a column without a width takes. */
export function writeWidth(dom: HTMLElement, widths: readonly number[]): void {
  const fixed = widths.reduce((sum, width) => sum + width, 0)
  dom.style.setProperty('--columns', String(widths.length))
  dom.style.setProperty('--fixed', `${fixed}px`)
  dom.style.setProperty('--free', String(widths.filter((width) => width === 0).length))
}

export function tableIn(dom: Element): HTMLElement | null {
  return dom.querySelector<HTMLElement>(':scope > .scroll > table')
}

const TABLE_IMPORT: DOMConversionMap = {
  table: () => ({
    conversion: (element: HTMLElement) => ({ node: $createTableNode({ headerRow: hasHeaderRow(element) }) }),
    priority: 1,
  }),
}

const ROW_IMPORT: DOMConversionMap = {
  tr: () => ({ conversion: () => ({ node: $createRowNode() }), priority: 1 }),
}

function importCell(): { conversion: (element: HTMLElement) => DOMConversionOutput; priority: 1 } {
  const conversion = (element: HTMLElement): DOMConversionOutput => ({
    node: $createCellNode().setSpan({
      columns: readSpan(element, 'colspan'),
      rows: readSpan(element, 'rowspan'),
    }),
  })
  return { conversion, priority: 1 }
}

const CELL_IMPORT: DOMConversionMap = { td: importCell, th: importCell }
