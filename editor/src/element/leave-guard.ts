/**
 * Asks before the page goes while that would lose something typed.
 *
 * Listening only while something is under way keeps the page fit for the browser's back/forward cache.
 */
import type { SaveStatus } from './api.ts'

/** @returns to be called with every state of saving, and with undefined when there is nothing to guard any more. */
export function guardLeaving(wouldLose: () => boolean): (kind: SaveStatus['kind'] | undefined) => void {
  const ask = (event: BeforeUnloadEvent): void => {
    if (wouldLose()) event.preventDefault()
  }
  return (kind) => {
    if (kind === undefined || kind === 'loading' || kind === 'saved' || kind === 'local')
      removeEventListener('beforeunload', ask)
    else addEventListener('beforeunload', ask)
  }
}
