import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { startChild } from '../../../test/child.ts'
import { freshPath } from '../../../test/folders.ts'
import { openStore } from '../../index.ts'
import { assertDurable, openWriter } from './connection.ts'
import { SqliteDriver } from './sqlite-driver.ts'

const decoder = new TextDecoder()

function acknowledgedIn(lines: readonly string[], documentId: string): number {
  const last = lines.findLast((line) => line.startsWith(`${documentId} `))
  return Number(last?.split(' ')[1])
}

describe('a commit of the SQLite driver', () => {
  it('goes through a connection that syncs every commit, read back from that very connection', async () => {
    const driver = await SqliteDriver.open({ folder: freshPath() })
    await driver.probe()
    expect(await driver.inspect()).toEqual({ journalMode: 'wal', synchronous: 2, walAutocheckpoint: 0 })
    await driver.close()
    const reopened = await SqliteDriver.open({ folder: freshPath() })
    expect((await reopened.inspect()).synchronous).toBe(2)
    await reopened.close()
  })

  it('is never made when the connection would sync less: the driver does not open', async () => {
    const folder = freshPath()
    await expect(SqliteDriver.open({ folder, synchronous: 'NORMAL' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/would not survive a power cut: synchronous is 1, not 2/),
    })
    // The refusal let everything go.
    const driver = await SqliteDriver.open({ folder })
    await driver.close()
  })

  it.each([
    ['synchronous = NORMAL', /synchronous is 1/],
    ['synchronous = OFF', /synchronous is 0/],
    ['wal_autocheckpoint = 1000', /automatic checkpoints/],
    ['journal_mode = DELETE', /journal mode delete/],
  ])('is refused after PRAGMA %s', (pragma, message) => {
    const folder = freshPath('weft.db')
    const database = openWriter(folder, 'FULL')
    database.exec(`PRAGMA ${pragma}`)
    expect(() => assertDurable(database)).toThrow(message)
    database.close()
  })

  it('survives kill -9 once acknowledged, with every sequence in its place', async () => {
    const folder = freshPath()
    const acknowledged = new Map<string, number>()
    for (const lines of [300, 40, 500]) {
      const child = startChild('append-loop.ts', [folder, '3'])
      await child.line(() => child.lines.length >= lines)
      await child.kill('SIGKILL')
      for (const line of child.lines) {
        const [id = '', seq] = line.split(' ')
        acknowledged.set(id, Math.max(acknowledged.get(id) ?? 0, Number(seq)))
      }
      const store = await openStore({ kind: 'sqlite', folder })
      for (const [id, seq] of acknowledged) {
        // Checks every seal, and that no sequence is missing.
        const { snapshot, tail } = await store.load(id)
        const { lastSeq } = (await store.get(id)) ?? { lastSeq: -1 }
        expect(lastSeq).toBeGreaterThanOrEqual(seq)
        expect((snapshot?.through ?? 0) + tail.length).toBe(lastSeq)
        expect(tail.map((update) => decoder.decode(update.bytes))).toEqual(
          tail.map((update) => `${id} ${update.seq}`),
        )
        let next = 1
        while (next <= (snapshot?.through ?? 0)) {
          for (const update of await store.readHistory(id, next)) {
            expect(decoder.decode(update.bytes)).toBe(`${id} ${next}`)
            next += 1
          }
        }
      }
      await store.close()
    }
    expect([...acknowledged.keys()].toSorted()).toEqual(['d0', 'd1', 'd2'])
  })

  it('ends the store when the disk fails it, and nothing acknowledged is lost', async () => {
    const folder = freshPath()
    const child = startChild('append-loop.ts', [folder, '2'], { maxFileKiB: 256 })
    expect(await child.exit()).toBe(70)
    const last = child.lines.at(-1)
    expect(last).toMatch(/^fatal the disk failed; restart/)
    const store = await openStore({ kind: 'sqlite', folder })
    for (const id of ['d0', 'd1']) {
      const acknowledged = acknowledgedIn(child.lines, id)
      expect(acknowledged).toBeGreaterThan(5)
      const { snapshot, tail } = await store.load(id)
      expect((snapshot?.through ?? 0) + tail.length).toBeGreaterThanOrEqual(acknowledged)
    }
    await store.close()
  })

  it('ends the store when bringing the database up to date fails, and keeps the log file that has everything', async () => {
    const folder = freshPath()
    // The log file is used again after each checkpoint and stays below this; the database comes to exceed it.
    const child = startChild('append-loop.ts', [folder, '1', '65536'], { maxFileKiB: 6 * 1_024 })
    expect(await child.exit()).toBe(70)
    expect(child.lines.at(-1)).toMatch(/^fatal the disk failed; restart/)
    expect(statSync(`${folder}/weft.db-wal`).size).toBeLessThan(5.5 * 1_024 * 1_024)
    const acknowledged = acknowledgedIn(child.lines, 'd0')
    expect(acknowledged).toBeGreaterThan(58)
    const store = await openStore({ kind: 'sqlite', folder })
    const { snapshot, tail } = await store.load('d0')
    expect((snapshot?.through ?? 0) + tail.length).toBeGreaterThanOrEqual(acknowledged)
    await store.close()
  })

  it('leaves one whole file behind when the store is closed in order', async () => {
    const folder = freshPath()
    const store = await openStore({ kind: 'sqlite', folder })
    await store.create({ id: 'a', kind: 'weft' })
    await store.append('a', [{ bytes: new Uint8Array([7]), principal: 'ann' }])
    const { epoch } = store
    await store.close()
    const database = new DatabaseSync(`${folder}/weft.db`, { readOnly: true })
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    expect(database.prepare('SELECT count(*) AS n FROM log').get()).toEqual({ n: 1 })
    database.close()
    const again = await openStore({ kind: 'sqlite', folder })
    expect(again.epoch).toBe(epoch)
    await again.close()
  })
})
