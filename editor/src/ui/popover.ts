/**
 * Where a menu or card opens: beside what it belongs to, inside the window, in the top layer.
 *
 * The top layer matters in embeds: a page that clips or stacks the element must not cut its menus.
 */

export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** Below `anchor` where it fits, else above, else wherever there is more room; at least `margin` from every edge. */
export function placeBeside(
  anchor: Box,
  popup: Size,
  window: Size,
  margin = 8,
  gap = 6,
): { left: number; top: number } {
  const left = Math.max(margin, Math.min(anchor.left, window.width - popup.width - margin))
  const below = anchor.bottom + gap
  const above = anchor.top - gap - popup.height
  const fitsBelow = below + popup.height <= window.height - margin
  const fitsAbove = above >= margin
  const wanted = fitsBelow || (!fitsAbove && window.height - anchor.bottom >= anchor.top) ? below : above
  return { left, top: Math.max(margin, Math.min(wanted, window.height - popup.height - margin)) }
}

/** Shows `element` (with a `popover` attribute) beside `anchor`. It must be in the page. */
export function openBeside(element: HTMLElement, anchor: Box): void {
  if (!element.matches(':popover-open')) element.showPopover()
  const { width, height } = element.getBoundingClientRect()
  const place = placeBeside(anchor, { width, height }, { width: innerWidth, height: innerHeight })
  element.style.left = `${Math.round(place.left)}px`
  element.style.top = `${Math.round(place.top)}px`
}
