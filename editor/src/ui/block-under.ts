/** Which block is under the pointer, or beside it, by what the browser finds there: no list of boxes to keep. */

import { COLUMN_GAP_PX } from './column-rows.ts'
import { isRightToLeft } from './direction.ts'

/** Between two blocks there is nothing to hit: the one above or below is meant, and between two columns the second. */
const NEARBY_PX: readonly (readonly [across: number, down: number])[] = [
  [0, 0],
  [COLUMN_GAP_PX, 0],
  [0, -8],
  [0, 8],
  [0, -20],
  [0, 20],
]

export interface UnderOptions {
  readonly root: ShadowRoot
  /** What holds the blocks that are looked for: the text, or one cell. */
  readonly container: Element
  /** Whether a block of a cell with several is meant rather than the table around it. */
  readonly intoCells: boolean
}

/** @param x may be beside the text. */
export function blockUnder(
  { root, container, intoCells }: UnderOptions,
  x: number,
  y: number,
): HTMLElement | undefined {
  const box = container.getBoundingClientRect()
  const inside = Math.min(Math.max(x, box.left + 2), box.right - 2)
  const isRtl = isRightToLeft(container)
  for (const [across, offset] of NEARBY_PX) {
    const hit = root.elementFromPoint(inside + (isRtl ? -across : across), y + offset)
    const cell = intoCells && x >= box.left ? hit?.closest('.cell') : undefined
    const holder = cell !== undefined && cell !== null && cell.childElementCount > 1 ? cell : container
    let block = hit
    while (block !== null && block.parentElement !== holder) block = block.parentElement
    if (block instanceof HTMLElement) return block
  }
  return lastOfColumn(container, inside, y)
}

/** @returns the last block above a point in the room below a column that is shorter than its row. */
export function lastOfColumn({ shadowRoot }: Element, x: number, y: number): HTMLElement | undefined {
  // The boxes of columns are in the text's own shadow root.
  const box = shadowRoot?.elementFromPoint(x, y)
  const last = box instanceof HTMLSlotElement ? box.assignedElements().at(-1) : undefined
  return last instanceof HTMLElement && last.getBoundingClientRect().bottom <= y ? last : undefined
}
