import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { startChild } from '../../../test/child.ts'
import { freshPath } from '../../../test/folders.ts'
import { openStore } from '../../index.ts'
import { SqliteDriver } from './sqlite-driver.ts'

const update = { bytes: new Uint8Array([1]), principal: 'ann' }

/** Copies files of one data folder into a new one. */
function copied(from: string, ...names: readonly string[]): string {
  const folder = freshPath()
  mkdirSync(folder)
  for (const name of names) copyFileSync(join(from, name), join(folder, name))
  return folder
}

it('a copy of weft.db alone, made while a store had it open, is refused and says what is missing', async () => {
  const folder = freshPath()
  const store = await openStore({ kind: 'sqlite', folder })
  await store.create({ id: 'a', kind: 'weft' })
  await store.append('a', [update])
  const alone = copied(folder, 'weft.db')
  const both = copied(folder, 'weft.db', 'weft.db-wal')
  await store.close()

  for (const _attempt of [1, 2])
    await expect(openStore({ kind: 'sqlite', folder: alone })).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(
        /^data folder .*: weft\.db: it was copied .* without its log file weft\.db-wal/,
      ),
    })
  const whole = await openStore({ kind: 'sqlite', folder: both })
  expect((await whole.load('a')).tail.length).toBe(1)
  await whole.close()
})

it('a copy of weft.db alone, made after an orderly end, is whole', async () => {
  const folder = freshPath()
  const store = await openStore({ kind: 'sqlite', folder })
  await store.create({ id: 'a', kind: 'weft' })
  await store.close()
  const copy = await openStore({ kind: 'sqlite', folder: copied(folder, 'weft.db') })
  expect(await copy.get('a')).toBeDefined()
  await copy.close()
})

it('a folder whose holder was killed, and that another tool has tidied up, opens', async () => {
  const folder = freshPath()
  const child = startChild('append-loop.ts', [folder])
  await child.line((line) => line === 'd0 20')
  await child.kill('SIGKILL')
  // As SQLite's own shell leaves it: everything is in the one file.
  const shell = new DatabaseSync(join(folder, 'weft.db'))
  shell.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  shell.close()
  expect(existsSync(join(folder, 'weft.db-wal'))).toBe(false)
  const store = await openStore({ kind: 'sqlite', folder })
  expect((await store.get('d0'))?.lastSeq).toBeGreaterThanOrEqual(20)
  await store.close()
})

it('a start that is refused leaves the folder of one that was killed as it was', async () => {
  const folder = freshPath()
  const child = startChild('append-loop.ts', [folder])
  await child.line((line) => line === 'd0 20')
  await child.kill('SIGKILL')
  const kept = (): string[] =>
    ['weft.db', 'weft.db-wal', 'weft.pid'].map((name) => readFileSync(join(folder, name), 'latin1'))
  const before = kept()
  for (const _attempt of [1, 2])
    await expect(SqliteDriver.open({ folder, synchronous: 'NORMAL' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('would not survive a power cut'),
    })
  expect(kept()).toEqual(before)
  const store = await openStore({ kind: 'sqlite', folder })
  expect((await store.get('d0'))?.lastSeq).toBeGreaterThanOrEqual(20)
  await store.close()
})
