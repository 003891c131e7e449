/** How saving stands while composed text waits on this page alone, whatever is true of the rest (pure). */
import type { SaveStatus } from './api.ts'

/** @param words for text that is being composed. */
export function heldStatus(status: SaveStatus, words: Pick<SaveStatus, 'label' | 'detail'>): SaveStatus {
  if (status.kind === 'local') return status
  return status.kind === 'saved' || status.kind === 'on-device'
    ? { ...words, kind: 'saving', tone: 'quiet', leavingLoses: true }
    : { ...status, leavingLoses: true }
}
