/**
 * The handle in the gutter beside the block under the pointer, by which it is dragged elsewhere.
 *
 * Rule: it is one button for all blocks, placed by measuring in a layer over the text. Somebody without a mouse finds
 * it by Tab, beside the block of the caret, and moves that by the arrows. What a drag does is in `block-drag.ts`, what a press
 * offers in `handle-menu.ts`.
 */
import { $createNodeSelection, $getNearestNodeFromDOMNode, $setSelection, type LexicalNode } from 'lexical'
import { render } from 'lit'
import { $blockAround, $nodesOf, $runOf, $selectedRun, type BlockRun } from '../block-moves.ts'
import { $isBlockNode } from '../blocks/block-node.ts'
import { restoreSelection } from './adopt-selection.ts'
import { BlockDrag, type BlockDragOptions, type DraggedKeys, type Point } from './block-drag.ts'
import { blockUnder } from './block-under.ts'
import { HandleMenu, type HandleMenuOptions } from './handle-menu.ts'
import { listen } from './listen.ts'
import { menuIcon } from './menu-icons.ts'

export interface BlockHandleOptions extends BlockDragOptions, HandleMenuOptions {
  readonly label: string
}

/** The handle's width and its distance from the text. */
const OUTSIDE_PX = 32

export class BlockHandle {
  readonly #options: BlockHandleOptions
  readonly #button = document.createElement('button')
  readonly #undo: (() => void)[]
  readonly #menu: HandleMenu
  #block: HTMLElement | undefined
  #drag: BlockDrag | undefined
  #frame: number | undefined

