/**
 * Dragging blocks: a line shows where they would go, and dropping them is one edit.
 *
 * Rule: while somebody drags, nothing is written and nothing of the text moves. Where blocks may go is decided anew
 * with each look, and once more at the drop (`block-moves.ts`): others may have changed the document meanwhile.
 * Escape, and a pointer that is taken away, end it without a trace.
 */
import { $getNearestNodeFromDOMNode, $getNodeByKey, type LexicalEditor, type NodeKey } from 'lexical'
import { $blockAround, $dropPlace, dropBlocks, type MoveBinding } from '../block-moves.ts'
import { blockUnder } from './block-under.ts'
import { barsOf, scrollAround } from './keep-visible.ts'

export interface BlockDragOptions {
  readonly editor: LexicalEditor
  readonly binding: MoveBinding
  readonly content: HTMLElement
  /** Positioned, beside the text and as large. */
  readonly layer: HTMLElement
  readonly root: ShadowRoot
}

/** Less than this is a press, not a drag. */
const THRESHOLD_PX = 4
/** So near to an edge of what can be seen a drag scrolls, by this much a frame. */
const EDGE_PX = 48
const SCROLL_PX = 10

/** Neighbouring blocks, all of them. */
export type DraggedKeys = readonly [NodeKey, ...NodeKey[]]

export class BlockDrag {
  readonly #options: BlockDragOptions
  readonly #keys: DraggedKeys
  readonly #onEnd: () => void
  readonly #line = document.createElement('div')
  readonly #startY: number
  #y: number
  #isMoving = false
  #frame: number | undefined
  #isOver = false

  /** @param onEnd called once, however it ends. */
  constructor(options: BlockDragOptions, keys: DraggedKeys, y: number, onEnd: () => void) {
    this.#options = options
    this.#keys = keys
    this.#startY = y
    this.#y = y
    this.#onEnd = onEnd
    this.#line.className = 'drop-line'
    this.#line.hidden = true
    options.layer.append(this.#line)
    addEventListener('keydown', this.#escape, { capture: true })
  }

  move(y: number): void {
    this.#y = y
    if (!this.#isMoving && Math.abs(y - this.#startY) < THRESHOLD_PX) return
    this.#isMoving = true
    for (const key of this.#keys) this.#options.editor.getElementByKey(key)?.classList.add('dragged')
    this.#frame ??= requestAnimationFrame(() => this.#aim())
  }

  /** @returns false when it was no more than a press. */
  drop(y: number): boolean {
    this.#y = y
    const target = this.#isMoving ? this.#target() : undefined
    const wasMoving = this.#isMoving
    this.end()
    const [first] = this.#keys
    const last = this.#keys.at(-1) ?? first
    if (target !== undefined) dropBlocks(this.#options, { first, last, before: target.before })
    return wasMoving
  }

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    removeEventListener('keydown', this.#escape, { capture: true })
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    this.#line.remove()
    for (const key of this.#keys) this.#options.editor.getElementByKey(key)?.classList.remove('dragged')
    this.#onEnd()
  }

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    this.end()
  }

  #aim(): void {
    const { content, layer, root } = this.#options
    const { top, bottom } = barsOf(root)
    const isAbove = this.#y < (top?.getBoundingClientRect().bottom ?? 0) + EDGE_PX
    const isBelow = this.#y > (bottom?.getBoundingClientRect().top ?? innerHeight) - EDGE_PX
    if (isAbove || isBelow) scrollAround(content, isAbove ? -SCROLL_PX : SCROLL_PX)
    const target = this.#target()
    this.#line.hidden = target === undefined
    if (target !== undefined) {
      const origin = layer.getBoundingClientRect()
      const [x, y] = [target.left - origin.left, target.y - origin.top - 1]
      this.#line.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`
      this.#line.style.width = `${Math.round(target.width)}px`
    }
    // At an edge it goes on scrolling while the pointer rests.
    this.#frame = isAbove || isBelow ? requestAnimationFrame(() => this.#aim()) : undefined
  }

  /** Where the blocks would go now; undefined where they are already. */
  #target(): { before: NodeKey | null; y: number; left: number; width: number } | undefined {
    const { editor, root } = this.#options
    const [first] = this.#keys
    const last = this.#keys.at(-1) ?? first
    const container = editor.getElementByKey(first)?.parentElement
    if (container === null || container === undefined) return undefined
    const { left, width, top, bottom } = container.getBoundingClientRect()
    const y = Math.min(Math.max(this.#y, top + 1), bottom - 1)
    const over = blockUnder({ root, container, intoCells: false }, left + width / 2, y)
    if (over === undefined) return undefined
    const box = over.getBoundingClientRect()
    const isAbove = y < (box.top + box.bottom) / 2
    const before = editor.read(() => {
      const node = $getNearestNodeFromDOMNode(over)
      const block = node === null ? undefined : $blockAround(node)
      const [from, to] = [$getNodeByKey(first), $getNodeByKey(last)]
      if (block === undefined || from === null || to === null) return undefined
      const place = $dropPlace({ first: from, last: to }, isAbove ? block : block.getNextSibling())
      return place === undefined || place === 'end' ? place : place.getKey()
    })
    if (before === undefined) return undefined
    const below = before === 'end' ? null : editor.getElementByKey(before)
    const above = below === null ? container.lastElementChild : below.previousElementSibling
    return { before: before === 'end' ? null : before, y: gapBetween(above, below), left, width }
  }
}

/** Where a line between two blocks is seen; at the start and the end of a text a little off its edge. */
function gapBetween(above: Element | null, below: Element | null): number {
  const [end, start] = [above?.getBoundingClientRect().bottom, below?.getBoundingClientRect().top]
  if (end === undefined) return (start ?? 0) - 2
  return start === undefined ? end + 2 : (end + start) / 2
}
