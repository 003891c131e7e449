/** What the disk of a server that does not run holds of documents. */
import { databaseFile, openInspector } from '@weft/persistence'

/** @returns the bytes of every record of each document, from the first; of none that does not exist */
export async function readLogs(
  folder: string,
  documentIds: readonly string[],
): Promise<Map<string, Uint8Array[]>> {
  const inspector = openInspector(databaseFile(folder))
  const logs = new Map<string, Uint8Array[]>()
  try {
    for (const documentId of documentIds) {
      const found = await inspector.documentOf(documentId)
      if (found !== undefined)
        logs.set(
          documentId,
          (found.updates ?? []).map(({ bytes }) => bytes),
        )
    }
  } finally {
    inspector.close()
  }
  return logs
}
