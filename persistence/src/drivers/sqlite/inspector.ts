/**
 * Looks at a database without the store: every seal, every sequence, every count, and what SQLite says of its pages.
 *
 * It reads only, so it may look while a server runs, from another process. It must not be used in the process that has
 * the store open: it reads the file's first bytes by itself, and closing a file drops every POSIX lock its process has
 * on it.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { joinRows } from '../../document-store.ts'
import { StoreError } from '../../error.ts'
import type { DocumentInfo, StoredDocument } from '../../store.ts'
import { openReader } from './connection.ts'
import { readEpoch } from './epoch.ts'
import { holderIn } from './folder.ts'
import { type InspectedDocument, inspectDocument } from './inspect-document.ts'
import { readMeta } from './meta.ts'
import { assertWhole, hasLogFile } from './open-mark.ts'
import { Reader } from './reader.ts'
import { DOCUMENT_COLUMNS, documentOf } from './rows.ts'
import { assertFormat, MIGRATIONS, migrate } from './schema.ts'
import { unpackDocument } from './sqlite-driver.ts'
import { judge } from './sqlite-error.ts'
import { Statements } from './statements.ts'
import { readTransaction } from './transaction.ts'

/** What SQLite reports at most of one database; more of it helps nobody. */
const MAX_INTEGRITY_LINES = 20
/** Where the header keeps what a program must understand to write, and to read, the file: both 2, for WAL, or 1. */
const WRITE_VERSION_OFFSET = 18

export class Inspector {
  readonly #file: string
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #reader: Reader
  readonly #header: Buffer

  /**
   * @param file the database
   * @throws {StoreError} `unavailable` when there is none; `newer`; `corrupt` when it cannot be read at all, or is of an
   *   older format, which a store brings up to date when it is opened.
   */
  constructor(file: string) {
    this.#file = file
    if (!existsSync(file)) throw new StoreError('unavailable', `${file} does not exist`)
    try {
      this.#header = readHeader(file)
      this.#database = openReader(file)
      try {
        assertFormat(this.#database)
        this.#statements = new Statements(this.#database)
        this.#reader = new Reader(file)
      } catch (error) {
        this.#database.close()
        throw error
      }
    } catch (cause) {
      throw told(file, cause)
    }
  }

  /** What is wrong with the database as a whole, a line each; empty when nothing is. */
  structure(): string[] {
    const parts = [
      () => this.#headerDamage(),
      () => this.#integrityDamage(),
      () => this.#schemaDamage(),
      () => this.#metaDamage(),
      () => this.#strayRows(),
      () => this.#lostLogFile(),
    ]
    return parts.flatMap((part) => {
      try {
        return part()
      } catch (cause) {
        return [told(this.#file, cause).message]
      }
    })
  }

  /** Every document's key in the order of creation; keys are what rows are joined by. */
  documentKeys(): number[] {
    return this.#ask(() =>
      this.#statements.all('SELECT key FROM documents ORDER BY key').map((row) => row['key'] as number),
    )
  }

  /** Reads everything of one document, at one moment. @returns undefined when it was removed meanwhile */
  async document(key: number): Promise<InspectedDocument | undefined> {
    return inspectDocument(this.#database, this.#statements, key)
  }

  /** What there is of a document when `load` refuses it. @returns undefined when there is none of that id */
  async documentOf(documentId: string): Promise<InspectedDocument | undefined> {
    const key = this.#ask(
      () => this.#statements.get('SELECT key FROM documents WHERE id = ?', documentId)?.['key'],
    )
    return key === undefined ? undefined : this.document(key as number)
  }

  /** As the store would load it. @throws {StoreError} as the store would refuse it */
  async load(documentId: string): Promise<StoredDocument> {
    const document = this.#reader.load(documentId)
    if (document === undefined) throw new StoreError('not-found', `no document ${documentId}`)
    return joinRows(documentId, unpackDocument(document))
  }

  /** Every entry of the catalogue, those in the trash too, in the order of creation. @throws {StoreError} */
  documents(): DocumentInfo[] {
    return this.#ask(() =>
      this.#statements.all(`SELECT ${DOCUMENT_COLUMNS} FROM documents ORDER BY key`).map(documentOf),
    )
  }

  /** @throws {StoreError} */
  find(documentId: string): DocumentInfo | undefined {
    return this.#reader.findDocument(documentId)
  }

  close(): void {
    this.#reader.close()
    this.#database.close()
  }

  #headerDamage(): string[] {
    const write = this.#header[WRITE_VERSION_OFFSET]
    const read = this.#header[WRITE_VERSION_OFFSET + 1]
    return write === read
      ? []
      : [`its header says that version ${write} of SQLite's format is needed to write it`]
  }

  #integrityDamage(): string[] {
    const rows = this.#statements.all(`PRAGMA integrity_check(${MAX_INTEGRITY_LINES})`)
    return rows
      .map((row) => String(row['integrity_check']).replace(/\s+/g, ' '))
      .filter((line) => line !== 'ok')
  }

  #schemaDamage(): string[] {
    const fresh = new DatabaseSync(':memory:')
    migrate(fresh)
    const sql = 'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name'
    const expected = JSON.stringify(fresh.prepare(sql).all())
    fresh.close()
    return JSON.stringify(this.#statements.all(sql)) === expected
      ? []
      : ['its tables are not those of its format']
  }

  #metaDamage(): string[] {
    const { weft } = MIGRATIONS.at(-1) ?? { weft: '' }
    return [
      ...(readEpoch(this.#database) === undefined
        ? ['its epoch is damaged; the next start makes a new one']
        : []),
      ...(readMeta(this.#database, 'weft') === weft ? [] : ['it names the wrong version of Weft']),
    ]
  }

  #strayRows(): string[] {
    return ['log', 'snapshots', 'segments'].flatMap((table) => {
      const sql = `SELECT count(*) AS count FROM ${table} WHERE document NOT IN (SELECT key FROM documents)`
      const count = this.#statements.get(sql)?.['count']
      return count === 0 ? [] : [`${String(count)} rows of ${table} belong to no document`]
    })
  }

  #lostLogFile(): string[] {
    const lastHolder = holderIn(dirname(this.#file))[1]
    assertWhole(this.#database, { hasLogFile: hasLogFile(this.#file), lastHolder })
    return []
  }

  #ask<Result>(work: () => Result): Result {
    try {
      return readTransaction(this.#database, work)
    } catch (cause) {
      throw told(this.#file, cause)
    }
  }
}

function readHeader(file: string): Buffer {
  const header = Buffer.alloc(100)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, header, 0, header.length, 0)
  } finally {
    closeSync(descriptor)
  }
  return header
}

function told(file: string, cause: unknown): StoreError {
  const verdict = judge(cause)
  if (verdict.kind === 'foreign') {
    const message = cause instanceof Error ? cause.message : String(cause)
    return new StoreError('unavailable', `${file} cannot be read: ${message}`, cause)
  }
  const code = verdict.kind === 'fatal' ? 'unavailable' : verdict.error.code
  return new StoreError(code, `${file}: ${verdict.error.message}`, cause)
}
