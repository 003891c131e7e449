import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { freshPath } from '../../../test/folders.ts'
import { openStore } from '../../index.ts'
import type { Migration } from '../../migrate.ts'
import { readEpoch } from './epoch.ts'
import { readMeta } from './meta.ts'
import { checkEntry } from './rows.ts'
import { MIGRATIONS, migrate, pragmaNumber } from './schema.ts'

const third: Migration<DatabaseSync> = {
  format: 3,
  weft: '0.2.0',
  apply: (database) => database.exec('ALTER TABLE documents ADD COLUMN colour TEXT'),
}
const failing: Migration<DatabaseSync> = {
  format: 4,
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
    database.exec(`INSERT INTO documents VALUES (1, 'a', 'weft', 'T', 'T', 1, 1, NULL, 0, 0, x'')`)
    migrate(database, [...MIGRATIONS, third])
    expect(pragmaNumber(database, 'user_version')).toBe(3)
    expect(readMeta(database, 'weft')).toBe('0.2.0')
    expect(database.prepare('SELECT id, colour FROM documents').all()).toEqual([{ id: 'a', colour: null }])
    migrate(database, [...MIGRATIONS, third])
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

  it('stays at the last whole step when one fails', () => {
    const database = new DatabaseSync(':memory:')
    expect(() => migrate(database, [...MIGRATIONS, third, failing])).toThrow(/syntax error/)
    expect(pragmaNumber(database, 'user_version')).toBe(3)
    expect(readMeta(database, 'weft')).toBe('0.2.0')
    expect(database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'half'`).get()).toBeUndefined()
    database.close()
  })

  it('is refused when it is newer, naming both formats and the version needed, and left as it is', async () => {
    const folder = freshPath()
    mkdirSync(folder)
    const path = join(folder, 'weft.db')
    const newer = new DatabaseSync(path)
    migrate(newer, [...MIGRATIONS, third])
    newer.close()
    await expect(openStore({ kind: 'sqlite', folder })).rejects.toMatchObject({
      code: 'newer',
      message: `data folder ${folder}: weft.db: storage format 3 needs Weft 0.2.0 or newer; this version knows formats up to 2`,
    })
    const after = new DatabaseSync(path)
    expect(pragmaNumber(after, 'user_version')).toBe(3)
    after.close()
  })
})
