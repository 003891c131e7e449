/**
 * A folder of the oldest format is brought to the newest, and the power goes at any moment of it: the next start
 * finishes, has everything, and the copy of how it was is whole before anything was changed.
 */

import { readdirSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { databaseFile, openStore } from '@weft/persistence'
import { afterEach, expect, it } from 'vitest'
import { figure, sizeOf } from '../harness/figure.ts'
import { type Random, randomFrom } from '../harness/random.ts'
import { runCli, startServerProcess } from '../harness/server-process.ts'
import { cannotMake } from '../harness/tools.ts'
import { Disk } from './crash-states.ts'
import { readRecording, recordingTo } from './recording.ts'
import { readAt } from './typist.ts'

/** Killed in the middle of its work; see `persistence/src/drivers/sqlite/before-upgrade.test.ts`. */
const FORMATS = fileURLToPath(new URL('../../persistence/test/formats', import.meta.url))
const OLDEST = join(FORMATS, '1')
const NEWEST = readdirSync(FORMATS).length
const LETTER = 'Dear friends, this was written by an older Weft.'
const EXPECTED = ' 1,A letter to Ärzte 7, 2 after its snapshot, 1 copy'
const STATES = sizeOf('UPGRADE_STATES', 16)

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function workFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-upgrade-'))
  undo.push(() => rm(folder, { recursive: true }))
  return folder
}

async function oldFolder(): Promise<string> {
  const folder = join(await workFolder(), 'data')
  await cp(OLDEST, folder, { recursive: true })
  return folder
}

const formatOf = (file: string): unknown => {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    return database.prepare('PRAGMA user_version').get()?.['user_version']
  } finally {
    database.close()
  }
}

/** @returns the copies in the folder that are whole */
async function wholeCopies(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  return names.filter((name) => {
    if (!/^before-format-\d+-.*\.db$/.test(name)) return false
    const copy = new DatabaseSync(join(folder, name), { readOnly: true })
    const sound = copy.prepare('PRAGMA integrity_check').get()
    const documents = copy.prepare('SELECT count(*) AS count FROM documents').get()
    copy.close()
    return (
      sound?.['integrity_check'] === 'ok' && documents?.['count'] === 3 && formatOf(join(folder, name)) === 1
    )
  })
}

it('a server opens a folder of the oldest format, serves what it holds, and leaves a copy of it', async () => {
  const data = await oldFolder()
  const server = await startServerProcess({ data })
  undo.push(() => server.dispose())
  expect(await readAt(server.url, 'letter')).toBe(LETTER)
  expect(await server.stop()).toBe(0)
  expect(formatOf(databaseFile(data))).toBe(NEWEST)
  expect(await wholeCopies(data)).toHaveLength(1)
  const { code, stdout } = await runCli(['verify', '--data', data]).ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/3 documents, .*: sound/) })
})

it('a server refuses a folder of a newer format in one line, names the version that it takes, and leaves it as it is', async () => {
  const data = await oldFolder()
  const database = new DatabaseSync(databaseFile(data))
  database.exec(`PRAGMA user_version = 99; UPDATE meta SET value = '3.1.0' WHERE name = 'weft'`)
  database.close()
  const before = await readFile(databaseFile(data))
  const { code, stdout, stderr } = await runCli(['serve', '--port', '0', '--data', data]).ended
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^weft: data folder [^\n]*storage format 99 needs Weft 3\.1\.0 or newer; [^\n]*\n$/)
  expect(await readFile(databaseFile(data))).toEqual(before)
})

it.skipIf(cannotMake('failing calls'))(
  `a server that was killed, or lost its power, in any of ${STATES} states that an upgrade may leave, finishes it at its next start`,
  { timeout: 60_000 + STATES * 5_000 },
  async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    console.info(`SEED=${seed}`)
    const data = await oldFolder()
    const trace = join(await workFolder(), 'trace')
    const server = await startServerProcess({ data, under: () => recordingTo(trace) })
    await server.kill()
    const calls = await readRecording(trace, data)
    const random: Random = randomFrom(seed)
    const before = new Map<string, Buffer>()
    for (const name of await readdir(OLDEST)) before.set(name, await readFile(join(OLDEST, name)))
    const disk = new Disk(before)
    const folder = join(await workFolder(), 'state')
    const formats = new Set<unknown>()
    const wrong: string[] = []
    let states = 0
    for (const [index, call] of calls.entries()) {
      disk.take(call)
      // What a power cut leaves of the same moment is seldom the same twice.
      for (; states < ((index + 1) * STATES) / calls.length; states++) {
        await rm(folder, { recursive: true, force: true })
        await mkdir(folder)
        const files = random.happens(0.3) ? disk.afterKill() : disk.afterPowerCut(random)
        for (const [name, bytes] of files) {
          await mkdir(dirname(join(folder, name)), { recursive: true })
          await writeFile(join(folder, name), bytes)
        }
        const format = formatOf(databaseFile(folder))
        formats.add(format)
        const copiesBefore = await wholeCopies(folder)
        if (format !== 1 && copiesBefore.length === 0)
          wrong.push(`no copy after call ${index} of ${calls.length}`)

        const store = await openStore({ kind: 'sqlite', folder })
        const { documents } = await store.list()
        const found = documents.map(({ title, lastSeq }) => `${title} ${lastSeq}`).join()
        const { tail } = await store.load('letter')
        await store.close()
        const copies = await wholeCopies(folder)
        const outcome = `${found}, ${tail.length} after its snapshot, ${copies.length} copy`
        if (outcome !== EXPECTED) wrong.push(`after call ${index} of ${calls.length}: ${outcome}`)
      }
    }
    expect(wrong).toEqual([])
    figure(`${states} states among ${calls.length} calls`)
    expect(states).toBe(STATES)
    // The power went before its first step, and after its last.
    expect(formats).toContain(1)
    expect(formats).toContain(NEWEST)
  },
)
