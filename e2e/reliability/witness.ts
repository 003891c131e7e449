/** Who reads and never types: a stock client whose screen is compared, and whoever opens a document cold. */
import type { Transaction } from 'yjs'
import { type StockClient, stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'
import type { History } from './history.ts'
import { TEXT, wordsInUpdate } from './words.ts'

export const textOf = ({ doc }: StockClient): string => doc.getText(TEXT).toJSON()

/** Stays, and comes back by itself whenever it can; what it sees is written down. */
export function witness(server: string, documentId: string, history: History): StockClient {
  const client = stockClient(server, documentId)
  client.doc.on('update', (update: Uint8Array, _origin: unknown, _doc: unknown, { local }: Transaction) => {
    if (!local) for (const word of wordsInUpdate(update)) history.seen(word, 'the witness')
  })
  return client
}

/** @returns the text that somebody is shown who opens the document and held nothing of it */
export async function openCold(server: string, documentId: string): Promise<string> {
  const client = stockClient(server, documentId)
  try {
    await until(`${documentId} opens cold`, () => client.provider.synced, Boolean, 30_000)
    return textOf(client)
  } finally {
    client.close()
  }
}
