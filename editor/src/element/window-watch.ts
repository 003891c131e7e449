/** What the window around an editor is like: how wide, and how much of it a phone's keyboard covers. */

const NARROW = '(max-width: 719.98px)'

/**
 * @param narrowed told at once, and whenever it changes.
 * @param covered by so many pixels from below; the keyboard covers the page instead of shrinking it.
 * @returns its undo.
 */
export function watchWindow(narrowed: (narrow: boolean) => void, covered: (px: number) => void): () => void {
  const media = matchMedia(NARROW)
  const measure = (): void => narrowed(media.matches)
  const view = visualViewport
  const look = (): void => {
    if (view === null) return
    // Pinch zoom shrinks the viewport too, and moves nothing.
    const px = view.scale > 1.01 ? 0 : Math.round(innerHeight - view.height - view.offsetTop)
    covered(Math.max(0, px))
  }
  media.addEventListener('change', measure)
  view?.addEventListener('resize', look)
  view?.addEventListener('scroll', look)
  measure()
  return () => {
    media.removeEventListener('change', measure)
    view?.removeEventListener('resize', look)
    view?.removeEventListener('scroll', look)
  }
}
