/**
 * The data folder: made when missing, tried before use, held by one process at a time.
 *
 * It is held by an exclusive transaction on a file of its own, which the kernel ends with the process however it dies,
 * so there are no stale locks. The database itself stays open to other readers, such as a backup.
 */
import { randomUUID } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../../error.ts'
import { sqliteCode } from './sqlite-error.ts'

// No code but SQLite may open the lock file or the database in this process: closing any other descriptor of a file
// drops every POSIX lock the process holds on it. The holder's number is therefore kept in a third file.
export const DATABASE_FILE = 'weft.db'
export const LOCK_FILE = 'weft.lock'
export const HOLDER_FILE = 'weft.pid'
/** A database on its way to be the folder's. */
export const RESTORE_FILE = 'weft.db.restoring'
/** A holder that was just told to end is waited for this long. */
const LOCK_WAIT_MS = 250

const SQLITE_BUSY = 5

/** @throws {StoreError} `unavailable`, in one line that names the folder and what is wrong with it. */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(resolve(folder))
  } catch (cause) {
    const why = isFile(folder) ? 'is a file, not a folder' : `cannot be made: ${reason(cause)}`
    throw new StoreError('unavailable', `data folder ${folder} ${why}`, cause)
  }
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new StoreError('unavailable', `data folder ${folder} is not writable: ${reason(cause)}`, cause)
  }
}

/** One folder at a time: Node's recursive `mkdir` never ends where the kernel says ENOENT to a new name, as in /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return
  const parent = dirname(folder)
  if (statSync(parent, { throwIfNoEntry: false }) === undefined) makeFolder(parent)
  mkdirSync(folder, { mode: 0o700 })
}

export interface FolderHold {
  /** Of this hold and no other. */
  readonly name: string
  /** Of the one before, when that one died holding the folder. */
  readonly before: string | undefined
  /** Puts its name beside the folder: before the database takes it. Until then the name there is that of the one before. */
  readonly takeName: () => void
  /** Undoes `takeName`: the database could not be written. */
  readonly returnName: () => void
  readonly letGo: () => void
  /** As `letGo`, leaving the folder as it was: to be held by the next one as if this one had never tried. */
  readonly giveUp: () => void
}

/** @throws {StoreError} `locked`, naming the process that holds it; `unavailable`. */
export function holdFolder(folder: string): FolderHold {
  const name = randomUUID()
  let lock: DatabaseSync | undefined
  let before: readonly string[] = []
  try {
    lock = new DatabaseSync(join(folder, LOCK_FILE), { timeout: LOCK_WAIT_MS })
    // Otherwise it is held by writing a journal for it, which a full disk has no room for.
    lock.exec('PRAGMA journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    before = holderIn(folder)
    nameHolder(folder, [String(process.pid), before[1] ?? name])
  } catch (cause) {
    lock?.close()
    if (((sqliteCode(cause) ?? 0) & 0xff) === SQLITE_BUSY) {
      throw new StoreError('locked', `data folder ${folder} is in use by ${holderOf(folder)}`, cause)
    }
    throw new StoreError('unavailable', `data folder ${folder} cannot be held: ${reason(cause)}`, cause)
  }
  const held = lock
  const letGo = (): void => {
    // The name goes first: once the lock is free, it may already be the next holder's.
    rmSync(join(folder, HOLDER_FILE), { force: true })
    held.close()
  }
  const giveUp = (): void => {
    if (before.length === 0) return letGo()
    nameHolder(folder, before)
    held.close()
  }
  const takeName = (): void => nameHolder(folder, [String(process.pid), name])
  const returnName = (): void => nameHolder(folder, [String(process.pid), before[1] ?? name])
  return { name, before: before[1], takeName, returnName, letGo, giveUp }
}

/** Over what is there, which a full disk has room for. */
function nameHolder(folder: string, lines: readonly string[]): void {
  const file = join(folder, HOLDER_FILE)
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  try {
    const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
    try {
      writeSync(descriptor, bytes, 0, bytes.length, 0)
      ftruncateSync(descriptor, bytes.length)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // Only a message depends on it, but a wrong name is worse than none.
    rmSync(file, { force: true })
  }
}

function holderOf(folder: string): string {
  const [pid = ''] = holderIn(folder)
  return /^\d+$/.test(pid) ? `process ${pid}` : 'another process'
}

/** Process number and name of who holds the folder, or held it and died; empty when nobody is known. */
export function holderIn(folder: string): readonly string[] {
  try {
    return readFileSync(join(folder, HOLDER_FILE), 'utf8').trim().split('\n')
  } catch {
    return []
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
