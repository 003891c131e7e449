import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { differing } from './compare.ts'
import { TEXT, wordOf } from './words.ts'

function replica(client: number, ...updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  // Last, because Yjs takes another id when it meets its own.
  doc.clientID = client
  return doc
}

/** Two replicas that took different words under the client id and clock of one of them. */
function forged(): { victim: Y.Doc; deceived: Y.Doc } {
  const start = replica(5)
  start.getText(TEXT).insert(0, wordOf(0, 0))
  const shared = Y.encodeStateAsUpdate(start)
  const victim = replica(5, shared)
  victim.getText(TEXT).insert(0, wordOf(0, 1))
  const forger = replica(5, shared)
  forger.getText(TEXT).insert(0, wordOf(9, 9))
  const deceived = replica(7, Y.encodeStateAsUpdate(forger))
  // What the victim wrote comes too late: its clock is taken.
  Y.applyUpdate(deceived, Y.encodeStateAsUpdate(victim))
  Y.applyUpdate(victim, Y.encodeStateAsUpdate(deceived))
  return { victim, deceived }
}

it('replicas that took different words under a forged client id differ, though their state vectors are equal', () => {
  const { victim, deceived } = forged()
  expect(Y.encodeStateVector(deceived)).toEqual(Y.encodeStateVector(victim))
  expect(differing([{ who: 'the deceived', doc: deceived }], victim)).toEqual(['the deceived'])
})

it('replicas differ of which one lacks a deletion', () => {
  const writer = replica(5)
  writer.getText(TEXT).insert(0, wordOf(0, 0))
  const reader = replica(7, Y.encodeStateAsUpdate(writer))
  writer.getText(TEXT).delete(0, 11)
  expect(differing([{ who: 'the reader', doc: reader }], writer)).toEqual(['the reader'])
})

it('replicas that came to the same letters in different orders are the same', () => {
  const one = replica(5)
  one.getText(TEXT).insert(0, wordOf(0, 0))
  const other = replica(7)
  other.getText(TEXT).insert(0, wordOf(1, 0))
  const updates = [one, other].map((doc) => Y.encodeStateAsUpdate(doc))
  const forth = replica(8, ...updates)
  expect(differing([{ who: 'back', doc: replica(9, ...updates.toReversed()) }], forth)).toEqual([])
})
