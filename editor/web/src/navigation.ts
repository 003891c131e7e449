/**
 * Moving between pages without loading one: the history API, and one listener for those who render the address.
 */

/** What a page may be told by whoever sent the reader there; kept in the history entry, so a reload is told again. */
export interface Arrival {
  /** The document was made a moment ago: its title waits to be typed. */
  readonly fresh: boolean
}

const moved = new EventTarget()

/** Goes to `path` as a new history entry; the same path again only tells the listeners. */
export function navigate(path: string, arrival: Arrival = { fresh: false }): void {
  if (path !== location.pathname + location.search) history.pushState(arrival, '', path)
  moved.dispatchEvent(new Event('moved'))
}

/** Changes the address of the present entry without telling anybody: for a search that is being typed. */
export function replaceAddress(path: string): void {
  history.replaceState(history.state, '', path)
}

/** Reads what the present entry was told, once: a second call, or a reload, is not fresh any more. */
export function takeArrival(): Arrival {
  const state: unknown = history.state
  const fresh = typeof state === 'object' && state !== null && 'fresh' in state && state.fresh === true
  if (fresh) history.replaceState({ fresh: false }, '')
  return { fresh }
}

/** @returns the undo. */
export function onNavigation(listener: () => void): () => void {
  moved.addEventListener('moved', listener)
  window.addEventListener('popstate', listener)
  return () => {
    moved.removeEventListener('moved', listener)
    window.removeEventListener('popstate', listener)
  }
}

/** Whether a click means "go there, here": unmodified, primary button, a link of ours that opens in this tab. */
export function linkOf(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined
  const anchor = event.composedPath().find((node) => node instanceof HTMLAnchorElement)
  if (anchor === undefined || anchor.target !== '' || anchor.hasAttribute('download')) return undefined
  if (anchor.origin !== location.origin || !anchor.hasAttribute('data-route')) return undefined
  return anchor.pathname + anchor.search
}
