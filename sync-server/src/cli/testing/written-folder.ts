/** A data folder as a server leaves it: several documents with history, two snapshots and a tail each. */
import { openStore } from '@weft/persistence'
import * as Y from 'yjs'
import { Knowledge } from '../../room/knowledge.ts'
import { encodeSummary } from '../../room/summary.ts'
import { readOwnLayout } from '../../room/update-layout.ts'

export interface WrittenDocument {
  readonly id: string
  readonly title: string
  /** Of the text named `flow`. */
  readonly text: string
}

const SITTINGS = 3
const EDITS_PER_SITTING = 12

/** @param words what is written at each edit; more of them make a larger folder */
export async function writeFolder(
  folder: string,
  documentIds: readonly string[],
  words = (edit: number): string => `word ${edit} `,
): Promise<WrittenDocument[]> {
  const store = await openStore({ kind: 'sqlite', folder })
  const written: WrittenDocument[] = []
  for (const [index, id] of documentIds.entries()) {
    const title = `Title of ${id}`
    await store.create({ id, kind: 'weft', title })
    const doc = new Y.Doc({ gc: false })
    doc.clientID = index + 1
    let updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    const flow = doc.getText('flow')
    for (let edit = 0; edit < SITTINGS * EDITS_PER_SITTING; edit++) {
      flow.insert(edit % 3 === 0 ? 0 : flow.length, words(edit))
      if (edit % 5 === 4) flow.delete(0, 3)
      const last = await store.append(
        id,
        updates.map((bytes) => ({ bytes, principal: `guest ${edit % 2}` })),
      )
      updates = []
      // The last sitting stays in the log.
      const isEnd = (edit + 1) % EDITS_PER_SITTING === 0
      if (isEnd && edit + 1 < SITTINGS * EDITS_PER_SITTING) await store.putSnapshot(id, snapshotOf(doc, last))
    }
    written.push({ id, title, text: flow.toJSON() })
  }
  await store.close()
  return written
}

function snapshotOf(
  doc: Y.Doc,
  through: number,
): { through: number; bytes: Uint8Array; summary: Uint8Array } {
  const compacted = new Y.Doc()
  Y.applyUpdate(compacted, Y.encodeStateAsUpdate(doc))
  const bytes = Y.encodeStateAsUpdate(compacted)
  const knowledge = new Knowledge()
  knowledge.add(readOwnLayout(bytes))
  return { through, bytes, summary: encodeSummary(knowledge) }
}
