/** Who reads and never types: a stock client whose screen is compared, and whoever opens a document cold. */
import type * as Y from 'yjs'
import { type StockClient, stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'
import type { History } from './history.ts'
import { wordsInUpdate } from './words.ts'

/** Stays, and comes back by itself whenever it can; what it sees is written down. */
export function witness(server: string, documentId: string, history: History): StockClient {
  const client = stockClient(server, documentId)
  client.doc.on('update', (update: Uint8Array, _origin: unknown, _doc: unknown, { local }: Y.Transaction) => {
    if (!local) for (const word of wordsInUpdate(update)) history.seen(word, 'the witness')
  })
  return client
}

/** @returns what somebody is given who opens the document and held nothing of it */
export async function openCold(server: string, documentId: string): Promise<Y.Doc> {
  const client = stockClient(server, documentId)
  try {
    await until(`${documentId} opens cold`, () => client.provider.synced, Boolean, 30_000)
    return client.doc
  } finally {
    client.close()
  }
}