  constructor(options: BlockHandleOptions) {
    this.#options = options
    const { layer, label, content } = options
    const page = layer.closest<HTMLElement>('.page') ?? layer
    const button = this.#button
    render(menuIcon('handle'), button)
    button.type = 'button'
    button.className = 'block-handle'
    button.title = label
    button.setAttribute('aria-label', label)
    button.setAttribute('aria-keyshortcuts', 'Alt+Shift+ArrowUp Alt+Shift+ArrowDown')
    layer.append(button)
    this.#menu = new HandleMenu(options, button)
    this.#undo = [
      listen(page, 'pointermove', (event) => this.hover(event)),
      listen(page, 'pointerleave', () => this.#leave()),
      // Who types is not looking for handles.
      listen(content, 'keydown', () => this.#leave()),
      // A press never takes the selection out of the text.
      listen(button, 'mousedown', (event) => event.preventDefault()),
      listen(button, 'focus', () => this.#showAtCaret()),
      listen(button, 'blur', () => this.#leave()),
      listen(button, 'keydown', (event) => this.#key(event)),
      listen(button, 'click', (event) => {
        // By Enter or Space: it stands beside the caret's block.
        if (event.detail === 0) void this.#menu.open()
      }),
      listen(button, 'pointerdown', (event) => this.#press(event)),
      listen(button, 'pointermove', (event) => this.#drag?.move(pointOf(event))),
      listen(button, 'pointerup', (event) => this.#release(event)),
      listen(button, 'lostpointercapture', () => this.#drag?.end()),
    ]
  }

  /** The text has changed: the block is elsewhere now, or gone. */
  refresh(): void {
    if (this.#block === undefined || this.#drag !== undefined) return
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined
      const block = this.#block
      if (block?.isConnected === true) this.#show(block)
      else this.#leave()
    })
  }

  close(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#drag?.end()
    this.#menu.close()
    for (const undo of this.#undo) undo()
    this.#button.remove()
  }

  /** Shows it beside the block under the pointer. */
  hover(event: PointerEvent): void {
    if (event.pointerType === 'touch' || event.buttons !== 0 || this.#drag !== undefined || this.#menu.isOpen)
      return
    if (event.composedPath().includes(this.#button)) return
    const { editor, root, content: container } = this.#options
    const block = editor.isEditable()
      ? blockUnder({ root, container, intoCells: true }, event.clientX, event.clientY)
      : undefined
    if (block === undefined) this.#leave()
    else this.#show(block)
  }

  #leave(): void {
    if (this.#drag !== undefined || this.#menu.isOpen) return
    if (this.#options.root.activeElement === this.#button) return
    this.#block = undefined
    this.#button.classList.remove('shown')
  }

  /** Beside the block's first line; in a cell at its edge. */
  #show(block: HTMLElement): void {
    const { content, layer } = this.#options
    this.#block = block
    const style = getComputedStyle(block)
    const isInCell = block.parentElement !== content
    const box = block.getBoundingClientRect()
    const column = block.dataset['column'] === undefined ? null : block.assignedSlot
    const beside = isInCell ? box : (column ?? content).getBoundingClientRect()
    const origin = layer.getBoundingClientRect()
    const line = Number.parseFloat(style.paddingTop) + (Number.parseFloat(style.lineHeight) || box.height) / 2
    const middle = box.top + (block.dataset['kind'] === 'table' ? 20 : line)
    const isRtl = style.direction === 'rtl'
    // On a narrow page the margin has no room for it in full size.
    const isTight = isInCell || (isRtl ? innerWidth - beside.right : beside.left) < OUTSIDE_PX
    this.#button.classList.toggle('small', isTight)
    const { offsetWidth: width, offsetHeight: height } = this.#button
    // Never over the words: a click at the start of a line is meant for the line.
    const out = isTight ? width + 1 : OUTSIDE_PX
    const left = isRtl ? beside.right + out - width : beside.left - out
    this.#button.style.transform = `translate(${Math.round(left - origin.left)}px, ${Math.round(middle - height / 2 - origin.top)}px)`
    this.#button.classList.add('shown')
  }

  #showAtCaret(): void {
    const { editor } = this.#options
    const key = editor.read(() => $selectedRun()?.first.getKey())
    const block = key === undefined ? null : editor.getElementByKey(key)
    if (block !== null) this.#show(block)
  }

  #press(event: PointerEvent): void {
    const { editor } = this.#options
    const block = this.#block
    if (event.button !== 0 || block === undefined || !editor.isEditable()) return
    const keys = editor.read(() => $draggedWith(block))
    if (keys === undefined) return
    this.#button.setPointerCapture(event.pointerId)
    this.#drag = new BlockDrag(this.#options, keys, pointOf(event), () => {
      this.#drag = undefined
      if (this.#button.hasPointerCapture(event.pointerId)) this.#button.releasePointerCapture(event.pointerId)
      this.#leave()
    })
  }

  #release(event: PointerEvent): void {
    const drag = this.#drag
    const block = this.#block
    if (drag === undefined || drag.drop(pointOf(event)) || block === undefined) return
    const { editor } = this.#options
    editor.update(() => $goTo(block), { discrete: true })
    void this.#menu.open()
  }

  #key(event: KeyboardEvent): void {
    const { surface } = this.#options
    const command = event.key === 'ArrowUp' ? 'move-up' : event.key === 'ArrowDown' ? 'move-down' : undefined
    if (command === undefined && event.key !== 'Escape') return
    event.preventDefault()
    if (command === undefined) surface.focus()
    else {
      surface.exec(command)
      // The browser's selection was in what has moved: it is put into its new place before anybody asks for it.
      restoreSelection(this.#options.editor)
      this.#button.focus()
      this.#showAtCaret()
    }
  }
}

function pointOf({ clientX: x, clientY: y }: PointerEvent): Point {
  return { x, y }
}

/** The block and what it holds; one of several that are selected takes them along. */
function $draggedWith(element: HTMLElement): DraggedKeys | undefined {
  const block = $blockOf(element)
  if (block === undefined) return undefined
  const run = $selectedWith(block) ?? $runOf(block)
  const [first, ...others] = run === undefined ? [] : $nodesOf(run).map((each) => each.getKey())
  return first === undefined ? undefined : [first, ...others]
}

function $blockOf(element: HTMLElement): LexicalNode | undefined {
  const node = $getNearestNodeFromDOMNode(element)
  return node === null ? undefined : $blockAround(node)
}

/** @returns what is selected, if the block is. */
function $selectedWith(block: LexicalNode): BlockRun | undefined {
  const selected = $selectedRun()
  return selected !== undefined && $nodesOf(selected).some((each) => each.is(block)) ? selected : undefined
}

/** A press on the handle is about its block, and about all that are selected when it is one of them. */
function $goTo(element: HTMLElement): void {
  const block = $blockOf(element)
  if (block === undefined || $selectedWith(block) !== undefined) return
  if ($isBlockNode(block)) {
    block.selectStart()
    return
  }
  const selection = $createNodeSelection()
  selection.add(block.getKey())
  $setSelection(selection)
}
