/**
 * Dragging blocks: a line shows where they would go, and dropping them is one edit.
 *
 * Rule: while somebody drags, nothing is written and nothing of the text moves. Where blocks may go is decided anew
 * with each look, and once more at the drop (`block-moves.ts`): others may have changed the document meanwhile.
 * Escape, and a pointer that is taken away, end it without a trace.
 */
import {
  $getNearestNodeFromDOMNode,
  $getNodeByKey,
  type LexicalEditor,
  type LexicalNode,
  type NodeKey,
} from 'lexical'
import { $blockAround, $dropMove, dropBlocks, type MoveBinding } from '../block-moves.ts'
import { $columnOf, $countColumns, $rowOf } from '../blocks/columns.ts'
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
  readonly #start: Point
  #at: Point
  #isMoving = false
  #frame: number | undefined
  #isOver = false

  /** @param onEnd called once, however it ends. */
  constructor(options: BlockDragOptions, keys: DraggedKeys, start: Point, onEnd: () => void) {
    this.#options = options
    this.#keys = keys
    this.#start = start
    this.#at = start
    this.#onEnd = onEnd
    this.#line.className = 'drop-line'
    this.#line.hidden = true
    options.layer.append(this.#line)
    addEventListener('keydown', this.#escape, { capture: true })
  }

  move(at: Point): void {
    this.#at = at
    const far = Math.max(Math.abs(at.y - this.#start.y), Math.abs(at.x - this.#start.x))
    if (!this.#isMoving && far < THRESHOLD_PX) return
    this.#isMoving = true
    for (const key of this.#keys) this.#options.editor.getElementByKey(key)?.classList.add('dragged')
    this.#frame ??= requestAnimationFrame(() => this.#aim())
  }

  /** @returns false when it was no more than a press. */
  drop(at: Point): boolean {
    this.#at = at
    const target = this.#isMoving ? this.#target() : undefined
    const wasMoving = this.#isMoving
    this.end()
    const [first] = this.#keys
    const last = this.#keys.at(-1) ?? first
    if (target !== undefined)
      dropBlocks(this.#options, { first, last, before: target.before, column: target.column })
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
    const { y: pointerY } = this.#at
    const isAbove = pointerY < (top?.getBoundingClientRect().bottom ?? 0) + EDGE_PX
    const isBelow = pointerY > (bottom?.getBoundingClientRect().top ?? innerHeight) - EDGE_PX
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
  #target(): Target | undefined {
    const { editor, root } = this.#options
    const [first] = this.#keys
    const last = this.#keys.at(-1) ?? first
    const container = editor.getElementByKey(first)?.parentElement
    if (container === null || container === undefined) return undefined
    const edges = container.getBoundingClientRect()
    const x = container === this.#options.content ? this.#at.x : edges.left + edges.width / 2
    const y = Math.min(Math.max(this.#at.y, edges.top + 1), edges.bottom - 1)
    const over = blockUnder({ root, container, intoCells: false }, x, y)
    if (over === undefined) return undefined
    return editor.read(() => {
      const node = $getNearestNodeFromDOMNode(over)
      const block = node === null ? undefined : $blockAround(node)
      const [from, to] = [$getNodeByKey(first), $getNodeByKey(last)]
      if (block === undefined || from === null || to === null) return undefined
      // Beside the row, and beyond the text, the full width is meant; in a column that column is.
      const row = $countColumns(block) > 1 ? $rowOf(block) : []
      const isBeside = (x < edges.left || x > edges.right) && !row.some((each) => each.is(from))
      const isBeyond = this.#at.y < edges.top || this.#at.y > edges.bottom
      const column = row.length > 0 && !isBeside && !isBeyond ? $columnOf(block) : 0
      const group = column > 0 || row.length === 0 ? [block] : row
      const { top, bottom } = this.#boxOf(group) ?? edges
      const place = y < (top + bottom) / 2 ? group[0] : group.at(-1)?.getNextSibling()
      const move = $dropMove({ first: from, last: to }, place ?? null, column)
      if (move === undefined) return undefined
      const { before = place ?? null } = move
      const below = before === 'end' ? null : before
      const above = below === null ? from.getParent()?.getLastChild() : below.getPreviousSibling()
      const isShown = (each: LexicalNode | null | undefined): each is LexicalNode =>
        each !== null && each !== undefined && (column === 0 || $columnOf(each) === column)
      const boxes = [above, below].map((each) =>
        isShown(each)
          ? this.#boxOf(column === 0 && $countColumns(each) > 1 ? $rowOf(each) : [each])
          : undefined,
      )
      const { left, width } = (column > 0 ? over.assignedSlot : container)?.getBoundingClientRect() ?? edges
      return {
        before: below?.getKey() ?? null,
        column,
        y: gapBetween(boxes[0]?.bottom, boxes[1]?.top),
        left,
        width,
      }
    })
  }

  /** Around all of them; undefined where none is on the page. */
  #boxOf(blocks: readonly LexicalNode[]): { readonly top: number; readonly bottom: number } | undefined {
    const boxes = blocks.flatMap(
      (block) => this.#options.editor.getElementByKey(block.getKey())?.getBoundingClientRect() ?? [],
    )
    if (boxes.length === 0) return undefined
    return {
      top: Math.min(...boxes.map(({ top }) => top)),
      bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
    }
  }
}

/** Of the pointer, in the window. */
export interface Point {
  readonly x: number
  readonly y: number
}

interface Target {
  readonly before: NodeKey | null
  readonly column: number
  /** Where the line is drawn. */
  readonly y: number
  readonly left: number
  readonly width: number
}

/** Where a line between two blocks is seen; at the start and the end of a text, or of a column, a little off its edge. */
function gapBetween(end: number | undefined, start: number | undefined): number {
  if (end === undefined) return (start ?? 0) - 2
  return start === undefined ? end + 2 : (end + start) / 2
}
