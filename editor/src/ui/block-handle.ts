/**
 * The handle in the gutter beside the block under the pointer, by which it is dragged elsewhere.
 *
 * Rule: it is one button for all blocks, placed by measuring in a layer over the text. Somebody without a mouse finds
 * it by Tab, beside the block of the caret, and moves that by the arrows. What a drag does is in `block-drag.ts`.
 */
import {
  $createNodeSelection,
  $getNearestNodeFromDOMNode,
  $getNodeByKey,
  $setSelection,
  type NodeKey,
} from 'lexical'
import { render } from 'lit'
import { $blockAround, $nodesOf, $runOf, $selectedRun } from '../block-moves.ts'
import { $isBlockNode } from '../blocks/block-node.ts'
import { restoreSelection } from './adopt-selection.ts'
import { BlockDrag, type BlockDragOptions, type DraggedKeys } from './block-drag.ts'
import { blockUnder } from './block-under.ts'
import { icon } from './icons.ts'
import { listen } from './listen.ts'
import type { Surface } from './surface.ts'

export interface BlockHandleOptions extends BlockDragOptions {
  readonly surface: Surface
  readonly label: string
}

/** The handle's width and its distance from the text. */
const OUTSIDE_PX = 32

export class BlockHandle {
  readonly #options: BlockHandleOptions
  readonly #button = document.createElement('button')
  readonly #undo: (() => void)[]
  #block: HTMLElement | undefined
  #drag: BlockDrag | undefined
  #frame: number | undefined

  constructor(options: BlockHandleOptions) {
    this.#options = options
    const { layer, label, content } = options
    const page = layer.closest<HTMLElement>('.page') ?? layer
    const button = this.#button
    render(icon('handle'), button)
    button.type = 'button'
    button.className = 'block-handle'
    button.title = label
    button.setAttribute('aria-label', label)
    button.setAttribute('aria-keyshortcuts', 'Alt+Shift+ArrowUp Alt+Shift+ArrowDown')
    layer.append(button)
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
      listen(button, 'pointerdown', (event) => this.#press(event)),
      listen(button, 'pointermove', (event) => this.#drag?.move(event.clientY)),
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
    for (const undo of this.#undo) undo()
    this.#button.remove()
  }

  /** Shows it beside the block under the pointer. */
  hover(event: PointerEvent): void {
    if (event.pointerType === 'touch' || event.buttons !== 0 || this.#drag !== undefined) return
    if (event.composedPath().includes(this.#button)) return
    const { editor, root, content: container } = this.#options
    const block = editor.isEditable()
      ? blockUnder({ root, container, intoCells: true }, event.clientX, event.clientY)
      : undefined
    if (block === undefined) this.#leave()
    else this.#show(block)
  }

  #leave(): void {
    if (this.#drag !== undefined || this.#options.root.activeElement === this.#button) return
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
    const beside = isInCell ? box : content.getBoundingClientRect()
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
    this.#drag = new BlockDrag(this.#options, keys, event.clientY, () => {
      this.#drag = undefined
      if (this.#button.hasPointerCapture(event.pointerId)) this.#button.releasePointerCapture(event.pointerId)
      this.#leave()
    })
  }

  #release(event: PointerEvent): void {
    const drag = this.#drag
    const block = this.#block
    if (drag === undefined || drag.drop(event.clientY) || block === undefined) return
    const { editor, surface } = this.#options
    const key = editor.read(() => $getNearestNodeFromDOMNode(block)?.getKey())
    if (key === undefined) return
    editor.update(() => $goTo(key), { discrete: true })
    surface.focus()
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

/** The block and what it holds; one of several that are selected takes them along. */
function $draggedWith(element: HTMLElement): DraggedKeys | undefined {
  const node = $getNearestNodeFromDOMNode(element)
  const block = node === null ? undefined : $blockAround(node)
  if (block === undefined) return undefined
  const selected = $selectedRun()
  const isSelected = selected !== undefined && $nodesOf(selected).some((each) => each.is(block))
  const run = isSelected ? selected : $runOf(block)
  const [first, ...others] = run === undefined ? [] : $nodesOf(run).map((each) => each.getKey())
  return first === undefined ? undefined : [first, ...others]
}

/** A press on the handle puts the caret there: what is typed then must not replace what the block says. */
function $goTo(key: NodeKey): void {
  const node = $getNodeByKey(key)
  if ($isBlockNode(node)) {
    node.selectStart()
    return
  }
  const selection = $createNodeSelection()
  selection.add(key)
  $setSelection(selection)
}
