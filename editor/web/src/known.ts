/**
 * What this device already knows of the documents on the server: the last list it was shown, and which documents
 * it has opened, whose text `<weft-editor>` keeps in its local copy.
 *
 * Rule: what is known is shown when the server is away, and nothing here is ever taken for an answer of the server.
 */
import { type DocumentInfo, type DocumentPage, parseDocument } from './api.ts'
import type { Storage } from './storage.ts'

/** Enough for the first screens of a list; keeps the entry well below a megabyte. */
const MAX_LISTED = 200
/** Documents opened here longest ago are forgotten first; forgetting one costs only a question to the server. */
const MAX_OPENED = 500

export interface Known {
  /** The whole list as last seen, undefined when none ever was. */
  list(): DocumentPage | undefined
  rememberList(page: DocumentPage): void
  /** A document that was opened on this device, so that its text is here too. */
  opened(id: string): DocumentInfo | undefined
  /** Whether any document was ever opened here: somebody who knows Weft needs no welcome. */
  hasOpened(): boolean
  /** Puts it, as it is called now, into the list too. */
  rememberOpened(document: DocumentInfo): void
  /** After it was deleted for good. */
  forget(id: string): void
}

export function createKnown(storage: Storage): Known {
  const openedOnes = (): DocumentInfo[] => readDocuments(storage.read('opened'))
  const listedOnes = (): DocumentInfo[] => readDocuments(storage.read('list'))
  const writeList = (documents: readonly DocumentInfo[]): void =>
    storage.write('list', documents.slice(0, MAX_LISTED))
  return {
    list() {
      const documents = listedOnes()
      return documents.length === 0 ? undefined : { documents, total: documents.length }
    },
    rememberList(page) {
      writeList(page.documents)
    },
    opened: (id) => openedOnes().find((document) => document.id === id),
    hasOpened: () => storage.read('opened') !== undefined,
    rememberOpened(document) {
      const others = openedOnes().filter((other) => other.id !== document.id)
      storage.write('opened', [document, ...others].slice(0, MAX_OPENED))
      // What was made or renamed since the list was last shown belongs into it too.
      const listed = listedOnes().filter((other) => other.id !== document.id)
      const there = document.trashedAt === null ? [document, ...listed] : listed
      writeList(there.sort((a, b) => b.updatedAt - a.updatedAt))
    },
    forget(id) {
      storage.write(
        'opened',
        openedOnes().filter((document) => document.id !== id),
      )
    },
  }
}

function readDocuments(value: unknown): DocumentInfo[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((entry: unknown) => {
    try {
      return [parseDocument(entry)]
    } catch {
      return []
    }
  })
}
