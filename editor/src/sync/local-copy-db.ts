/**
 * How the local copies lie in IndexedDB: one database for all documents of an origin, two stores.
 *
 * `updates` holds Yjs updates, in any order, any number of them for one copy; together they are the document.
 * `waiting` holds, for each tab that ever typed, how many of its edits are here and how many of those the server has
 * called durable. Both are written in one transaction, so a count never speaks of an edit that is not here.
 *
 * Every write asks for strict durability: without it a browser calls a transaction complete while the bytes
 * are still in the operating system's hands.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

export interface CopyDatabase extends DBSchema {
  updates: {
    key: number
    value: { readonly copy: string; readonly bytes: Uint8Array }
    indexes: { copy: string }
  }
  waiting: {
    key: [copy: string, tab: string]
    value: WaitingRow
    indexes: { copy: string }
  }
}

/** Edits of one tab, by their numbers on it: 1 to `written` are kept here, 1 to `durable` are on the server. */
export interface WaitingRow {
  readonly copy: string
  readonly tab: string
  readonly written: number
  readonly durable: number
}

export const DATABASE_NAME = 'weft'

export function openCopies(onGone: () => void): Promise<IDBPDatabase<CopyDatabase>> {
  let database: IDBPDatabase<CopyDatabase> | undefined
  const opening = openDB<CopyDatabase>(DATABASE_NAME, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('updates', { autoIncrement: true }).createIndex('copy', 'copy')
      fresh.createObjectStore('waiting', { keyPath: ['copy', 'tab'] }).createIndex('copy', 'copy')
    },
    // A newer version of the application waits in another tab: let it through, we open again when needed.
    blocking() {
      database?.close()
      onGone()
    },
    terminated: onGone,
  })
  return opening.then((opened) => {
    database = opened
    return opened
  })
}

/** Parts are quoted, so no name can be made to look like another one's. */
export function copyKey(principal: string, server: string, documentId: string): string {
  return JSON.stringify([principal, server, documentId])
}

export interface StoredCopy {
  readonly updates: ReadonlyMap<number, Uint8Array>
  readonly rows: readonly WaitingRow[]
}

/** The updates whose keys are not in `known`, and every row, as of one moment. */
export async function readCopy(
  database: IDBPDatabase<CopyDatabase>,
  copy: string,
  known: ReadonlySet<number>,
): Promise<StoredCopy> {
  const transaction = database.transaction(['updates', 'waiting'], 'readonly')
  const store = transaction.objectStore('updates')
  const keys = await store.index('copy').getAllKeys(copy)
  const updates = new Map<number, Uint8Array>()
  for (const key of keys) {
    if (known.has(key)) continue
    const record = await store.get(key)
    if (record !== undefined) updates.set(key, record.bytes)
  }
  const rows = await transaction.objectStore('waiting').index('copy').getAll(copy)
  await transaction.done
  return { updates, rows }
}

export interface CopyWrite {
  readonly copy: string
  readonly tab: string
  readonly bytes: Uint8Array
  /** Keys whose content `bytes` holds too; they are removed. */
  readonly replaces: readonly number[]
  /** This tab's edits through this number are held by what is stored after this write. */
  readonly written: number
  /** The same as of the last write that completed. */
  readonly writtenBefore: number
  /** This tab's edits through this number are on the server. */
  readonly durable: number
}

/** @returns the key of the new record, once the transaction has completed. */
export async function writeCopy(database: IDBPDatabase<CopyDatabase>, write: CopyWrite): Promise<number> {
  const { copy, tab, written } = write
  const transaction = database.transaction(['updates', 'waiting'], 'readwrite', { durability: 'strict' })
  const updates = transaction.objectStore('updates')
  const waiting = transaction.objectStore('waiting')
  const work = async (): Promise<number> => {
    const key = await updates.add({ copy, bytes: write.bytes })
    for (const replaced of write.replaces) await updates.delete(replaced)
    // Another tab may have brought our edits to the server and said so here: in the row, or by removing it.
    const row = await waiting.get([copy, tab])
    const durable = Math.min(written, Math.max(write.durable, row?.durable ?? write.writtenBefore))
    // No row means: nothing of this tab waits.
    if (durable < written) await waiting.put({ copy, tab, written, durable })
    else if (row !== undefined) await waiting.delete([copy, tab])
    return key
  }
  const [key] = await Promise.all([work(), transaction.done])
  return key
}

/** Notes that these tabs' edits through the given numbers are on the server; a row with none left is removed. */
export async function writeDurable(
  database: IDBPDatabase<CopyDatabase>,
  copy: string,
  durable: ReadonlyMap<string, number>,
): Promise<void> {
  const transaction = database.transaction('waiting', 'readwrite', { durability: 'strict' })
  const work = async () => {
    for (const [tab, through] of durable) {
      const row = await transaction.store.get([copy, tab])
      if (row === undefined) continue
      if (through >= row.written) await transaction.store.delete([copy, tab])
      else await transaction.store.put({ ...row, durable: Math.max(row.durable, through) })
    }
  }
  await Promise.all([work(), transaction.done])
}
