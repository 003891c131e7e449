/**
 * What a room held when its round was over, and whether that is what whoever opens it after a restart is given.
 *
 * Content is compared to the letter, but for what is within types whose order was contradicted: there replicas may
 * differ. How many rooms that were is counted, so that comparing cannot go blind without anybody noticing.
 */
import { flowOf, readDocument } from '@weft/document'
import type * as Y from 'yjs'
import { stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'
import { Honest } from './honest.ts'
import { contradictoryTypes, digestOutside, type TypeNames, vectorOf } from './replicas.ts'
import { readLogs } from './stored.ts'
import type { Tally } from './tally.ts'

export interface Left {
  readonly documentId: string
  readonly digest: string
  readonly vector: string
  readonly people: readonly { readonly client: number; readonly typed: string; readonly root: string }[]
  /** Within which nothing is compared. */
  readonly contradictory: TypeNames
}

export interface Screens {
  readonly documentId: string
  readonly people: readonly Honest[]
  /** Somebody's who was not there. */
  readonly newcomer?: Y.Doc
  /** Where each history of others began. */
  readonly known: ReadonlyMap<number, number>
}

/** Compares the screens with each other, of a room in which everything is on disk. @param data folder of the server */
export async function leave(
  { documentId, people, newcomer, known }: Screens,
  data: string,
  tally: Tally,
): Promise<Left> {
  const docs = [...people.map(({ doc }) => doc), ...(newcomer === undefined ? [] : [newcomer])]
  const log = (await readLogs(data, [documentId])).get(documentId) ?? []
  if (log.length === 0) tally.say(`nothing of ${documentId} is on the disk`)
  const honest = people.map(({ doc }) => doc.clientID)
  const contradictory = contradictoryTypes(log, known, honest)
  tally.rooms.compared++
  if (contradictory.size > 0) tally.rooms.contradictory++
  const [digest = '', ...others] = docs.map((doc) => digestOutside(doc, contradictory))
  if (others.some((other) => other !== digest)) tally.say(`the screens of ${documentId} differ`)
  const [vector = '', ...vectors] = docs.map(vectorOf)
  if (vectors.some((other) => other !== vector))
    tally.say(`the clocks on the screens of ${documentId} differ`)
  return {
    documentId,
    digest,
    vector,
    people: people.map(({ doc, typed, root }) => ({ client: doc.clientID, typed, root })),
    contradictory,
  }
}

export async function compareCold(server: string, left: Left, tally: Tally): Promise<void> {
  const { documentId, people, contradictory } = left
  const cold = stockClient(server, documentId)
  try {
    await until(`${documentId} opens after a restart`, () => cold.provider.synced)
    const { pendingStructs, pendingDs } = cold.doc.store
    if (pendingStructs !== null || pendingDs !== null) tally.say(`something is pending in ${documentId}`)
    for (const { client, typed, root } of people)
      if (Honest.findOf(client, cold.doc, root) !== typed)
        tally.say(`what was typed in ${documentId} differs after a restart`)
    // Whatever is in a document with rules, a page can show it.
    if (people.some(({ root }) => root === 'flow')) readDocument(flowOf(cold.doc))
    if (vectorOf(cold.doc) !== left.vector) tally.say(`${documentId} has other clocks after a restart`)
    if (digestOutside(cold.doc, contradictory) !== left.digest)
      tally.say(`${documentId} differs after a restart`)
  } finally {
    cold.close()
  }
}
