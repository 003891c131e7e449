/** Which block is under the pointer, or beside it, by what the browser finds there: no list of boxes to keep. */

/** Between two blocks there is nothing to hit: the one above or below is meant. */
const NEARBY_PX = [0, -8, 8, -20, 20]

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
  for (const offset of NEARBY_PX) {
    const hit = root.elementFromPoint(inside, y + offset)
    const cell = intoCells && x >= box.left ? hit?.closest('.cell') : undefined
    const holder = cell !== undefined && cell !== null && cell.childElementCount > 1 ? cell : container
    let block = hit
    while (block !== null && block.parentElement !== holder) block = block.parentElement
    if (block instanceof HTMLElement) return block
  }
  return undefined
}
