import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { freshPath } from '../../../test/folders.ts'
import { openStore } from '../../index.ts'
import { backUp, prepareRestore } from './backup.ts'
import { Inspector } from './inspector.ts'
import { MIGRATIONS, migrate } from './schema.ts'

const by = (text: string) => ({ bytes: new TextEncoder().encode(text), principal: 'ann' })
const options = { replace: false, acceptDamage: false }

async function withOneDocument(): Promise<string> {
  const folder = freshPath()
  const store = await openStore({ kind: 'sqlite', folder })
  await store.create({ id: 'a', kind: 'weft' })
  await store.append('a', [by('one')])
  await store.close()
  return folder
}

describe('a backup', () => {
  it('is of one moment while the store commits, and has what was acknowledged before it began', async () => {
    const folder = freshPath()
    const store = await openStore({ kind: 'sqlite', folder })
    for (const id of ['a', 'b']) await store.create({ id, kind: 'weft' })
    const state = { writing: true, acknowledged: 0 }
    const writing = (async () => {
      // Both in one commit: a moment between them does not exist.
      while (state.writing)
        [state.acknowledged = 0] = await Promise.all(
          ['a', 'b'].map((id) => store.append(id, [by('x'.repeat(2_000))])),
        )
    })()
    for (let round = 0; round < 5; round += 1) {
      const { acknowledged } = state
      const file = join(dirname(folder), `${round}.db`)
      await backUp(join(folder, 'weft.db'), file)
      const copy = new Inspector(file)
      expect(copy.structure()).toEqual([])
      const [a, b] = copy.documents()
      expect(a?.lastSeq).toBe(b?.lastSeq)
      expect(a?.lastSeq).toBeGreaterThanOrEqual(acknowledged)
      copy.close()
    }
    state.writing = false
    await writing
    expect(state.acknowledged).toBeGreaterThan(5)
    await store.close()
    expect(readdirSync(dirname(folder)).filter((name) => name.includes('part'))).toEqual([])
  })

  it('leaves nothing behind when it cannot be made', async () => {
    const folder = await withOneDocument()
    const target = join(dirname(folder), 'no such folder', 'b.db')
    await expect(backUp(join(folder, 'weft.db'), target)).rejects.toMatchObject({ code: 'unavailable' })
    expect(readdirSync(dirname(folder))).toEqual(['data'])
  })
})

describe('a restore', () => {
  it('that was interrupted between the two is not taken for an empty folder', async () => {
    const source = await withOneDocument()
    const folder = await withOneDocument()
    const prepared = await prepareRestore({
      ...options,
      source: join(source, 'weft.db'),
      folder,
      replace: true,
    })
    // As it stands when the process ends after moving the old database aside.
    mkdirSync(join(folder, 'replaced'))
    for (const name of ['weft.db', 'weft.db-wal', 'weft.db-shm'])
      renameSync(join(folder, name), join(folder, 'replaced', name))
    const left = join(dirname(folder), 'left.restoring')
    renameSync(prepared.file, left)
    prepared.abandon()
    renameSync(left, prepared.file)
    await expect(openStore({ kind: 'sqlite', folder })).rejects.toMatchObject({
      code: 'unavailable',
      message: `data folder ${folder}: weft.db: a restore was interrupted; do it again with --force`,
    })
    const again = await prepareRestore({ ...options, source: join(source, 'weft.db'), folder, replace: true })
    expect(again.finish()).toEqual({ movedTo: undefined })
    const store = await openStore({ kind: 'sqlite', folder })
    expect((await store.load('a')).tail.length).toBe(1)
    await store.close()
  })

  it('brings a backup of an older format to the newest', async () => {
    const file = freshPath('old.db')
    const old = new DatabaseSync(file)
    migrate(old, MIGRATIONS.slice(0, 1))
    old.exec(`INSERT INTO documents VALUES (1, 'a', 'weft', 'T', 'T', 1, 1, NULL, 0, 0)`)
    old.close()
    expect(() => new Inspector(file)).toThrow(
      /it is of storage format 1; starting weft serve on it once brings it to 3/,
    )
    const prepared = await prepareRestore({ ...options, source: file, folder: freshPath() })
    const restored = new Inspector(prepared.file)
    expect(restored.structure()).toEqual([])
    expect(restored.documents().map(({ title }) => title)).toEqual(['T'])
    restored.close()
    prepared.finish()
  })

  it('refuses what is no backup of ours, and leaves the folder as it was', async () => {
    const file = freshPath('recipes.db')
    const foreign = new DatabaseSync(file)
    foreign.exec('CREATE TABLE recipes (name TEXT)')
    foreign.close()
    const folder = freshPath()
    await expect(prepareRestore({ ...options, source: file, folder })).rejects.toMatchObject({
      code: 'corrupt',
      message: `${file}: it is not a Weft database`,
    })
    expect(readdirSync(folder)).toEqual(['weft.lock'])
    const store = await openStore({ kind: 'sqlite', folder })
    await store.close()
  })
})
