/** What is written together is there whole or not at all; what is read together is of one moment. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'

interface Brackets {
  readonly begin: StatementSync
  readonly commit: StatementSync
}

/** Prepared once for each connection: they run for every batch of keystrokes. */
const brackets = new WeakMap<DatabaseSync, Brackets>()

function bracketsOf(database: DatabaseSync): Brackets {
  let found = brackets.get(database)
  if (found === undefined) {
    found = { begin: database.prepare('BEGIN IMMEDIATE'), commit: database.prepare('COMMIT') }
    brackets.set(database, found)
  }
  return found
}

/** All of `work` or nothing of it. */
export function transaction<Result>(database: DatabaseSync, work: () => Result): Result {
  const { begin, commit } = bracketsOf(database)
  begin.run()
  try {
    const result = work()
    commit.run()
    return result
  } catch (error) {
    // Some failures (a full disk among them) have already rolled back.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** Everything read in `work` is of one moment. */
export function readTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN')
  try {
    return work()
  } finally {
    if (database.isTransaction) database.exec('COMMIT')
  }
}
