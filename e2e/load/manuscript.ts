/**
 * A paper as it was really written, key by key: the same updates for every server, and the text they add up to.
 *
 * Made once, by one Y.Doc, so that typing it into a server costs the generator nothing but sending.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import * as Y from 'yjs'
import { TEXT } from './script.ts'

export interface Manuscript {
  /** One for each keystroke, in order; all of one client. */
  readonly updates: readonly Uint8Array[]
  /** What a reader must find in the end. */
  readonly text: string
}

interface Recording {
  readonly txns: readonly {
    readonly patches: readonly (readonly [position: number, deleted: number, inserted: string])[]
  }[]
}

const AUTHOR = 1_414_213_562

/**
 * @param keystrokes the first so many of the recording's 259,778
 * @throws {RangeError} when it has fewer
 */
export function readManuscript(keystrokes: number): Manuscript {
  const file = new URL('../fixtures/traces/automerge-paper.json.gz', import.meta.url)
  const { txns } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Recording
  const doc = new Y.Doc()
  doc.clientID = AUTHOR
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const text = doc.getText(TEXT)
  for (const [position, deleted, inserted] of txns.flatMap(({ patches }) => patches).slice(0, keystrokes))
    doc.transact(() => {
      if (deleted > 0) text.delete(position, deleted)
      if (inserted !== '') text.insert(position, inserted)
    })
  if (updates.length < keystrokes)
    throw new RangeError(`automerge-paper has ${updates.length} keystrokes, not ${keystrokes}`)
  const manuscript = { updates, text: text.toJSON() }
  doc.destroy()
  return manuscript
}
