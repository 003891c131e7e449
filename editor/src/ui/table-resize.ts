/**
 * The edge of a column, which is dragged to make it wider or narrower.
 *
 * Rule: while somebody drags, only the page's own columns change; the width is written once, when the edge is let go.
 * Escape, and a pointer that is taken away, put back what was. A double click gives the column what it had at first.
 */
import { $getNearestNodeFromDOMNode, type LexicalEditor } from 'lexical'
import { $isCellNode, tableIn, writeWidth } from '../blocks/table-node.ts'
import { MIN_COLUMN_WIDTH, setTableColumnWidth, type TableBinding } from '../table-commands.ts'
import { isRightToLeft } from './direction.ts'
import { listen } from './listen.ts'

export interface TableResizeOptions {
  readonly editor: LexicalEditor
  readonly binding: TableBinding
  readonly content: HTMLElement
  /** Positioned, beside the text and as large. */
  readonly layer: HTMLElement
}

/** So near to an edge the pointer means it. */
const REACH_PX = 5

interface Edge {
  readonly cell: HTMLTableCellElement
  readonly block: HTMLElement
}

interface Drag extends Edge {
  readonly startX: number
  readonly startWidth: number
  /** Of all columns before the drag; 0 for one without a width of its own. */
  readonly widths: readonly number[]
  width: number
}

export class TableResize {
  readonly #options: TableResizeOptions
  readonly #handle = document.createElement('div')
  readonly #undo: (() => void)[]
  #edge: Edge | undefined
  #drag: Drag | undefined

  constructor(options: TableResizeOptions) {
    this.#options = options
    const handle = this.#handle
    handle.className = 'column-edge'
    handle.hidden = true
    options.layer.append(handle)
    this.#undo = [
      listen(options.content, 'pointermove', (event) => this.#hover(event)),
      listen(options.content, 'keydown', () => this.#hide()),
      listen(handle, 'mousedown', (event) => event.preventDefault()),
      listen(handle, 'pointerleave', () => this.#hide()),
      listen(handle, 'pointerdown', (event) => this.#press(event)),
      listen(handle, 'pointermove', (event) => this.#move(event)),
      listen(handle, 'pointerup', () => this.#end(true)),
      listen(handle, 'lostpointercapture', () => this.#end(false)),
      listen(handle, 'dblclick', () => this.#reset()),
    ]
  }

  close(): void {
    this.#end(false)
    for (const undo of this.#undo) undo()
    this.#handle.remove()
  }

  #hover(event: PointerEvent): void {
    if (event.pointerType === 'touch' || event.buttons !== 0 || this.#drag !== undefined) return
    const edge = this.#options.editor.isEditable() ? edgeAt(event) : undefined
    if (edge === undefined) this.#hide()
    else this.#show(edge)
  }

  #hide(): void {
    if (this.#drag === undefined) this.#handle.hidden = true
  }

  #show(edge: Edge): void {
    this.#edge = edge
    this.#handle.hidden = false
    this.#place(edge)
  }

  /** Along the whole table, on the edge behind the cell. */
  #place({ cell, block }: Edge): void {
    const origin = this.#options.layer.getBoundingClientRect()
    const box = cell.getBoundingClientRect()
    const table = tableIn(block)?.getBoundingClientRect() ?? box
    const x = isRightToLeft(block) ? box.left : box.right
    const { style, offsetWidth } = this.#handle
    style.height = `${Math.round(table.height)}px`
    style.transform = `translate(${Math.round(x - origin.left - offsetWidth / 2)}px, ${Math.round(table.top - origin.top)}px)`
  }

  #press(event: PointerEvent): void {
    const edge = this.#edge
    if (edge === undefined || event.button !== 0) return
    event.preventDefault()
    this.#handle.setPointerCapture(event.pointerId)
    this.#handle.classList.add('dragging')
    const startWidth = edge.cell.getBoundingClientRect().width
    const widths = columnsOf(edge.block).map((column) => Number.parseFloat(column.style.width) || 0)
    this.#drag = { ...edge, startX: event.clientX, startWidth, width: startWidth, widths }
    addEventListener('keydown', this.#escape, { capture: true })
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag
    if (drag === undefined) return
    const by = (event.clientX - drag.startX) * (isRightToLeft(drag.block) ? -1 : 1)
    drag.width = Math.max(MIN_COLUMN_WIDTH, Math.round(drag.startWidth + by))
    preview(drag, drag.width)
    this.#place(drag)
  }

  #end(isDone: boolean): void {
    const drag = this.#drag
    this.#drag = undefined
    if (drag === undefined) return
    removeEventListener('keydown', this.#escape, { capture: true })
    this.#handle.classList.remove('dragging')
    this.#handle.hidden = true
    const isChanged = Math.round(drag.startWidth) !== drag.width
    if (!isDone || !isChanged || !this.#write(drag, drag.width))
      preview(drag, drag.widths[drag.cell.cellIndex] ?? 0)
  }

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    this.#end(false)
  }

  #reset(): void {
    if (this.#edge !== undefined) this.#write(this.#edge, 0)
  }

  #write({ cell }: Edge, width: number): boolean {
    const { editor, binding } = this.#options
    const key = editor.read(() => {
      const node = $getNearestNodeFromDOMNode(cell)
      return $isCellNode(node) ? node.getKey() : undefined
    })
    return key !== undefined && setTableColumnWidth({ editor, binding }, key, width)
  }
}

/** The cell whose far edge is under the pointer. */
function edgeAt(event: PointerEvent): Edge | undefined {
  const target = event.composedPath()[0]
  const cell = target instanceof Element ? target.closest('.cell') : null
  const block = cell?.closest('[data-kind="table"]')
  if (!(cell instanceof HTMLTableCellElement) || !(block instanceof HTMLElement)) return undefined
  const { left, right } = cell.getBoundingClientRect()
  const [far, near] = isRightToLeft(block)
    ? [event.clientX - left, right - event.clientX]
    : [right - event.clientX, event.clientX - left]
  if (far <= REACH_PX) return { cell, block }
  const before = cell.previousElementSibling
  return near <= REACH_PX && before instanceof HTMLTableCellElement ? { cell: before, block } : undefined
}

/** Others may have changed the table meanwhile: only what is there now is shown. */
function preview({ cell, block }: Edge, width: number): void {
  const columns = columnsOf(block)
  const column = columns[cell.cellIndex]
  if (column === undefined || !cell.isConnected) return
  column.style.width = width > 0 ? `${width}px` : ''
  writeWidth(
    block,
    columns.map((each) => Number.parseFloat(each.style.width) || 0),
  )
}

function columnsOf(block: HTMLElement): HTMLElement[] {
  return [...(tableIn(block)?.querySelectorAll<HTMLElement>('col') ?? [])]
}
