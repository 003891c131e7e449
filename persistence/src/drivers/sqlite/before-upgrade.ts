/**
 * The copy that stays beside a database of an older format when it is brought to the newest: for whoever has to go back
 * to the older Weft.
 *
 * It is complete and synced before the first step of the upgrade begins. A start that was interrupted finds it, and
 * makes no second one.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { failure, finishCopy, inCopy, removeDatabase, stamp } from './backup.ts'
import { unmarkOpen } from './open-mark.ts'
import { MIGRATIONS, pragmaNumber } from './schema.ts'

/** @throws {StoreError} `full`, `unavailable`, `corrupt`. Nothing is left behind, and nothing was changed. */
export function keepBeforeUpgrade(database: DatabaseSync, folder: string): void {
  const format = pragmaNumber(database, 'user_version')
  if (format === 0 || format >= MIGRATIONS.length) return
  const target = join(folder, `before-format-${MIGRATIONS.length}-${lastChange(database)}.db`)
  if (existsSync(target)) return
  try {
    copyWhole(database, target)
  } catch (cause) {
    throw failure(`the copy that is kept before an upgrade, ${target}`, cause)
  }
}

function copyWhole(database: DatabaseSync, target: string): void {
  const part = `${target}.part`
  // What an interrupted one has left.
  removeDatabase(part)
  try {
    writeFileSync(part, '', { mode: 0o600, flag: 'wx' })
    database.prepare('VACUUM INTO ?').run(part)
    inCopy(part, (copy) => unmarkOpen(copy))
    finishCopy(part, target)
  } finally {
    removeDatabase(part)
  }
}

/** Two upgrades from one format are told apart by it; the same one, begun again, is not. */
function lastChange(database: DatabaseSync): string {
  const at = database.prepare('SELECT max(updated_at) AS at FROM documents').get()?.['at']
  return stamp(new Date(typeof at === 'number' ? at : 0))
}
