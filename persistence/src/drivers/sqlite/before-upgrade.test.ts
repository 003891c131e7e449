/** Folders as each released format left them, kept in `persistence/test/formats`: a new one joins them with each step. */
import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { freshPath } from '../../../test/folders.ts'
import { openStore } from '../../index.ts'
import { prepareRestore } from './backup.ts'
import { MIGRATIONS, pragmaNumber } from './schema.ts'

const formats = fileURLToPath(new URL('../../../test/formats', import.meta.url))

/** @returns a folder as that format's last version of Weft left it; that of format 1 was killed */
function folderOf(format: number): string {
  const folder = freshPath()
  cpSync(join(formats, String(format)), folder, { recursive: true })
  return folder
}

const newest = MIGRATIONS.length
const copyName = `before-format-${newest}-2026-06-01T00-12-00-000Z.db`
const isCopy = (name: string): boolean => name.startsWith('before-format-')

async function contentOf(folder: string): Promise<unknown> {
  const store = await openStore({ kind: 'sqlite', folder })
  const { documents } = await store.list()
  const trashed = (await store.list({ trashed: true })).documents
  const content = []
  for (const { id, title, updatedAt, lastSeq } of [...documents, ...trashed]) {
    const { snapshot, tail, damage } = await store.load(id)
    const updates = (await store.readHistory(id, 1))
      .concat(tail)
      .map(({ seq, principal }) => `${seq} ${principal}`)
    content.push({ id, title, updatedAt, lastSeq, through: snapshot?.through, updates, damage })
  }
  await store.close()
  return content
}

const guests = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index + 1} guest`)
const minute = (count: number): number => Date.UTC(2026, 5, 1) + count * 60_000
const expected = [
  { id: 'list', title: '', updatedAt: minute(11), lastSeq: 1, through: undefined, updates: guests(1) },
  {
    id: 'letter',
    title: 'A letter to Ärzte',
    updatedAt: minute(10),
    lastSeq: 7,
    through: 5,
    // The first folding alone is asked for here.
    updates: [...guests(3), '6 guest', '7 guest'],
  },
  {
    id: 'old',
    title: 'In the trash',
    updatedAt: minute(12),
    lastSeq: 1,
    through: undefined,
    updates: guests(1),
  },
]

describe('a folder of a released format', () => {
  it('is kept here for each format that there is', () => {
    expect(readdirSync(formats).toSorted()).toEqual(MIGRATIONS.map(({ format }) => String(format)))
  })

  it.for(MIGRATIONS.map(({ format }) => format))(
    'opens with everything that is in it: format %i',
    async (format) => {
      expect(await contentOf(folderOf(format))).toEqual(expected)
    },
  )

  it('is copied before it is upgraded, once, and the copy can be put back', async () => {
    const folder = folderOf(1)
    const content = await contentOf(folder)
    const [name = '', ...more] = readdirSync(folder).filter(isCopy)
    expect([name, more]).toEqual([copyName, []])
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    const copy = new DatabaseSync(join(folder, name), { readOnly: true })
    expect(pragmaNumber(copy, 'user_version')).toBe(1)
    copy.close()
    // A second start has nothing to upgrade, and so has a folder of the newest format.
    await contentOf(folder)
    expect(readdirSync(folder).filter(isCopy)).toEqual([name])

    const other = freshPath()
    const restored = { source: join(folder, name), folder: other, replace: false, acceptDamage: false }
    ;(await prepareRestore(restored)).finish()
    expect(await contentOf(other)).toEqual(content)
    expect(readdirSync(other).filter(isCopy)).toEqual([])
  })

  it('stays as it is when the copy cannot be made', async () => {
    const folder = folderOf(1)
    const blocked = join(folder, `${copyName}.part`, 'in the way')
    cpSync(join(formats, '2'), blocked, { recursive: true })
    const before = readFileSync(join(folder, 'weft.db-wal'))
    await expect(openStore({ kind: 'sqlite', folder })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^data folder .*: the copy that is kept before an upgrade, .*: /),
    })
    expect(readFileSync(join(folder, 'weft.db-wal'))).toEqual(before)
    expect(readdirSync(folder).filter(isCopy)).toHaveLength(1)
  })
})
