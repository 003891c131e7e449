/**
 * The button of the table the caret is in, beside its row where there is room and above the table where there is none.
 *
 * Rule: it is placed by measuring, in a layer over the text, and never moves the text. What its menu does is told to
 * the surface as commands.
 */
import type { LexicalEditor } from 'lexical'
import { render } from 'lit'
import type { CommandName } from '../element/api.ts'
import { $selectedTable } from '../table-commands.ts'
import { isRightToLeft } from './direction.ts'
import { barsOf } from './keep-visible.ts'
import { menuIcon } from './menu-icons.ts'
import { type Moment, Planned } from './planned.ts'
import { openBeside } from './popover.ts'
import { boxOf, selectedRange } from './selected-range.ts'
import { setHidden } from './set-hidden.ts'
import type { Surface } from './surface.ts'
import type { TableMenu } from './table-menu.ts'
import './table-menu.ts'

export interface TableControlsOptions {
  readonly editor: LexicalEditor
  readonly content: HTMLElement
  /** Positioned, beside the text and as large. */
  readonly layer: HTMLElement
  readonly root: ShadowRoot
  readonly menu: TableMenu
  readonly surface: Surface
}

/** Between a table and what stands beside it. */
const GAP_PX = 6
/** Between the caret and the edges of a scrolling table. */
const ROOM_PX = 12

export class TableControls {
  readonly #options: TableControlsOptions
  readonly #button: HTMLButtonElement
  readonly #undo: () => void
  readonly #planned = new Planned(() => this.#place())

  constructor(options: TableControlsOptions) {
    this.#options = options
    const { layer, menu, surface, content, root } = options
    this.#button = this.#createButton()
    layer.append(this.#button)
    const plan = () => this.refresh()
    const stop = surface.onFormats(plan)
    const resizes = new ResizeObserver(plan)
    resizes.observe(content)
    menu.addEventListener('pick', this.#picked)
    menu.addEventListener('toggle', this.#toggled)
    root.addEventListener('focusin', plan)
    root.addEventListener('focusout', plan)
    addEventListener('scroll', plan, { passive: true, capture: true })
    this.#undo = () => {
      stop()
      resizes.disconnect()
      menu.removeEventListener('pick', this.#picked)
      menu.removeEventListener('toggle', this.#toggled)
      root.removeEventListener('focusin', plan)
      root.removeEventListener('focusout', plan)
      removeEventListener('scroll', plan, { capture: true })
    }
  }

  /** Places it anew, in the next frame when it is shown: the text, the caret or the layout has changed. */
  refresh(hidden: Moment = 'soon'): void {
    this.#planned.plan(this.#button.hidden ? hidden : 'in-frame')
  }

  /** Opens the menu with the keyboard in it. @returns false when the caret is in no table. */
  open(): boolean {
    this.#place()
    return this.#openMenu(true)
  }

  /** Scrolls a wide table sideways until the caret's cell can be seen. Only after what this person did. */
  reveal(): void {
    const range = selectedRange(this.#options.root)
    const node = range?.startContainer
    const cell = (node instanceof Element ? node : node?.parentElement)?.closest('.cell')
    const scroll = cell?.closest('.scroll')
    if (range === undefined || !(cell instanceof Element) || !(scroll instanceof Element)) return
    const box = scroll.getBoundingClientRect()
    const whole = cell.getBoundingClientRect()
    // Of a cell that is wider than the page, the caret is what has to be seen.
    const { left, right } =
      whole.width <= box.width
        ? whole
        : { left: boxOf(range).left - ROOM_PX, right: boxOf(range).left + ROOM_PX }
    if (left < box.left) scroll.scrollLeft -= box.left - left
    else if (right > box.right) scroll.scrollLeft += right - box.right
  }

  close(): void {
    this.#undo()
    this.#planned.cancel()
    if (this.#options.menu.matches(':popover-open')) this.#options.menu.hidePopover()
    this.#button.remove()
  }

  #createButton(): HTMLButtonElement {
    const button = document.createElement('button')
    const label = this.#options.menu.strings.table.menu
    render(menuIcon('table'), button)
    button.type = 'button'
    button.className = 'table-opener'
    button.hidden = true
    button.title = `${label} · Alt+F10`
    button.setAttribute('aria-label', label)
    button.setAttribute('aria-haspopup', 'menu')
    button.setAttribute('aria-expanded', 'false')
    button.setAttribute('aria-keyshortcuts', 'Alt+F10')
    // A press never takes the selection out of the text.
    button.addEventListener('mousedown', (event) => event.preventDefault())
    button.addEventListener('click', (event) => {
      // A touch must not take the focus out of the text: the screen's keyboard would fold away.
      this.#openMenu(event.detail === 0 || matchMedia('(pointer: fine)').matches)
    })
    return button
  }

  #place(): void {
    const { editor, layer, root, menu } = this.#options
    const key = editor.getEditorState().read(() => $selectedTable()?.getKey())
    const table = key === undefined ? null : editor.getElementByKey(key)
    const isUsed = root.activeElement !== null || menu.matches(':popover-open')
    setHidden(this.#button, table === null || !isUsed || !editor.isEditable())
    if (table === null || this.#button.hidden) return
    const box = (table.querySelector('.scroll') ?? table).getBoundingClientRect()
    const origin = layer.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = this.#button
    const page = layer.closest('.page')?.getBoundingClientRect() ?? origin
    const isRtl = isRightToLeft(table)
    const gutter = isRtl ? box.left - page.left : page.right - box.right
    const isBeside = gutter >= width + 2 * GAP_PX
    const row = isBeside ? this.#row(table) : undefined
    const wanted = isBeside ? (row ?? box).top + 2 : box.top - height - GAP_PX
    // A tall table is scrolled through: the button stays with what can be seen of it.
    const bar = barsOf(root).top?.getBoundingClientRect().bottom ?? 0
    const highest = Math.max(wanted, Math.max(bar, 0) + GAP_PX)
    const top = Math.max(wanted, Math.min(highest, box.bottom - height))
    const end = isBeside ? width + GAP_PX : 0
    const left = isRtl ? box.left - end : box.right + end - width
    this.#button.style.transform = `translate(${Math.round(left - origin.left)}px, ${Math.round(top - origin.top)}px)`
  }

  /** The row the caret is in. */
  #row(table: HTMLElement): DOMRect | undefined {
    const node = selectedRange(this.#options.root)?.startContainer
    const row = (node instanceof Element ? node : node?.parentElement)?.closest('tr')
    return row !== null && row !== undefined && table.contains(row) ? row.getBoundingClientRect() : undefined
  }

  #openMenu(takesFocus: boolean): boolean {
    const { menu, surface } = this.#options
    if (this.#button.hidden) return false
    if (menu.matches(':popover-open')) {
      menu.hidePopover()
      return true
    }
    menu.formats = surface.now()
    void this.#show(takesFocus)
    return true
  }

  async #show(takesFocus: boolean): Promise<void> {
    const { menu } = this.#options
    await menu.updateComplete
    openBeside(menu, this.#button.getBoundingClientRect())
    if (takesFocus) menu.focusFirst()
  }

  readonly #toggled = (event: Event): void => {
    this.#button.setAttribute('aria-expanded', String((event as ToggleEvent).newState === 'open'))
  }

  readonly #picked = (event: Event): void => {
    const { menu, surface } = this.#options
    const command = (event as CustomEvent<CommandName | null>).detail
    menu.hidePopover()
    if (command !== null) surface.exec(command)
    surface.focus()
  }
}
