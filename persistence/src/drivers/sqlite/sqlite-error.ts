/**
 * What SQLite's result codes mean for the store.
 *
 * `fatal` is what leaves it unknown which bytes are on disk: after a failed sync the kernel may have dropped the very
 * pages it could not write, and a second sync would call them safe.
 * @see https://www.sqlite.org/rescode.html
 */
import { StoreError } from '../../error.ts'

export type Verdict =
  | { readonly kind: 'refused'; readonly error: StoreError }
  | { readonly kind: 'fatal'; readonly error: StoreError }
  /** Not SQLite's: a bug of ours. */
  | { readonly kind: 'foreign' }

const BUSY = 5
const LOCKED = 6
const NOMEM = 7
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const CONSTRAINT = 19
const NOTADB = 26
const IOERR_READ = 266
const IOERR_SHORT_READ = 522
const IOERR_CORRUPTFS = 8458
/** The file that indexes the log could not grow: it has no bytes to lose, and lack of space is the one usual cause. */
const IOERR_SHMSIZE = 4874

export function judge(cause: unknown): Verdict {
  if (cause instanceof StoreError) return { kind: 'refused', error: cause }
  const code = sqliteCode(cause)
  if (code === undefined) return { kind: 'foreign' }
  const text = cause instanceof Error ? cause.message : 'no message'
  const refuse = (as: StoreError['code'], message: string): Verdict => ({
    kind: 'refused',
    error: new StoreError(as, `${message} (SQLite ${code}: ${text})`, cause),
  })
  switch (code) {
    case IOERR_SHMSIZE:
      return refuse('full', 'no space left for the database')
    case IOERR_READ:
    case IOERR_SHORT_READ:
    case IOERR_CORRUPTFS:
      return refuse('corrupt', 'part of the database cannot be read')
  }
  switch (code & 0xff) {
    case FULL:
      return refuse('full', 'no space left for the database')
    case CORRUPT:
    case NOTADB:
    case CONSTRAINT:
      return refuse('corrupt', 'the database contradicts itself')
    case BUSY:
    case LOCKED:
    case NOMEM:
    case READONLY:
    case CANTOPEN:
      return refuse('unavailable', 'the database cannot be used now')
    case IOERR: {
      const message = `the disk failed; restart to go on from what is safe (SQLite ${code}: ${text})`
      return { kind: 'fatal', error: new StoreError('closed', message, cause) }
    }
  }
  return { kind: 'foreign' }
}

/** The extended result code of an error of `node:sqlite`; undefined for any other error. */
export function sqliteCode(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !('errcode' in cause)) return undefined
  return typeof cause.errcode === 'number' ? cause.errcode : undefined
}
