/**
 * Where a panel opened by a button goes. The popover attribute gives the top layer, Escape and dismissal by a click
 * elsewhere; this gives the place: below the button, inside the window.
 */

const GAP = 6
const MARGIN = 8

export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** Below the anchor with right edges aligned; above it when only there is room; never out of the window. Pure. */
export function placeOf(anchor: Box, panel: Size, room: Size): { left: number; top: number } {
  const left = Math.min(anchor.right - panel.width, room.width - panel.width - MARGIN)
  const below = anchor.bottom + GAP
  const above = anchor.top - GAP - panel.height
  const top = below + panel.height > room.height - MARGIN && above >= MARGIN ? above : below
  return { left: Math.max(MARGIN, left), top }
}

export function place(panel: HTMLElement, anchor: HTMLElement): void {
  const size = { width: panel.offsetWidth, height: panel.offsetHeight }
  const room = { width: document.documentElement.clientWidth, height: window.innerHeight }
  const { left, top } = placeOf(anchor.getBoundingClientRect(), size, room)
  panel.style.left = `${left}px`
  panel.style.top = `${top}px`
}
