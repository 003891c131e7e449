/**
 * Bits that flip on disk, anywhere: what is loaded is what was written, or is refused.
 *
 * `BITS_OF_EACH_BYTE=8` flips each bit of every byte, a smaller number so many of each, chosen by seed; otherwise it is one bit of
 * every twelfth byte.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freshPath } from '../../../test/folders.ts'
import { joinRows } from '../../document-store.ts'
import { StoreError } from '../../error.ts'
import { openStore } from '../../open-store.ts'
import type { StoredDocument } from '../../store.ts'
import { randomFrom, testSeed } from '../../testing/random.ts'
import { openReader } from './connection.ts'
import { Reader } from './reader.ts'
import { assertFormat, assertTables } from './schema.ts'
import { unpackDocument } from './sqlite-driver.ts'

const EACH_BYTE = process.env['BITS_OF_EACH_BYTE']
const BITS = Number(EACH_BYTE ?? 1)
const STRIDE = EACH_BYTE === undefined ? 12 : 1
const DOCUMENTS = ['one', 'two', 'three', 'four']
const REGION_BYTES = 64 * 1_024
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** Documents that are whole texts in pieces; a snapshot of one is its pieces put together. @returns text by document */
async function write(folder: string): Promise<Map<string, string>> {
  const store = await openStore({ kind: 'sqlite', folder })
  const texts = new Map<string, string>()
  for (const id of DOCUMENTS) {
    await store.create({ id, kind: 'weft', title: `Document ${id}` })
    let text = ''
    for (let seq = 1; seq <= 30; seq += 1) {
      const piece = `${id} ${seq} `.padEnd(seq % 5 === 0 ? 1_500 : 200, 'x')
      text += piece
      await store.append(id, [{ bytes: encode(piece), principal: 'ann' }])
      if (seq % 8 === 0 && id !== 'four')
        await store.putSnapshot(id, { through: seq, bytes: encode(text), summary: Uint8Array.of(1) })
    }
    texts.set(id, text)
  }
  await store.close()
  return texts
}

const textOf = ({ snapshot, tail }: StoredDocument): string =>
  [...(snapshot === undefined ? [] : [snapshot]), ...tail].map(({ bytes }) => decode(bytes)).join('')

/** @returns undefined when it is refused as damaged */
async function load(reader: Reader, id: string): Promise<string | undefined> {
  try {
    const rows = reader.load(id)
    return rows && textOf(await joinRows(id, unpackDocument(rows)))
  } catch (error) {
    if (error instanceof StoreError && error.code === 'corrupt') return undefined
    throw error
  }
}

/** @returns undefined when no store opens over it either */
function open(file: string): Reader | undefined {
  const database = openReader(file)
  try {
    assertFormat(database)
    assertTables(database)
    return new Reader(file)
  } catch {
    return undefined
  } finally {
    database.close()
  }
}

it('a bit that flips anywhere in 64 KiB of the database is refused or harmless: no document is ever served as something else', async () => {
  const seed = testSeed()
  const random = randomFrom(seed)
  const folder = freshPath()
  const texts = await write(folder)
  const file = join(folder, 'weft.db')
  const content = readFileSync(file)
  expect(content.length).toBeGreaterThanOrEqual(REGION_BYTES)
  const wrong: string[] = []
  const counts = { flips: 0, refused: 0 }
  const descriptor = openSync(file, 'r+')
  const flip = async (at: number, bit: number): Promise<void> => {
    const old = content[at] ?? 0
    writeSync(descriptor, Uint8Array.of(old ^ (1 << bit)), 0, 1, at)
    counts.flips += 1
    let refused = 0
    const reader = open(file)
    for (const [id, text] of texts) {
      try {
        const found = reader && (await load(reader, id))
        if (found === undefined) refused += 1
        else if (found !== text) wrong.push(`byte ${at}, bit ${bit}: ${id} is served as something else`)
      } catch (error) {
        wrong.push(`byte ${at}, bit ${bit}: ${id}: ${String(error)}`)
      }
    }
    reader?.close()
    if (refused > 0) counts.refused += 1
    writeSync(descriptor, Uint8Array.of(old), 0, 1, at)
  }
  for (let at = 0; at < REGION_BYTES; at += STRIDE) {
    const first = Math.floor(random() * 8)
    for (let count = 0; count < BITS; count++) await flip(at, (first + count) % 8)
  }
  closeSync(descriptor)
  expect(wrong, `SEED=${seed}`).toEqual([])
  // The others hit what is unused, what only history needs, or what something else stands in for.
  expect(counts.refused).toBeGreaterThan(counts.flips / 20)
}, 3_600_000)
