/**
 * A server's whole life, recorded call by call, and thousands of moments at which it might have been cut short: each
 * leaves a disk that opens, has all that was acknowledged by then, and nothing that nobody typed.
 *
 * `CRASH_STATES=20000` tries so many of them.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { databaseFile, openInspector, openStore, type StoredDocument } from '@weft/persistence'
import { afterEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { figure, sizeOf } from '../harness/figure.ts'
import { type Random, randomFrom } from '../harness/random.ts'
import { startServerProcess } from '../harness/server-process.ts'
import { cannotMake } from '../harness/tools.ts'
import type { Edit } from '../mutation/plant.ts'
import { Disk } from './crash-states.ts'
import { type DiskCall, readRecording, recordingTo } from './recording.ts'
import { TEXT, Typist } from './typist.ts'

const STATES = sizeOf('CRASH_STATES', 500)
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const DOCUMENTS = ['one', 'two', 'three']
const WORDS = 90
/** Long ones: the log is folded, and moved into the database, several times. */
const WORD_LENGTH = 9_000
/** So many states are opened as a server opens them, and written to; the others are only read, which is faster. */
const OPENED = 1 / 20
/** Of these SQLite itself checks every page. */
const CHECKED = 1 / 5
/** Commits are not synced any more, and the store does not refuse to start for it. */
const NO_SYNC: readonly Edit[] = [
  {
    file: 'persistence/src/drivers/sqlite/connection.ts',
    find: 'if (synchronous !== FULL) {',
    put: 'if (synchronous > FULL) {',
  },
  {
    file: 'persistence/src/drivers/sqlite/connection.ts',
    find: '`PRAGMA synchronous = ${synchronous}`',
    put: '`PRAGMA synchronous = NORMAL`',
  },
]

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function workFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-crash-'))
  undo.push(() => rm(folder, { recursive: true }))
  return folder
}

interface Life {
  readonly calls: readonly DiskCall[]
  readonly typists: readonly Typist[]
}

async function recordLife(planted?: readonly Edit[]): Promise<Life> {
  const trace = join(await workFolder(), 'trace')
  const flags = ['--rate-limit', 'off']
  const under = () => recordingTo(trace)
  const server = await startServerProcess({ under, flags, ...(planted === undefined ? {} : { planted }) })
  undo.push(() => server.dispose())
  const typists = DOCUMENTS.map((documentId) => {
    const typist = new Typist({ server: server.url, documentId, name: documentId, wordLength: WORD_LENGTH })
    undo.push(() => typist.drop())
    return typist
  })
  for (const typist of typists) await typist.begin()
  for (const typist of typists) await typist.acknowledges(WORDS, 60_000)
  for (const typist of typists) typist.stop()
  expect(await server.stop()).toBe(0)
  return { calls: await readRecording(trace, server.data), typists }
}

function textOf({ snapshot, tail }: StoredDocument): string {
  const doc = new Y.Doc()
  for (const { bytes } of [...(snapshot === undefined ? [] : [snapshot]), ...tail]) Y.applyUpdate(doc, bytes)
  const text = doc.getText(TEXT).toJSON()
  doc.destroy()
  return text
}

/** As anybody can read it. @throws when it is damaged, or says something else than it should */
async function readState(folder: string, { typists }: Life, at: number, checked: boolean): Promise<void> {
  const inspector = openInspector(databaseFile(folder))
  try {
    if (checked) expect(inspector.structure()).toEqual([])
    for (const typist of typists) {
      const isThere = inspector.find(typist.documentId) !== undefined
      const text = isThere ? textOf(await inspector.load(typist.documentId)) : ''
      typist.assertIn(text, typist.acknowledgedBefore(at))
    }
  } finally {
    inspector.close()
  }
}

/** As a server finds it, who goes on from there. */
async function openState(folder: string, life: Life, at: number): Promise<void> {
  const store = await openStore({ kind: 'sqlite', folder })
  try {
    for (const { documentId } of life.typists) {
      const { document } = await store.create({ id: documentId, kind: 'yjs' })
      const next = await store.append(documentId, [{ bytes: Uint8Array.of(0, 0), principal: 'guest' }])
      expect(next).toBe(document.lastSeq + 1)
    }
  } finally {
    await store.close()
  }
  await readState(folder, life, at, true)
}

async function tryStates(life: Life, count: number, random: Random): Promise<string[]> {
  const { calls } = life
  const firstAck = calls.findIndex(({ at }) =>
    life.typists.some((typist) => typist.acknowledgedBefore(at) > 0),
  )
  const moments = Array.from({ length: count }, () => random.below(calls.length + 1)).toSorted(
    (a, b) => a - b,
  )
  const disk = new Disk()
  const wrong: string[] = []
  const folder = join(await workFolder(), 'state')
  let taken = 0
  for (const moment of moments) {
    for (; taken < moment; taken++) disk.take(calls[taken] as DiskCall)
    const isKill = random.happens(0.2)
    const files = isKill ? disk.afterKill() : disk.afterPowerCut(random)
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder)
    for (const [name, bytes] of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), bytes)
    }
    const at = calls[moment]?.at ?? Number.POSITIVE_INFINITY
    try {
      // Before anybody was let in, the database itself may still be on its way.
      if (moment < firstAck || random.happens(OPENED)) await openState(folder, life, at)
      else await readState(folder, life, at, random.happens(CHECKED))
    } catch (error) {
      wrong.push(`${isKill ? 'killed' : 'power cut'} before call ${moment}: ${String(error).slice(0, 300)}`)
    }
  }
  return wrong
}

it.skipIf(cannotMake('failing calls'))(
  `a disk found in any of ${STATES} states that a crash may leave opens, and has all that was acknowledged by then`,
  { timeout: 120_000 + STATES * 500 },
  async () => {
    console.info(`SEED=${SEED}`)
    const life = await recordLife()
    const count = (kind: DiskCall['kind']): number => life.calls.filter((call) => call.kind === kind).length
    const wrong = await tryStates(life, STATES, randomFrom(SEED))
    figure(`${STATES} states of ${count('write')} writes and ${count('sync')} syncs`)
    expect(wrong).toEqual([])
    // Otherwise it shows less than it says. On a disk that syncs slowly each commit has all the words that may be under way, twelve.
    expect(count('sync')).toBeGreaterThan((DOCUMENTS.length * WORDS) / 12)
    expect(
      life.calls.filter((call) => call.kind === 'write' && call.file === 'weft.db').length,
    ).toBeGreaterThan(500)
  },
)

it.skipIf(cannotMake('failing calls'))('and a server that syncs less than it says is found out', async () => {
  const life = await recordLife(NO_SYNC)
  const wrong = await tryStates(life, 40, randomFrom(SEED))
  console.info(`SEED=${SEED}: ${wrong.length} of 40 states lack what was acknowledged`)
  expect(wrong.join('\n')).toMatch(/power cut before call \d+: Error: of \d+ words of \w+, \d+ acknowledged/)
})
