/**
 * What the page around the editor lives through, where there is a page; silence elsewhere (Node, workers).
 */
export interface PageEvents {
  /** The page may be gone in a moment: what is to be kept must be handed over now. @returns its undo */
  onHidden(run: () => void): () => void
  /** Somebody looks at the page again. @returns its undo */
  onShown(run: () => void): () => void
  /** The machine has a network again. @returns its undo */
  onOnline(run: () => void): () => void
}

export function browserPage(): PageEvents {
  if (typeof window === 'undefined' || typeof document === 'undefined') return noPage
  return {
    onHidden(run) {
      const undoVisibility = listen(document, 'visibilitychange', () => {
        if (document.visibilityState === 'hidden') run()
      })
      const undoHide = listen(window, 'pagehide', run)
      return () => {
        undoVisibility()
        undoHide()
      }
    },
    onShown: (run) =>
      listen(document, 'visibilitychange', () => {
        if (document.visibilityState === 'visible') run()
      }),
    onOnline: (run) => listen(window, 'online', run),
  }
}

const nothing = () => () => {}

const noPage: PageEvents = { onHidden: nothing, onShown: nothing, onOnline: nothing }

function listen(target: EventTarget, name: string, run: () => void): () => void {
  const handler = () => run()
  target.addEventListener(name, handler)
  return () => target.removeEventListener(name, handler)
}
