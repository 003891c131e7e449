/**
 * Copies of a database that are whole, and putting one back.
 *
 * Neither destroys anything: a backup is not written over a file, a restore moves what was there aside. What stands
 * under its final name is complete and synced, with the folder that names it.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { StoreError } from '../../error.ts'
import { openReader } from './connection.ts'
import { renewEpoch } from './epoch.ts'
import {
  DATABASE_FILE,
  HOLDER_FILE,
  holderIn,
  holdFolder,
  LOCK_FILE,
  prepareFolder,
  RESTORE_FILE,
} from './folder.ts'
import { assertWhole, hasLogFile, unmarkOpen } from './open-mark.ts'
import { migrate } from './schema.ts'
import { judge } from './sqlite-error.ts'

/** All pages in one step: in several, a server that writes would make the copy begin again and again. */
const ALL_PAGES = 0x7fff_ffff

/**
 * Copies `source` as it is at one moment, also while a server writes to it, into the new file `target`.
 *
 * @throws {StoreError} `exists` when `target` does; `unavailable`, `full`, `corrupt`: nothing is left behind.
 */
export async function backUp(source: string, target: string): Promise<{ readonly bytes: number }> {
  if (!existsSync(source)) throw missing(source)
  if (existsSync(target)) throw alreadyThere(target)
  const part = `${target}.part-${process.pid}`
  try {
    await copyDatabase(source, part)
    inCopy(part, (copy) => unmarkOpen(copy))
    finishCopy(part, target)
    return { bytes: statSync(target).size }
  } catch (cause) {
    throw failure(target, cause)
  } finally {
    removeDatabase(part)
  }
}

export interface PreparedRestore {
  /** What is going to be the folder's database: to be looked at before it is. */
  readonly file: string
  /** Puts it in place. @returns where what was there has gone */
  finish(): { readonly movedTo: string | undefined }
  /** Leaves the folder as it was. */
  abandon(): void
}

export interface RestoreOptions {
  readonly source: string
  readonly folder: string
  /** Move what is in the folder aside, instead of refusing. */
  readonly replace: boolean
  /** Take a copy that lacks its log file. */
  readonly acceptDamage: boolean
}

/**
 * Holds the folder and puts a copy of `source` into it under another name, brought to the newest format and with a new
 * epoch: clients that saw more than the backup has are told that history moved back.
 *
 * @throws {StoreError} `exists` when there is something in the folder; `locked`; `corrupt`; `newer`; `unavailable`; `full`.
 */
export async function prepareRestore(options: RestoreOptions): Promise<PreparedRestore> {
  const { source, folder, replace, acceptDamage } = options
  if (!existsSync(source)) throw missing(source)
  prepareFolder(folder)
  const { letGo } = holdFolder(folder)
  const file = join(folder, RESTORE_FILE)
  const abandon = (): void => {
    removeDatabase(file)
    letGo()
  }
  try {
    removeDatabase(file)
    if (!replace && others(folder).length > 0) throw notEmpty(folder)
    if (!acceptDamage) assertWholeFile(source)
    await copyDatabase(source, file)
    inCopy(file, (copy) => {
      migrate(copy)
      renewEpoch(copy)
      unmarkOpen(copy)
    })
    syncFile(file)
  } catch (cause) {
    abandon()
    throw failure(source, cause)
  }
  return { file, abandon, finish: () => putInPlace(folder, file, letGo) }
}

function putInPlace(folder: string, file: string, letGo: () => void): { movedTo: string | undefined } {
  const old = readdirSync(folder).filter((name) => /^weft\.db(-wal|-shm|-journal)?$/.test(name))
  const movedTo = old.length === 0 ? undefined : join(folder, `replaced-${stamp()}`)
  if (movedTo !== undefined) {
    mkdirSync(movedTo, { mode: 0o700 })
    // A log file belongs to its own database; left here it would be read into the restored one.
    for (const name of old) renameSync(join(folder, name), join(movedTo, name))
    syncFile(movedTo)
  }
  renameSync(file, join(folder, DATABASE_FILE))
  syncFile(folder)
  letGo()
  return { movedTo }
}

/** A moment as part of a file's name. */
export function stamp(at = new Date()): string {
  return at.toISOString().replace(/[:.]/g, '-')
}

/** What has been copied gets its final name once it is on disk. */
export function finishCopy(part: string, target: string): void {
  syncFile(part)
  giveName(part, target)
  syncFile(dirname(target))
}

/** Never the place of a file that has come meanwhile, where the file system can tell. */
function giveName(part: string, target: string): void {
  try {
    linkSync(part, target)
    rmSync(part)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    // FAT and some network file systems have no links; only there a file that came in this very moment would be lost.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(String(code)) || existsSync(target))
      throw cause
    renameSync(part, target)
  }
}

async function copyDatabase(source: string, target: string): Promise<void> {
  // Everybody's documents are in it: for its owner only, from the first byte.
  writeFileSync(target, '', { mode: 0o600, flag: 'wx' })
  const database = openReader(source)
  try {
    await backup(database, target, { rate: ALL_PAGES })
  } finally {
    database.close()
  }
}

/** One file in the end, whatever its journal mode was. */
export function inCopy(file: string, work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA journal_mode = DELETE')
    database.exec('PRAGMA synchronous = FULL')
    work(database)
  } finally {
    database.close()
  }
}

function assertWholeFile(source: string): void {
  const database = openReader(source)
  try {
    const lastHolder = holderIn(dirname(source))[1]
    assertWhole(database, { hasLogFile: hasLogFile(source), lastHolder })
  } finally {
    database.close()
  }
}

function others(folder: string): string[] {
  // `lost+found` is in every new ext file system; what ended a server is written down in `crashes`.
  const ours = [LOCK_FILE, `${LOCK_FILE}-journal`, HOLDER_FILE, 'lost+found', 'crashes']
  return readdirSync(folder).filter((name) => !ours.includes(name))
}

function syncFile(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export function removeDatabase(file: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
}

function missing(path: string): StoreError {
  return new StoreError('unavailable', `${path} does not exist`)
}

function alreadyThere(path: string): StoreError {
  return new StoreError('exists', `${path} exists and is not written over; choose another name`)
}

function notEmpty(folder: string): StoreError {
  return new StoreError(
    'exists',
    `data folder ${folder} is not empty; choose another with --data, or let --force move its documents aside`,
  )
}

/** @param path what the message begins with */
export function failure(path: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) {
    const isOfTheFile = cause.code === 'corrupt' || cause.code === 'newer'
    return isOfTheFile ? new StoreError(cause.code, `${path}: ${cause.message}`, cause) : cause
  }
  const verdict = judge(cause)
  if (verdict.kind !== 'foreign') {
    const code = verdict.kind === 'fatal' ? 'unavailable' : verdict.error.code
    return new StoreError(code, `${path}: ${verdict.error.message}`, cause)
  }
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'EEXIST') return alreadyThere(path)
  const message = cause instanceof Error ? cause.message : String(cause)
  return new StoreError(code === 'ENOSPC' ? 'full' : 'unavailable', `${path}: ${message}`, cause)
}
