/**
 * The tables of `weft.db`, as numbered steps.
 *
 * What is sealed (`record.ts`): every row of `log`, `snapshots` and `segments`, and of `documents` what does not follow
 * from those. A document's log holds exactly the sequences after its newest snapshot through `last_seq`, so a lost row
 * is noticed too.
 */
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../../error.ts'
import { type Migration, stepsFrom } from '../../migrate.ts'
import { writeEpoch } from './epoch.ts'
import { readMeta, writeMeta } from './meta.ts'
import { sealEntry } from './rows.ts'
import { Statements } from './statements.ts'
import { transaction } from './transaction.ts'

/** "WEFT": tells our file from any other SQLite database. */
const APPLICATION_ID = 0x57454654

export const MIGRATIONS: readonly Migration<DatabaseSync>[] = [
  {
    format: 1,
    weft: '0.1.0',
    apply: (database) =>
      database.exec(`
        CREATE TABLE documents (
          key INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          kind TEXT NOT NULL,
          title TEXT NOT NULL,
          folded_title TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          updated_at INTEGER NOT NULL,
          trashed_at INTEGER,
          last_seq INTEGER NOT NULL,
          bytes INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE log (
          document INTEGER NOT NULL,
          seq INTEGER NOT NULL,
          at INTEGER NOT NULL,
          principal TEXT NOT NULL,
          seal BLOB NOT NULL,
          bytes BLOB NOT NULL,
          PRIMARY KEY (document, seq)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE snapshots (
          document INTEGER NOT NULL,
          through INTEGER NOT NULL,
          seal BLOB NOT NULL,
          summary BLOB NOT NULL,
          bytes BLOB NOT NULL,
          PRIMARY KEY (document, through)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE segments (
          document INTEGER NOT NULL,
          first INTEGER NOT NULL,
          last INTEGER NOT NULL,
          seal BLOB NOT NULL,
          bytes BLOB NOT NULL,
          PRIMARY KEY (document, last)
        ) STRICT, WITHOUT ROWID;
      `),
  },
  {
    format: 2,
    weft: '0.1.0',
    apply: (database) => {
      // An entry's seal leaves out what every append changes: that can be counted again from the rows it counts.
      database.exec(`ALTER TABLE documents ADD COLUMN seal BLOB NOT NULL DEFAULT x''`)
      const statements = new Statements(database)
      for (const row of statements.all('SELECT id FROM documents')) sealEntry(statements, row['id'] as string)
      const epoch = readMeta(database, 'epoch')
      if (epoch !== undefined) writeEpoch(database, epoch)
    },
  },
  {
    format: 3,
    weft: '0.1.0',
    apply: (database) => database.exec('ALTER TABLE documents ADD COLUMN schema INTEGER NOT NULL DEFAULT 0'),
  },
]

/**
 * Brings the database to the newest format, one transaction a step: a power cut leaves whole steps.
 * @throws {StoreError} `newer`; `corrupt` when the file is another program's.
 */
export function migrate(database: DatabaseSync, steps = MIGRATIONS): void {
  for (const step of missingSteps(database, steps)) {
    transaction(database, () => {
      if (step.format === 1) {
        database.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
        database.exec('CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID')
      }
      step.apply(database)
      writeMeta(database, 'weft', step.weft)
      database.exec(`PRAGMA user_version = ${step.format}`)
    })
  }
}

/**
 * For those who only read.
 * @throws {StoreError} `newer`; `corrupt` when the file is another program's, or of an older format.
 */
export function assertFormat(database: DatabaseSync): void {
  const [step] = missingSteps(database, MIGRATIONS)
  if (step === undefined) return
  const message = `it is of storage format ${step.format - 1}; starting weft serve on it once brings it to ${MIGRATIONS.length}`
  throw new StoreError('corrupt', message)
}

/**
 * That the tables are those of the newest format, column by column: a name that decayed reads as a column that nobody
 * ever filled.
 * @throws {StoreError} `corrupt`
 */
export function assertTables(database: DatabaseSync): void {
  if (columnsOf(database) === expectedColumns()) return
  throw new StoreError(
    'corrupt',
    'its tables are not those of its format; restore a backup, or `weft export`',
  )
}

let expected: string | undefined

function expectedColumns(): string {
  if (expected === undefined) {
    const fresh = new DatabaseSync(':memory:')
    migrate(fresh)
    expected = columnsOf(fresh)
    fresh.close()
  }
  return expected
}

function columnsOf(database: DatabaseSync): string {
  const sql = `SELECT entry.name AS "table", part.name, part.type, part."notnull", part.pk
    FROM sqlite_schema AS entry, pragma_table_info(entry.name) AS part WHERE entry.type = 'table' ORDER BY 1, part.cid`
  return JSON.stringify(database.prepare(sql).all())
}

function missingSteps(
  database: DatabaseSync,
  steps: readonly Migration<DatabaseSync>[],
): readonly Migration<DatabaseSync>[] {
  const applicationId = pragmaNumber(database, 'application_id')
  const format = pragmaNumber(database, 'user_version')
  const foreign =
    applicationId !== APPLICATION_ID && (applicationId !== 0 || format !== 0 || hasTables(database))
  if (foreign) throw new StoreError('corrupt', 'it is not a Weft database')
  return stepsFrom(steps, { format, weft: format === 0 ? undefined : readMeta(database, 'weft') })
}

export function hasTables(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined
}

export function pragmaNumber(database: DatabaseSync, pragma: string): number {
  const value = Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]
  return typeof value === 'number' ? value : Number.NaN
}
