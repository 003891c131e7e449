/**
 * Where a long stretch of blocks is cut, and how high one is about that nobody has seen yet.
 */

/**
 * Behind paragraphs and list items, where there are some: they have no margin below, and margins do not merge
 * across stretches.
 */
export function cut(blocks: readonly ChildNode[], size: number): (readonly ChildNode[])[] {
  const pieces: (readonly ChildNode[])[] = []
  let from = 0
  for (const [index, block] of blocks.entries()) {
    const length = index + 1 - from
    const isGood = block instanceof HTMLElement && isFlush(block)
    if (blocks.length - index > size / 2 && (length >= 2 * size - 1 || (length >= size && isGood))) {
      pieces.push(blocks.slice(from, index + 1))
      from = index + 1
    }
  }
  return [...pieces, blocks.slice(from)]
}

/** What has been seen the browser remembers; for the rest the scroll bar is about right with this. */
export function guessedHeight(blocks: readonly ChildNode[]): number {
  const charactersInLine = Math.min(MEASURE_PX, innerWidth) / CHARACTER_PX
  const lines = blocks.map(({ textContent }) => Math.ceil((textContent?.length ?? 0) / charactersInLine))
  return Math.round(lines.reduce((height, count) => height + LINE_PX * Math.max(1, count) + BETWEEN_PX, 0))
}

const MEASURE_PX = 720
const CHARACTER_PX = 8.6
const LINE_PX = 27
const BETWEEN_PX = 12

function isFlush({ tagName, dataset }: HTMLElement): boolean {
  return tagName === 'P' || dataset['kind'] === 'bullet' || dataset['kind'] === 'numbered'
}
