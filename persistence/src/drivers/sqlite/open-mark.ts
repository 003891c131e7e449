/**
 * What a database says of itself while a store has it open: without its log file it is not whole.
 *
 * The commonest mistake with SQLite is to copy `weft.db` alone under a running server: the copy opens, and lacks the
 * last minutes without a word. The mark stands in the database from the start of a store to its orderly end, and the
 * file that names the holder carries the same name. A database with the mark but without a log file is therefore such a
 * copy, unless the holder's file beside it tells that this very store died here and something else has tidied up since.
 */
import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../../error.ts'
import { deleteMeta, readMeta, writeMeta } from './meta.ts'
import { hasTables } from './schema.ts'
import { transaction } from './transaction.ts'

const MARK = 'open'

/** @param holder a name that no other run of a store has */
export function markOpen(database: DatabaseSync, holder: string): void {
  transaction(database, () => writeMeta(database, MARK, holder))
}

export function unmarkOpen(database: DatabaseSync): void {
  transaction(database, () => deleteMeta(database, MARK))
}

/** An empty one is what a reader leaves behind. */
export function hasLogFile(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
}

/** @throws {StoreError} `corrupt` when it is a copy without the log file that belongs to it. */
export function assertWhole(
  database: DatabaseSync,
  { hasLogFile: isWhole, lastHolder }: { hasLogFile: boolean; lastHolder: string | undefined },
): void {
  if (isWhole || !hasTables(database) || !hasMeta(database)) return
  const mark = readMeta(database, MARK)
  if (mark === undefined || mark === lastHolder) return
  throw new StoreError(
    'corrupt',
    'it was copied from under a running server without its log file weft.db-wal, so its last edits are missing; ' +
      'use what `weft backup` makes, or accept the loss: `weft restore <this file> --accept-damage --data <another folder>`',
  )
}

function hasMeta(database: DatabaseSync): boolean {
  return database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'meta'`).get() !== undefined
}
