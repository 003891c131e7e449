import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { freshPath } from '../../../test/folders.ts'
import { openStore } from '../../index.ts'
import type { Migration } from '../../migrate.ts'
import { changeDocument } from './catalogue-writes.ts'
import { readEpoch } from './epoch.ts'
import { readMeta } from './meta.ts'
import { checkEntry, documentOf, sealEntry } from './rows.ts'
import { assertTables, MIGRATIONS, migrate, pragmaNumber } from './schema.ts'
import { Statements } from './statements.ts'

const fourth: Migration<DatabaseSync> = {
  format: 4,
  weft: '0.2.0',
  apply: (database) => database.exec('ALTER TABLE documents ADD COLUMN colour TEXT'),
}
const failing: Migration<DatabaseSync> = {
  format: 5,
  weft: '0.3.0',
  apply: (database) => {
    database.exec('CREATE TABLE half (done INTEGER)')
    database.exec('this is not SQL')
  },
}

describe('the storage format', () => {
  it('is brought up step by step, keeping what is there', () => {
    const database = new DatabaseSync(':memory:')
    migrate(database)
    expect(pragmaNumber(database, 'user_version')).toBe(MIGRATIONS.length)
    database.exec(`INSERT INTO documents VALUES (1, 'a', 'weft', 'T', 'T', 1, 1, NULL, 0, 0, x'', 0)`)
    migrate(database, [...MIGRATIONS, fourth])
    expect(pragmaNumber(database, 'user_version')).toBe(4)
    expect(readMeta(database, 'weft')).toBe('0.2.0')
    expect(database.prepare('SELECT id, colour FROM documents').all()).toEqual([{ id: 'a', colour: null }])
    migrate(database, [...MIGRATIONS, fourth])
    database.close()
  })

  it('seals the catalogue of a folder of the first format', () => {
    const database = new DatabaseSync(':memory:')
    migrate(database, MIGRATIONS.slice(0, 1))
    database.exec(`INSERT INTO documents VALUES (1, 'a', 'weft', 'T', 'T', 1, 1, NULL, 0, 0)`)
    database.exec(`INSERT INTO meta VALUES ('epoch', 'the same as ever')`)
    migrate(database)
    expect(readEpoch(database)).toBe('the same as ever')
    const entry = database.prepare('SELECT * FROM documents').get() ?? {}
    checkEntry(entry)
    expect(() => checkEntry({ ...entry, title: 'U' })).toThrow('document a: its catalogue entry is damaged')
    database.close()
  })

  it('knows of no schema version in a folder of the second format, whose seals stay what they are', () => {
    const database = new DatabaseSync(':memory:')
    migrate(database, MIGRATIONS.slice(0, 2))
    const insert = `INSERT INTO documents (id, kind, title, folded_title, created_at, updated_at, last_seq, bytes)`
    for (const id of ['a', 'b']) database.exec(`${insert} VALUES ('${id}', 'weft', 'T', 'T', 1, 1, 0, 0)`)
    const statements = new Statements(database)
    sealEntry(statements, 'a')
    migrate(database)
    const entry = (id: string) => statements.get('SELECT * FROM documents WHERE id = ?', id) ?? {}
    expect(documentOf(entry('a'))).toMatchObject({ kind: 'weft', schema: 0 })
    checkEntry(entry('a'))
    // What was damaged before does not look sound now.
    expect(() => checkEntry(entry('b'))).toThrow('its catalogue entry is damaged')
    expect(changeDocument(statements, 'a', { kind: 'raise-schema', schema: 2 })).toMatchObject({ schema: 2 })
    checkEntry(entry('a'))
    for (const schema of [0, 3])
      expect(() => checkEntry({ ...entry('a'), schema })).toThrow('its catalogue entry is damaged')
    database.close()
  })

  it('is not what it was when a column has another name or type', () => {
    const tables = (sql = 'SELECT 1'): DatabaseSync => {
      const database = new DatabaseSync(':memory:')
      migrate(database)
      database.exec(sql)
      return database
    }
    assertTables(tables())
    for (const sql of [
      'ALTER TABLE log RENAME COLUMN bytes TO by4es',
      'ALTER TABLE log ADD COLUMN more TEXT',
      'DROP TABLE segments',
    ])
      expect(() => assertTables(tables(sql))).toThrow('its tables are not those of its format')
  })

  it('stays at the last whole step when one fails', () => {
    const database = new DatabaseSync(':memory:')
    expect(() => migrate(database, [...MIGRATIONS, fourth, failing])).toThrow(/syntax error/)
    expect(pragmaNumber(database, 'user_version')).toBe(4)
    expect(readMeta(database, 'weft')).toBe('0.2.0')
    expect(database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'half'`).get()).toBeUndefined()
    database.close()
  })

  it('is refused when it is newer, naming both formats and the version needed, and left as it is', async () => {
    const folder = freshPath()
    mkdirSync(folder)
    const path = join(folder, 'weft.db')
    const newer = new DatabaseSync(path)
    migrate(newer, [...MIGRATIONS, fourth])
    newer.close()
    await expect(openStore({ kind: 'sqlite', folder })).rejects.toMatchObject({
      code: 'newer',
      message: `data folder ${folder}: weft.db: storage format 4 needs Weft 0.2.0 or newer; this version knows formats up to 3`,
    })
    const after = new DatabaseSync(path)
    expect(pragmaNumber(after, 'user_version')).toBe(4)
    after.close()
  })
})
