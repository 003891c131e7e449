import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { freshPath } from '../../../test/folders.ts'
import { type DocumentStore, type NewUpdate, openStore } from '../../index.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const by = (text: string): NewUpdate => ({ bytes: encode(text), principal: 'ann' })
const open = (folder: string): Promise<DocumentStore> => openStore({ kind: 'sqlite', folder })

/** Documents `broken` and `sound`, each with history 1–2, a snapshot through 2 and a tail of 3–4. */
async function twoDocuments(): Promise<string> {
  const folder = freshPath()
  const store = await open(folder)
  for (const id of ['broken', 'sound']) {
    await store.create({ id, kind: 'weft' })
    for (const seq of [1, 2, 3, 4]) await store.append(id, [by(`${id} update ${seq}`)])
    const bytes = new TextEncoder().encode(`${id} snapshot`)
    await store.putSnapshot(id, { through: 2, bytes, summary: new Uint8Array([1, 2]) })
  }
  await store.close()
  return folder
}

function inDatabase(folder: string, sql: string): void {
  const database = new DatabaseSync(join(folder, 'weft.db'))
  database.exec(sql)
  database.close()
}

describe('damage on disk', () => {
  it('of one bit in an update is found, named, and harms no other document', async () => {
    const folder = await twoDocuments()
    const file = join(folder, 'weft.db')
    const content = readFileSync(file)
    const place = content.indexOf('broken update 4')
    content[place + 3] = (content[place + 3] ?? 0) ^ 0x10
    writeFileSync(file, content)

    const store = await open(folder)
    await expect(store.load('broken')).rejects.toMatchObject({
      code: 'corrupt',
      message: 'document broken: update 4 is damaged: its checksum differs',
    })
    await expect(store.read('broken', 1)).rejects.toMatchObject({ code: 'corrupt' })
    // Folding it away would bury the damage in history.
    const snapshot = { through: 4, bytes: new Uint8Array([1]), summary: new Uint8Array() }
    await expect(store.putSnapshot('broken', snapshot)).rejects.toMatchObject({ code: 'corrupt' })
    expect((await store.readHistory('broken', 1)).length).toBe(2)
    expect((await store.load('sound')).tail.length).toBe(2)
    const appends = [store.append('broken', [by('more')]), store.append('sound', [by('more')])]
    expect(await Promise.all(appends)).toEqual([5, 5])
    await store.close()
  })

  it.each([
    ['the bytes of an update', `UPDATE log SET bytes = x'00' WHERE seq = 3`, /update 3 is damaged: 1 bytes/],
    [
      'the author of an update',
      `UPDATE log SET principal = 'bob' WHERE seq = 3`,
      /update 3 .* checksum differs/,
    ],
    ['the time of an update', `UPDATE log SET at = at + 1 WHERE seq = 3`, /update 3 .* checksum differs/],
    ['the number of an update', `UPDATE log SET seq = 5 WHERE seq = 4`, /update 5 .* checksum differs/],
    ['the seal of an update', `UPDATE log SET seal = x'0102' WHERE seq = 3`, /update 3 .* seal has 2 bytes/],
    ['a lost update', `DELETE FROM log WHERE seq = 3`, /update 3 is missing/],
    ['a lost last update', `DELETE FROM log WHERE seq = 4`, /update 4 is missing/],
    ['the last sequence', `UPDATE documents SET last_seq = 9`, /update 5 is missing/],
    [
      'a snapshot and the history below it',
      `UPDATE snapshots SET bytes = x'00'; UPDATE segments SET bytes = x'00'`,
      /segment 2 is damaged: .*; document broken: snapshot 2 is damaged/,
    ],
    [
      'a snapshot with its history lost',
      `UPDATE snapshots SET bytes = x'00'; DELETE FROM segments`,
      /update 1 is missing; document broken: snapshot 2 is damaged/,
    ],
    [
      'a lost snapshot with its history lost',
      `DELETE FROM snapshots; DELETE FROM segments`,
      /update 1 is missing/,
    ],
  ])('of %s is found', async (_what, sql, message) => {
    const folder = await twoDocuments()
    inDatabase(folder, sql)
    const store = await open(folder)
    await expect(store.load('broken')).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(message),
    })
    await store.close()
  })

  it.each([
    ['a snapshot', `UPDATE snapshots SET bytes = x'00'`, /snapshot 2 is damaged: 3 bytes/],
    ['the summary of a snapshot', `UPDATE snapshots SET summary = x'0103'`, /snapshot 2 .* checksum differs/],
    ['the sequence of a snapshot', `UPDATE snapshots SET through = 1`, /snapshot 1 .* checksum differs/],
    ['a lost snapshot', `DELETE FROM snapshots`, /the newest snapshot is lost/],
  ])('of %s is found, and history stands in for it', async (_what, sql, message) => {
    const folder = await twoDocuments()
    inDatabase(folder, sql)
    const store = await open(folder)
    const { snapshot, tail, damage } = await store.load('broken')
    expect(damage).toMatch(message)
    expect(snapshot).toBeUndefined()
    expect(tail.map((update) => new TextDecoder().decode(update.bytes))).toEqual(
      [1, 2, 3, 4].map((seq) => `broken update ${seq}`),
    )
    await store.close()
  })

  it('of the newest snapshot costs nothing while the one before it and history are sound, and the next snapshot repairs it', async () => {
    for (const through of [4, 5]) {
      const folder = await twoDocuments()
      let store = await open(folder)
      await store.putSnapshot('broken', { through: 4, bytes: encode('newest'), summary: new Uint8Array() })
      expect(await store.append('broken', [by('broken update 5')])).toBe(5)
      await store.close()
      inDatabase(folder, `UPDATE snapshots SET bytes = x'00' WHERE through = 4`)

      store = await open(folder)
      const before = await store.load('broken')
      expect(before.damage).toMatch(/^document broken: snapshot 4 is damaged/)
      expect(before.snapshot?.bytes).toEqual(encode('broken snapshot'))
      expect(before.tail.map((update) => new TextDecoder().decode(update.bytes))).toEqual(
        [3, 4, 5].map((seq) => `broken update ${seq}`),
      )
      await store.putSnapshot('broken', { through, bytes: encode('repaired'), summary: new Uint8Array() })
      const after = await store.load('broken')
      expect(after.damage).toBeUndefined()
      expect(after.snapshot).toMatchObject({ through, bytes: encode('repaired') })
      expect(after.tail.length).toBe(5 - through)
      // The sound one of before is still there, should this one decay as well; the damaged one is not.
      await store.close()
      inDatabase(folder, `UPDATE snapshots SET bytes = x'00' WHERE through = ${through}`)
      store = await open(folder)
      const again = await store.load('broken')
      expect(again.snapshot?.through).toBe(2)
      expect(again.tail.map((update) => update.seq)).toEqual([3, 4, 5])
      await store.close()
    }
  })

  it('of history is found when history is read, and the document goes on without it', async () => {
    const folder = await twoDocuments()
    inDatabase(folder, `UPDATE segments SET first = 2`)
    const store = await open(folder)
    await expect(store.readHistory('broken', 1)).rejects.toMatchObject({
      code: 'corrupt',
      message: 'document broken: segment 2 is damaged: its checksum differs',
    })
    expect((await store.load('broken')).tail.length).toBe(2)
    await store.close()
  })

  it('that stops one document from committing stops no other in the same commit', async () => {
    const folder = await twoDocuments()
    // The catalogue forgot an update that the log has: its number is taken.
    inDatabase(folder, `UPDATE documents SET last_seq = 3 WHERE id = 'broken'`)
    const store = await open(folder)
    const results = await Promise.allSettled([
      store.append('sound', [by('one')]),
      store.append('broken', [by('refused')]),
      store.append('sound', [by('two')]),
    ])
    expect(results).toEqual([
      { status: 'fulfilled', value: 5 },
      {
        status: 'rejected',
        reason: expect.objectContaining({
          code: 'corrupt',
          message: expect.stringMatching(/^document broken: /),
        }),
      },
      { status: 'fulfilled', value: 6 },
    ])
    await store.close()
  })
})
