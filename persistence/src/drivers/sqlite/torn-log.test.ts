import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startChild } from '../../../test/child.ts'
import { freshPath } from '../../../test/folders.ts'
import { openStore } from '../../index.ts'
import { randomFrom, testSeed } from '../../testing/random.ts'
import { Inspector } from './inspector.ts'
import { type DroppedTail, droppedTail } from './log-tail.ts'
import { Reader } from './reader.ts'

const RECORDS = 12
/** A page of 4 KiB and what stands before it. */
const FRAME_BYTES = 4_096 + 24
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
})

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
  // What is left out of a log that nobody has torn: nothing.
  writeFileSync(`${file}-wal`, log)
  expect(droppedTail(`${file}-wal`)).toBeUndefined()
  const wrong: string[] = []
  const untold: string[] = []
  for (let length = 0; length <= 4_096; length += 1) {
    const torn = Buffer.from(log)
    const isCut = random() < 0.5
    for (let at = log.length - length; at < log.length; at += 1)
      torn[at] = (torn[at] ?? 0) ^ (1 + Math.floor(random() * 255))
    writeFileSync(`${file}-wal`, isCut ? torn.subarray(0, log.length - length) : torn)
    rmSync(`${file}-shm`, { force: true })
    if (!isTold(droppedTail(`${file}-wal`), isCut ? length : 0, length > 0))
      untold.push(`${isCut ? 'cut' : 'scrambled'} ${length}`)
    const reader = new Reader(file)
    const last = reader.load('d0')?.log.at(-1)?.seq
    reader.close()
    if (last !== (length === 0 ? RECORDS : RECORDS - 1))
      wrong.push(`${isCut ? 'cut' : 'scrambled'} ${length}: ${last}`)
  }
  expect({ wrong, untold }, `SEED=${seed}`).toEqual({ wrong: [], untold: [] })
}, 240_000)

/** The last record alone, whatever was cut from it. */
function isTold(dropped: DroppedTail | undefined, cutBytes: number, isTorn: boolean): boolean {
  if (dropped === undefined) return !isTorn
  const { bytes, frames, commits } = dropped
  return isTorn && commits <= 1 && frames >= 1 && frames * FRAME_BYTES - cutBytes === bytes
}

it('a start that leaves out the end of the log says how much it was, and whether anybody can have been told that it is saved', async () => {
  const folder = freshPath()
  const wal = join(folder, 'weft.db-wal')
  const store = await openStore({ kind: 'sqlite', folder })
  await store.create({ id: 'd0', kind: 'weft' })
  for (let seq = 1; seq <= RECORDS; seq += 1)
    await store.append('d0', [{ bytes: Uint8Array.of(seq), principal: 'ann' }])
  const log = readFileSync(wal)
  const database = readFileSync(join(folder, 'weft.db'))
  await store.close()

  /** @returns what is said by a start on the log as `change` leaves it, and the last update that is there */
  async function start(
    change: (log: Buffer) => Buffer,
  ): Promise<{ said: string[]; last: number | undefined }> {
    writeFileSync(join(folder, 'weft.db'), database)
    writeFileSync(wal, change(Buffer.from(log)))
    rmSync(join(folder, 'weft.db-shm'), { force: true })
    const said: string[] = []
    const started = await openStore(
      { kind: 'sqlite', folder },
      { onFinding: (finding) => said.push(finding) },
    )
    const last = (await started.get('d0'))?.lastSeq
    await started.close()
    return { said, last }
  }
  const flip = (at: number) => (bytes: Buffer) => {
    bytes[at] = (bytes[at] ?? 0) ^ 1
    return bytes
  }
  expect(await start((bytes) => bytes)).toEqual({ said: [], last: RECORDS })
  expect(await start((bytes) => bytes.subarray(0, -10))).toEqual({
    said: [
      expect.stringMatching(
        /^the last \d+ bytes of weft\.db-wal \(\d+ frames\) .*nobody was told that they are saved$/,
      ),
    ],
    last: RECORDS - 1,
  })
  // Far from the end: what follows was synced, commit by commit.
  expect(await start(flip(log.length - 6 * FRAME_BYTES))).toEqual({
    said: [
      expect.stringMatching(
        /transactions in them, so the file is damaged, and edits that were acknowledged may be missing/,
      ),
    ],
    last: expect.toSatisfy((last: number) => last < RECORDS - 1),
  })
  expect((await start(flip(20))).said).toEqual([expect.stringContaining(`the last ${log.length} bytes`)])
  // Behind the end stands what an earlier, longer log has left.
  const earlier = Buffer.from(log)
  for (let at = 32; at < earlier.length; at += FRAME_BYTES)
    earlier.writeUInt32BE(log.readUInt32BE(16) - 1, at + 8)
  expect(
    await start((bytes) => Buffer.concat([bytes, earlier.subarray(32, 32 + 5 * FRAME_BYTES + 77)])),
  ).toEqual({
    said: [],
    last: RECORDS,
  })
})
