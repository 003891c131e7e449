import { createHash } from 'node:crypto'
import { closeSync, copyFileSync, cpSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { databaseFile, openStore } from '@weft/persistence'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../test/weft-process.ts'
import { randomNumbers, seeds } from '../room/testing/random-edits.ts'
import { writeFolder } from './testing/written-folder.ts'
import { verifyFile } from './verify-file.ts'

const DOCUMENTS = ['minutes', 'diary', 'plan']

/** Written once: a hundred commits, each of which waits for the disk. */
const original = temporaryFolder()
beforeAll(async () => {
  await writeFolder(original.path, DOCUMENTS)
})
afterAll(original.remove)

function written(): { folder: string; file: string } {
  const { path, remove } = temporaryFolder()
  onTestFinished(remove)
  cpSync(original.path, path, { recursive: true })
  return { folder: path, file: databaseFile(path) }
}

/** Changes the database behind the store's back. */
function behind(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

describe('verifyFile', () => {
  it('finds nothing wrong with what a store has written, and counts it', async () => {
    const { file } = written()
    expect(await verifyFile(file)).toEqual({
      damage: [],
      counts: { documents: 3, snapshots: 6, updates: expect.any(Number) },
    })
  })

  const key = `(SELECT key FROM documents WHERE id = 'diary')`
  it.each([
    [
      'a catalogue entry',
      `UPDATE documents SET title = 'other' WHERE id = 'diary'`,
      /entry is damaged.*; its content is whole/,
    ],
    [
      'a catalogue count',
      `UPDATE documents SET bytes = bytes + 1 WHERE id = 'diary'`,
      /says \d+ bytes, there are \d+; its/,
    ],
    ['a date of the catalogue', `UPDATE documents SET updated_at = 5 WHERE id = 'diary'`, /changed at 5/],
    [
      'the newest snapshot',
      `DELETE FROM snapshots WHERE document = ${key} AND through > 20`,
      /is lost; nothing of it is lost: it is repaired/,
    ],
    [
      'an update',
      `UPDATE log SET principal = 'x' WHERE document = ${key}`,
      /update \d+ is damaged.*more\); it cannot be opened: restore a backup/,
    ],
    [
      'history',
      `DELETE FROM segments WHERE document = ${key} AND first = 1`,
      /update 1 of \d+ is missing; it opens, but part of its history/,
    ],
    [
      'nothing but the documents',
      `INSERT INTO log SELECT 99, seq, at, principal, seal, bytes FROM log WHERE document = ${key}`,
      /^the database as a whole: \d+ rows of log belong to no document/,
    ],
    [
      'the epoch',
      `UPDATE meta SET value = 'other' WHERE name = 'epoch'`,
      /^the database as a whole: its epoch is damaged/,
    ],
    [
      'the tables',
      `CREATE TABLE extra (a)`,
      /^the database as a whole: its tables are not those of its format/,
    ],
  ])('names the document and what to do when %s is damaged, in one line', async (_what, sql, line) => {
    const { file } = written()
    behind(file, sql)
    const { damage } = await verifyFile(file)
    expect(damage).toEqual([expect.stringMatching(line)])
    expect(damage[0]).not.toContain('\n')
    expect(damage[0]).toMatch(/^(document diary: |the database as a whole: )/)
  })

  it('finds a snapshot that is sealed well and says something else than its updates', async () => {
    const { folder, file } = written()
    const store = await openStore({ kind: 'sqlite', folder })
    const { lastSeq } = (await store.get('plan')) ?? { lastSeq: 0 }
    const { snapshot } = await store.load('plan')
    if (snapshot === undefined) throw new Error('there is a snapshot')
    // The one before the tail: the last edits are missing from it.
    await store.putSnapshot('plan', { ...snapshot, through: lastSeq })
    await store.close()
    expect((await verifyFile(file)).damage).toEqual([
      `document plan: snapshot ${lastSeq} says something else than the updates it stands for; ` +
        'keep the folder as it is, and report it: history and content disagree',
    ])
  })
})

describe('of 1,000 single-bit flips in weft.db', () => {
  it.each(seeds(1))('each is found or proved harmless (SEED=%i)', async (seed) => {
    const { path, remove } = temporaryFolder()
    onTestFinished(remove)
    const file = databaseFile(path)
    await writeFolder(
      path,
      DOCUMENTS,
      (edit) => `${createHash('sha256').update(String(edit)).digest('hex').repeat(6)} `,
    )
    const size = readFileSync(file).length
    const random = randomNumbers(seed)
    const bits = Array.from({ length: 1_000 }, () => Math.floor(random() * size * 8))
    const { found, harmless, missed } = await flipEach(file, bits)
    console.info(`SEED=${seed}: ${size} bytes, ${found} found, ${harmless.length} proved harmless`)
    expect(missed, `SEED=${seed}`).toEqual([])
    // A check that calls everything found, or everything harmless, would be none.
    expect(found).toBeGreaterThan(500)
    expect(harmless.length).toBeGreaterThan(0)
    expect((await verifyFile(file)).damage).toEqual([])
  })

  it('so is each of the 800 in its header, and a store that opens over a harmless one has everything', async () => {
    const { file } = written()
    const { harmless, missed } = await flipEach(file, bitsOf(0, 100))
    expect(missed).toEqual([])
    for (const bit of harmless.filter((_, index) => index % 40 === 0)) {
      const { path, remove } = temporaryFolder()
      onTestFinished(remove)
      copyFileSync(file, databaseFile(path))
      flipBit(databaseFile(path), bit)
      const store = await openStore({ kind: 'sqlite', folder: path })
      expect((await store.list()).total).toBe(DOCUMENTS.length)
      for (const id of DOCUMENTS) {
        const { lastSeq } = (await store.get(id)) ?? { lastSeq: 0 }
        expect(await store.append(id, [{ bytes: new Uint8Array([0, 0]), principal: 'ann' }])).toBe(
          lastSeq + 1,
        )
      }
      await store.close()
    }
  })

  it('so is each in a catalogue entry, and none of those in its title is harmless', async () => {
    const { file } = written()
    const content = readFileSync(file)
    // In the row the id is followed by the kind; the index has the id alone.
    const from = content.indexOf('diaryweft') - 24
    const title = content.indexOf('Title of diary', from)
    const { harmless, missed } = await flipEach(file, bitsOf(from, title + 64))
    expect(missed).toEqual([])
    const inTitle = new Set(bitsOf(title, title + 'Title of diary'.length))
    expect(harmless.filter((bit) => inTitle.has(bit))).toEqual([])
  })
})

function bitsOf(fromByte: number, toByte: number): number[] {
  return Array.from({ length: (toByte - fromByte) * 8 }, (_, index) => fromByte * 8 + index)
}

/** One at a time; `missed` are those that were not found although something reads differently, or not at all. */
async function flipEach(
  file: string,
  bits: readonly number[],
): Promise<{ found: number; harmless: number[]; missed: number[] }> {
  const original = contentOf(file)
  const harmless: number[] = []
  const missed: number[] = []
  for (const bit of bits) {
    const flipBack = flipBit(file, bit)
    const isFound = await verifyFile(file).then(
      ({ damage }) => damage.length > 0,
      () => true,
    )
    if (!isFound) (contentOf(file) === original ? harmless : missed).push(bit)
    flipBack()
  }
  return { found: bits.length - harmless.length - missed.length, harmless, missed }
}

/** @returns its undo */
function flipBit(file: string, bit: number): () => void {
  const byte = Buffer.alloc(1)
  const flip = (): void => {
    const descriptor = openSync(file, 'r+')
    readSync(descriptor, byte, 0, 1, bit >> 3)
    byte[0] = (byte[0] ?? 0) ^ (1 << (bit & 7))
    writeSync(descriptor, byte, 0, 1, bit >> 3)
    closeSync(descriptor)
  }
  flip()
  return flip
}

/** Every document, all of its history and the catalogue, by table and by index; what was probed last is nobody's. */
function contentOf(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const all = (sql: string): unknown[] => database.prepare(sql).all()
    const ids = all('SELECT id FROM documents ORDER BY id') as { id: string }[]
    const content = {
      documents: all('SELECT * FROM documents NOT INDEXED ORDER BY key'),
      byId: ids.map(({ id }) => database.prepare('SELECT * FROM documents WHERE id = ?').get(id)),
      log: all('SELECT * FROM log ORDER BY document, seq'),
      snapshots: all('SELECT * FROM snapshots ORDER BY document, through'),
      segments: all('SELECT * FROM segments ORDER BY document, last'),
      epoch: all(`SELECT value FROM meta WHERE name LIKE 'epoch%' ORDER BY name`),
    }
    return JSON.stringify(content, (_name, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    )
  } catch (error) {
    return String(error)
  } finally {
    database.close()
  }
}
