/**
 * The two ways `weft.db` is opened, and the checkpoints of the one that writes.
 *
 * Rule: a commit survives a power cut only with WAL and `synchronous=FULL`, so both are read back from the connection
 * that will be used; a setting that did not take is an error and not a hope.
 */
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../../error.ts'
import { pragmaNumber } from './schema.ts'

const FULL = 2
/** Waits that only another program's lock on the database can cause, such as somebody's backup. */
const BUSY_TIMEOUT_MS = 5_000
/** The log file is cut back to this once it was longer: a burst must not hold the space for ever. */
const LOG_FILE_LIMIT_BYTES = 64 * 1024 * 1024

/** How a connection makes commits durable; anything but `FULL` exists to show that it is refused. */
export type Synchronous = 'FULL' | 'NORMAL'

export function openWriter(file: string, synchronous: Synchronous): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    database.exec('PRAGMA journal_mode = WAL')
    database.exec(`PRAGMA synchronous = ${synchronous}`)
    // Checkpoints that SQLite starts by itself swallow their errors; ours are asked for and checked.
    database.exec('PRAGMA wal_autocheckpoint = 0')
    database.exec(`PRAGMA journal_size_limit = ${LOG_FILE_LIMIT_BYTES}`)
    // Some builds lower `synchronous` on the first read of a database in WAL mode.
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    assertDurable(database)
    return database
  } catch (error) {
    abandon(database, file)
    throw error
  }
}

/**
 * Closes the connection that writes and leaves the log file as it is.
 *
 * The last connection to close makes a checkpoint, and gives up the log file: not to be tried on a disk that has just
 * failed, nor when a start was refused. One that only reads can do neither, so it is the last one.
 */
export function abandon(database: DatabaseSync, file: string): void {
  let last: DatabaseSync | undefined
  try {
    last = openReader(file)
    last.prepare('SELECT count(*) FROM sqlite_schema').get()
  } catch {
    // What cannot even be read has no log file that could be moved into it.
  }
  database.close()
  last?.close()
}

/** @throws {StoreError} `unavailable` when a commit on this connection might not survive a power cut. */
export function assertDurable(database: DatabaseSync): void {
  const { journalMode, synchronous, walAutocheckpoint } = inspect(database)
  if (journalMode !== 'wal') {
    throw new StoreError('unavailable', `the database runs in journal mode ${journalMode}, not WAL`)
  }
  if (synchronous !== FULL) {
    const message = `commits would not survive a power cut: synchronous is ${synchronous}, not ${FULL} (FULL)`
    throw new StoreError('unavailable', message)
  }
  if (walAutocheckpoint !== 0) {
    throw new StoreError('unavailable', `automatic checkpoints are on (${walAutocheckpoint} pages)`)
  }
}

export interface Pragmas {
  readonly journalMode: string
  readonly synchronous: number
  readonly walAutocheckpoint: number
}

export function inspect(database: DatabaseSync): Pragmas {
  const journalMode = database.prepare('PRAGMA journal_mode').get()?.['journal_mode']
  return {
    journalMode: typeof journalMode === 'string' ? journalMode : 'unknown',
    synchronous: pragmaNumber(database, 'synchronous'),
    walAutocheckpoint: pragmaNumber(database, 'wal_autocheckpoint'),
  }
}

export function openReader(file: string): DatabaseSync {
  return new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
}

/**
 * Moves what is committed from the log file into the database file.
 *
 * `PASSIVE` takes what no reader needs and waits for nobody. `TRUNCATE` also empties the log file, for an orderly end.
 * @throws what SQLite says: an I/O error here means that what the log file keeps safe must not be given up.
 */
export function checkpoint(database: DatabaseSync, mode: 'PASSIVE' | 'TRUNCATE'): void {
  const row = database.prepare(`PRAGMA wal_checkpoint(${mode})`).get()
  if (typeof row?.['log'] === 'number' && row['log'] >= 0) return
  throw new StoreError('unavailable', 'the database left WAL mode')
}
