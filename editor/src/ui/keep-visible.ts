/**
 * Keeps the caret out from under the toolbar while somebody types.
 *
 * Lexical scrolls the caret into the window; a bar that sticks to its edge still covers that. Asking the page for
 * scroll padding would be styling what is not ours.
 */
import { boxOf, selectedRange } from './selected-range.ts'

/** Between the caret and the bar, so that the line being written is not squeezed against it. */
const ROOM_PX = 12

/** Scrolls the caret out from under the bars; what is selected stays where it is. */
export function keepCaretVisible(root: ShadowRoot, content: HTMLElement): void {
  const range = selectedRange(root)
  const bars = Object.values(barsOf(root)).flatMap((bar) => bar?.getBoundingClientRect() ?? [])
  if (range === undefined || !range.collapsed || !content.contains(range.startContainer)) return
  const by = scrollNeeded(boxOf(range), bars, innerHeight)
  if (by !== 0) scrollAround(content, by)
}

/** @param bars the boxes that may cover the text. @returns by how much to scroll; positive is down. */
export function scrollNeeded(
  caret: { top: number; bottom: number },
  bars: readonly { top: number; bottom: number }[],
  height: number,
): number {
  for (const bar of bars) {
    const atBottom = bar.top > height / 2
    if (atBottom && caret.bottom + ROOM_PX > bar.top) return caret.bottom + ROOM_PX - bar.top
    if (!atBottom && caret.top - ROOM_PX < bar.bottom) return caret.top - ROOM_PX - bar.bottom
  }
  return 0
}

/**
 * The toolbars that stick to an edge of the page.
 *
 * Found without a search through the text, which is in the same root: that costs as much as the text is long, and it
 * is asked at every key.
 */
export function barsOf(root: ShadowRoot): { top: Element | undefined; bottom: Element | undefined } {
  const bars = [...(root.querySelector('.frame')?.children ?? [])].filter(({ classList }) =>
    classList.contains('bar'),
  )
  const at = (edge: string) => bars.find(({ classList }) => classList.contains(edge))
  return { top: at('top'), bottom: at('bottom') }
}

/** Scrolls what scrolls around `element`. */
export function scrollAround(element: Element, by: number): void {
  let parent = parentOf(element)
  while (parent !== null) {
    const { overflowY } = getComputedStyle(parent)
    if (/auto|scroll|overlay/.test(overflowY) && parent.scrollHeight > parent.clientHeight) break
    parent = parentOf(parent)
  }
  ;(parent ?? document.scrollingElement)?.scrollBy({ top: by, behavior: 'instant' })
}

function parentOf(element: Element): Element | null {
  const root = element.getRootNode()
  return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null)
}
