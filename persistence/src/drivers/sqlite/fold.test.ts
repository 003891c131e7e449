import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { freshPath } from '../../../test/folders.ts'
import { storeOn } from '../../open-store.ts'
import { SqliteDriver } from './sqlite-driver.ts'

const update = { bytes: new Uint8Array([1]), principal: 'ann' }
const snapshot = (through: number) => ({
  through,
  bytes: new Uint8Array([through]),
  summary: new Uint8Array(),
})

describe('folding in SQLite', () => {
  it('keeps the snapshot before the newest one, and none older', async () => {
    const folder = freshPath()
    const driver = await SqliteDriver.open({ folder })
    const store = storeOn(driver)
    await store.create({ id: 'a', kind: 'weft' })
    for (const through of [1, 2, 3, 4]) {
      await store.append('a', [update])
      await store.putSnapshot('a', snapshot(through))
    }
    await store.close()
    const database = new DatabaseSync(join(folder, 'weft.db'), { readOnly: true })
    expect(database.prepare('SELECT through FROM snapshots ORDER BY through').all()).toEqual([
      { through: 3 },
      { through: 4 },
    ])
    database.close()
  })

  it('never shows a reader the old snapshot with the new log', async () => {
    const store = storeOn(await SqliteDriver.open({ folder: freshPath() }))
    await store.create({ id: 'a', kind: 'weft' })
    // Large, so that much happens between reading the one and reading the other.
    const bytes = new Uint8Array(2_000_000)
    for (let round = 0; round < 8; round += 1) {
      const last = await store.append('a', [update, update])
      const state = { folding: true }
      const folded = store.putSnapshot('a', { ...snapshot(last - 1), bytes }).finally(() => {
        state.folding = false
      })
      while (state.folding) {
        // Throws when snapshot and tail do not join.
        const { snapshot, tail } = await store.load('a')
        expect((snapshot?.through ?? 0) + tail.length).toBe(last)
      }
      await folded
    }
    await store.close()
  })

  it('does nothing when the log is not what was packed', async () => {
    const driver = await SqliteDriver.open({ folder: freshPath() })
    const store = storeOn(driver)
    await store.create({ id: 'a', kind: 'weft' })
    await store.append('a', [update, update])
    const fold = { documentId: 'a', keep: 0, snapshot: snapshot(3), segments: [] }
    await expect(driver.fold({ ...fold, after: 0 })).rejects.toMatchObject({
      code: 'corrupt',
      message: 'document a: 2 records to fold instead of 3',
    })
    expect(await driver.fold({ ...fold, after: 1 })).toBe(false)
    const { snapshot: stored, tail } = await store.load('a')
    expect([stored, tail.length]).toEqual([undefined, 2])
    await store.close()
  })
})
