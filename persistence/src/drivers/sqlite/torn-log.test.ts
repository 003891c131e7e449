import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startChild } from '../../../test/child.ts'
import { freshPath } from '../../../test/folders.ts'
import { openStore } from '../../index.ts'
import { randomFrom, testSeed } from '../../testing/random.ts'
import { Inspector } from './inspector.ts'
import { Reader } from './reader.ts'

const RECORDS = 12
const decoder = new TextDecoder()

it('a log file torn or scrambled at any byte of its end leaves the updates before that, and nothing else', async () => {
  const seed = testSeed()
  const random = randomFrom(seed)
  const written = freshPath()
  const child = startChild('append-loop.ts', [written, '2'])
  await child.line((line) => line === 'd1 40')
  await child.kill('SIGKILL')
  const log = readFileSync(join(written, 'weft.db-wal'))

  const folder = freshPath()
  mkdirSync(folder)
  const file = join(folder, 'weft.db')
  const counts = new Set<number>()
  for (let round = 0; round < 150; round += 1) {
    copyFileSync(join(written, 'weft.db'), file)
    const end = Math.floor(random() * Math.min(log.length, 300_000))
    const torn = Buffer.from(log.subarray(0, log.length - end))
    // Half of the time something else stands there, as in blocks that were given to the file and not written.
    const rest =
      random() < 0.5
        ? Buffer.alloc(0)
        : Buffer.alloc(end, Buffer.from(Array.from({ length: 64 }, () => Math.floor(random() * 256))))
    writeFileSync(`${file}-wal`, Buffer.concat([torn, rest]))
    const inspector = new Inspector(file)
    expect(inspector.structure(), `SEED=${seed}`).toEqual([])
    let total = 0
    for (const key of inspector.documentKeys()) {
      const found = await inspector.document(key)
      expect(found?.damage, `SEED=${seed}`).toEqual([])
      const texts = found?.updates?.map(({ bytes }) => decoder.decode(bytes)) ?? []
      expect(texts, `SEED=${seed}`).toEqual(texts.map((_, index) => `${found?.info.id ?? ''} ${index + 1}`))
      total += texts.length
    }
    counts.add(total)
    inspector.close()
  }
  // Otherwise the cuts cut nothing.
  expect(counts.size).toBeGreaterThan(20)
  const store = await openStore({ kind: 'sqlite', folder })
  const last = (await store.get('d0'))?.lastSeq ?? 0
  expect(await store.append('d0', [{ bytes: new Uint8Array([1]), principal: 'ann' }])).toBe(last + 1)
  await store.close()
}, 60_000)

it('a last record that lacks, or has wrong, any number of its last 4,096 bytes is dropped, and all before it are there', async () => {
  const seed = testSeed()
  const random = randomFrom(seed)
  const folder = freshPath()
  const file = join(folder, 'weft.db')
  const store = await openStore({ kind: 'sqlite', folder })
  await store.create({ id: 'd0', kind: 'weft' })
  // Enough of them to reach beyond what the start has written into the log file before.
  for (let seq = 1; seq <= RECORDS; seq += 1)
    await store.append('d0', [{ bytes: Uint8Array.of(seq), principal: 'ann' }])
  const log = readFileSync(`${file}-wal`)
  const database = readFileSync(file)
  await store.close()

  writeFileSync(file, database)
  const wrong: string[] = []
  for (let length = 0; length <= 4_096; length += 1) {
    const torn = Buffer.from(log)
    const isCut = random() < 0.5
    for (let at = log.length - length; at < log.length; at += 1)
      torn[at] = (torn[at] ?? 0) ^ (1 + Math.floor(random() * 255))
    writeFileSync(`${file}-wal`, isCut ? torn.subarray(0, log.length - length) : torn)
    rmSync(`${file}-shm`, { force: true })
    const reader = new Reader(file)
    const last = reader.load('d0')?.log.at(-1)?.seq
    reader.close()
    if (last !== (length === 0 ? RECORDS : RECORDS - 1))
      wrong.push(`${isCut ? 'cut' : 'scrambled'} ${length}: ${last}`)
  }
  expect(wrong, `SEED=${seed}`).toEqual([])
}, 240_000)
