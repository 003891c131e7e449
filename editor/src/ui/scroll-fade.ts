/** Marks a bar that is wider than its room at the ends where more of it can be scrolled to, for a fade there. */
import { isRightToLeft } from './direction.ts'

export function markScrollEnds(bar: HTMLElement): void {
  const hidden = bar.scrollWidth - bar.clientWidth
  // In a right-to-left bar `scrollLeft` runs from 0 down to -hidden.
  const left = bar.scrollLeft < 0 || isRightToLeft(bar) ? hidden + bar.scrollLeft : bar.scrollLeft
  bar.classList.toggle('more-left', left > 2)
  bar.classList.toggle('more-right', left < hidden - 2)
}
