/** A document's updates played again from the first one, and compared by content with each snapshot on the way. */
import type { InspectedDocument, StoredUpdate } from '@weft/persistence'
import { applyUpdate, Doc } from 'yjs'
import { concatenate } from '../room/compose.ts'
import { digestContent } from '../room/content.ts'
import { readOwnLayout } from '../room/update-layout.ts'

/** @returns what differs, in a few words each; nothing for a document whose updates cannot all be read */
export function replayDamage({ snapshots, updates }: InspectedDocument): string[] {
  if (updates === undefined) return []
  try {
    // Without garbage collection: a snapshot has been through it, and must say the same all the same.
    const replayed = new Doc({ gc: false })
    let next = 0
    const differing: string[] = []
    for (const { through, bytes } of snapshots) {
      next = play(replayed, updates, next, through)
      const doc = new Doc({ gc: false })
      applyUpdate(doc, bytes)
      const content = digestContent(doc)
      const isSame = content === digestContent(replayed) || content === digestInOne(updates, through)
      if (!isSame) differing.push(`snapshot ${through} says something else than the updates it stands for`)
      doc.destroy()
    }
    play(replayed, updates, next, updates.length)
    const { pendingStructs, pendingDs } = replayed.store
    if (pendingStructs !== null || pendingDs !== null)
      differing.push('its updates lean on something that is missing')
    replayed.destroy()
    return differing
  } catch (error) {
    return [`its updates cannot be read: ${error instanceof Error ? error.message : String(error)}`]
  }
}

/** Updates that contradict their order say one thing as they came and another as they were folded: side by side. */
function digestInOne(updates: readonly StoredUpdate[], through: number): string {
  const doc = new Doc({ gc: false })
  applyUpdate(doc, concatenate(updates.slice(0, through).map(({ bytes }) => readOwnLayout(bytes))))
  const digest = digestContent(doc)
  doc.destroy()
  return digest
}

/** @returns how many have been played */
function play(doc: Doc, updates: readonly StoredUpdate[], from: number, through: number): number {
  doc.transact(() => {
    for (const { bytes } of updates.slice(from, through)) {
      // A server reads them with its own eyes, which are sharper: what stands behind an update keeps the document shut.
      readOwnLayout(bytes)
      applyUpdate(doc, bytes)
    }
  })
  return through
}
