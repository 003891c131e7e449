/** Rooms over a data folder in which something has decayed. */
import { cpSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { databaseFile, openInspector, openStore } from '@weft/persistence'
import { CLOSE } from '@weft/protocol'
import { expect, it, onTestFinished } from 'vitest'
import * as Y from 'yjs'
import { temporaryFolder } from '../../test/weft-process.ts'
import { ROOM_LIMITS } from './room-limits.ts'
import { eventually, type OpenRooms, openRooms } from './testing/open-rooms.ts'

/** After it an idle room is compacted. */
const REST_MS = ROOM_LIMITS.compactIdleMs + 1_000

async function openFolder(folder: string): Promise<OpenRooms & { close: () => Promise<void> }> {
  const store = await openStore({ kind: 'sqlite', folder })
  const opened = await openRooms({ store })
  const close = async (): Promise<void> => {
    await opened.rooms.drain()
    await store.close()
  }
  return { ...opened, close }
}

/** Two sittings, each folded into a snapshot when its writer has left. @returns what was written */
async function writtenTwice(folder: string, documentId: string): Promise<string> {
  let text = ''
  for (const words of ['first sitting, ', 'second sitting']) {
    const { join, until, rooms, clock, close } = await openFolder(folder)
    const writer = join({ documentId })
    await until(() => writer.received('sync-step-2').length > 0)
    writer.type(words)
    await until(() => writer.durable === writer.sent)
    text = writer.text.toString()
    writer.disconnect()
    clock.advance(REST_MS)
    await eventually(() => rooms.stats().compactions === 1, 'the snapshot')
    await close()
  }
  return text
}

/** Everything that the stored document says, and how many snapshots it has. */
async function contentOf(folder: string): Promise<{ state: Uint8Array; snapshots: number }> {
  const inspector = openInspector(databaseFile(folder))
  try {
    const { snapshot, tail } = await inspector.load('doc')
    const doc = new Y.Doc()
    for (const { bytes } of [...(snapshot === undefined ? [] : [snapshot]), ...tail])
      Y.applyUpdate(doc, bytes)
    const found = await inspector.documentOf('doc')
    return { state: Y.encodeStateAsUpdate(doc), snapshots: found?.snapshots.length ?? 0 }
  } finally {
    inspector.close()
  }
}

function inDatabase(folder: string, sql: string): void {
  const database = new DatabaseSync(`${folder}/weft.db`)
  database.exec(sql)
  database.close()
}

const newest = 'through = (SELECT max(through) FROM snapshots)'

it('a document whose newest snapshot is damaged is served whole from the one before it, and repaired once it rests', async () => {
  const { path, remove } = temporaryFolder()
  onTestFinished(remove)
  const text = await writtenTwice(path, 'doc')
  inDatabase(path, `UPDATE snapshots SET bytes = zeroblob(length(bytes)) WHERE ${newest}`)

  const { join, until, rooms, store, clock, lines, close } = await openFolder(path)
  const reader = join()
  await until(() => reader.text.toString() === text, 'the whole text')
  expect(lines).toEqual([
    {
      level: 'warn',
      message: 'a snapshot is damaged; history stands in, and the next compaction repairs it',
    },
  ])
  reader.type('!')
  await until(() => reader.durable === reader.sent)
  reader.disconnect()
  clock.advance(REST_MS)
  await eventually(() => rooms.stats().compactions === 1, 'the repair')
  expect((await store.load('doc')).damage).toBeUndefined()
  expect((await store.load('doc')).tail).toEqual([])
  const again = join()
  await until(() => again.text.toString() === `${text}!`)
  await close()
})

it('a document whose newest snapshot, or both of them, are flipped, cut short or gone says the same as before', async () => {
  const { path, remove } = temporaryFolder()
  onTestFinished(remove)
  const text = await writtenTwice(path, 'doc')
  const content = await contentOf(path)
  expect(content.snapshots).toBe(2)
  const some = { newest: newest, both: 'TRUE' }
  const ways = {
    flipped: `UPDATE snapshots SET bytes = CAST(x'ff' || substr(bytes, 2) AS BLOB)`,
    'cut short': 'UPDATE snapshots SET bytes = substr(bytes, 1, length(bytes) / 2)',
    gone: 'DELETE FROM snapshots',
  }
  for (const [which, condition] of Object.entries(some))
    for (const [how, sql] of Object.entries(ways)) {
      const damaged = temporaryFolder()
      onTestFinished(damaged.remove)
      cpSync(path, damaged.path, { recursive: true })
      inDatabase(damaged.path, `${sql} WHERE ${condition}`)
      const { join, until, lines, close } = await openFolder(damaged.path)
      const reader = join()
      await until(() => reader.text.toString() === text, `the text with ${which} ${how}`)
      expect(lines.map(({ message }) => message.slice(0, 21))).toEqual(['a snapshot is damaged'])
      await close()
      // To the last struct, not only in what is shown.
      expect((await contentOf(damaged.path)).state).toEqual(content.state)
    }
})
// Six folders are opened one after another.

it('a document of which nothing good remains is refused and named, and no other is touched', async () => {
  const { path, remove } = temporaryFolder()
  onTestFinished(remove)
  await writtenTwice(path, 'bad')
  const text = await writtenTwice(path, 'good')
  const ofBad = `document = (SELECT key FROM documents WHERE id = 'bad')`
  inDatabase(path, `UPDATE snapshots SET bytes = x'00' WHERE ${ofBad}`)
  inDatabase(path, `UPDATE segments SET bytes = x'00' WHERE ${ofBad}`)

  const { join, until, store, lines, close } = await openFolder(path)
  const [bad, good] = [join({ documentId: 'bad' }), join({ documentId: 'good' })]
  await until(() => bad.closedWith === CLOSE.storeUnavailable)
  await until(() => good.text.toString() === text)
  expect(lines).toEqual([{ level: 'error', message: 'a document could not be opened' }])
  await expect(store.load('bad')).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringMatching(/^document bad: segment .* is damaged.*snapshot/),
  })
  await close()
})
