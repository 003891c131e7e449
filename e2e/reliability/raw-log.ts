/**
 * What the disk holds, read without the server: every record of a document from the first, and the newest snapshot
 * with what follows it.
 */
import { databaseFile, openInspector } from '@weft/persistence'
import * as Y from 'yjs'
import { wordsInUpdate } from './words.ts'

export interface RawLog {
  /** Of every record, one after another, put together anew. */
  readonly replayed: Y.Doc
  /** Of the newest snapshot and the records after it: what a server would start from. */
  readonly loaded: Y.Doc
  /** The words of every record, as often as records bring them. */
  readonly words: readonly string[]
  /** Seals, sequences and counts that are wrong, and records that lean on something that is in none. */
  readonly damage: readonly string[]
}

/** @param folder of a server that does not run */
export async function readRawLog(folder: string, documentId: string): Promise<RawLog> {
  const inspector = openInspector(databaseFile(folder))
  try {
    const found = await inspector.documentOf(documentId)
    if (found === undefined) throw new Error(`${folder} holds no document ${documentId}`)
    const damage = [...inspector.structure(), ...found.damage.map(({ message }) => message)]
    const updates = found.updates ?? []
    const replay = replayOf(updates.map(({ bytes }) => bytes))
    const { snapshot, tail } = await inspector.load(documentId)
    const start = snapshot === undefined ? [] : [snapshot.bytes]
    const load = replayOf([...start, ...tail.map(({ bytes }) => bytes)])
    if (replay.isPending) damage.push(`${documentId}: a record leans on something that is in no record`)
    if (load.isPending) damage.push(`${documentId}: a snapshot lacks something that a record leans on`)
    const words = updates.flatMap(({ bytes }) => wordsInUpdate(bytes))
    return { replayed: replay.doc, loaded: load.doc, words, damage }
  } finally {
    inspector.close()
  }
}

function replayOf(updates: readonly Uint8Array[]): { doc: Y.Doc; isPending: boolean } {
  const doc = new Y.Doc()
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update)
  })
  const { pendingStructs, pendingDs } = doc.store
  return { doc, isPending: pendingStructs !== null || pendingDs !== null }
}
