/**
 * Servers that are struck while they start: on a folder that an older Weft left, and on one that is new. Whatever was
 * done by then, the next start must bring everything that was there, and take what comes.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Y from 'yjs'
import { MIGRATIONS } from '../../persistence/src/drivers/sqlite/schema.ts'
import { holdStill } from '../harness/hold-still.ts'
import { mountPowerDisk } from '../harness/power-disk.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'
import { contentOf } from './compare.ts'
import { FAILPOINT_EDITS, Failpoints, STARTING_FAILPOINTS } from './failpoints.ts'
import { readRawLog } from './raw-log.ts'
import { Findings } from './verdict.ts'
import { openCold } from './witness.ts'
import { TEXT, wordOf } from './words.ts'

export interface StruckStart {
  readonly stroke: 'kill' | 'power cut'
  /** Of `STARTING_FAILPOINTS`. */
  readonly place: string
  readonly folder: `of format ${number}` | 'new'
}

const STROKES = ['kill', 'power cut'] as const
/** Half of a step is only in the first one, which writes all rows anew; a new folder has none. */
const ONLY_OF_THE_OLDEST = 'migration: half of a step'
/** What a start on a folder of the newest format comes to: there nothing is copied and no step is taken. */
const EVERY_START = ['migration: done, not said to be open', 'start: before the first checkpoint']

export const STRUCK_STARTS: readonly StruckStart[] = STROKES.flatMap((stroke) =>
  STARTING_FAILPOINTS.flatMap((place): StruckStart[] => {
    const oldest: StruckStart = { stroke, place, folder: 'of format 1' }
    // A cut shows all that a kill does, and more.
    if (stroke === 'kill' || place === ONLY_OF_THE_OLDEST) return [oldest]
    const later = MIGRATIONS.map(({ format }) => format).slice(
      1,
      EVERY_START.includes(place) ? undefined : -1,
    )
    return [
      oldest,
      ...later.map((format): StruckStart => ({ stroke, place, folder: `of format ${format}` })),
      { stroke, place, folder: 'new' },
    ]
  }),
)

/** Of format 1 that of a server that was killed in the middle of its work; see `persistence/src/drivers/sqlite/before-upgrade.test.ts`. */
const OLD_FOLDERS = fileURLToPath(new URL('../../persistence/test/formats', import.meta.url))
const OLD_DOCUMENTS = [
  { id: 'letter', text: 'Dear friends, this was written by an older Weft.' },
  { id: 'list', text: 'one, two' },
]
const OLD_TEXT = 't'
const DISK_MEBIBYTES = 16

/** @returns what was wrong after it was started again */
export async function strikeStart({ stroke, place, folder }: StruckStart): Promise<Findings> {
  const failpoints = await Failpoints.open()
  const disk = stroke === 'power cut' ? await mountPowerDisk(DISK_MEBIBYTES) : undefined
  const home = disk?.folder ?? (await mkdtemp(join(tmpdir(), 'weft-start-')))
  const data = join(home, 'data')
  if (folder !== 'new') await copyOldFolder(join(OLD_FOLDERS, folder.slice('of format '.length)), data)
  const how = { planted: FAILPOINT_EDITS, env: failpoints.env, data, startsLater: true }
  const server = await startServerProcess(how)
  const findings = new Findings()
  try {
    await failpoints.arm(place)
    const started = server.start().then(
      () => findings.say('it listened before it was struck'),
      () => undefined,
    )
    await failpoints.reached(place)
    await disk?.cut(() => holdStill(server.pid))
    await server.kill()
    await started
    await disk?.restore()
    await server.start()
    await (folder === 'new' ? writeInto(server, findings) : compare(server, findings))
  } finally {
    await server.dispose()
    await disk?.close()
    if (disk === undefined) await rm(home, { recursive: true })
    await failpoints.close()
  }
  return findings
}

/** Synced: it is what an older server left on the disk. */
async function copyOldFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from))
    await writeFile(join(to, name), await readFile(join(from, name)), { flush: true })
}

async function compare(server: ServerProcess, findings: Findings): Promise<void> {
  const look = (where: string, doc: Y.Doc, text: string): void => {
    const found = doc.getText(OLD_TEXT).toJSON()
    if (found !== text) findings.say(`${where} is ${JSON.stringify(found)}`)
  }
  for (const { id, text } of OLD_DOCUMENTS) look(`${id}, opened cold,`, await openCold(server.url, id), text)
  await server.kill()
  for (const { id, text } of OLD_DOCUMENTS) {
    const { replayed, loaded, damage } = await readRawLog(server.data, id)
    for (const line of damage) findings.say(line)
    look(`${id}, replayed,`, replayed, text)
    look(`${id}, as it would be loaded,`, loaded, text)
  }
}

async function writeInto(server: ServerProcess, findings: Findings): Promise<void> {
  const writer = stockClient(server.url, 'new')
  try {
    const word = wordOf(0, 0)
    writer.doc.getText(TEXT).insert(0, word)
    const shown = async () => contentOf(await openCold(server.url, 'new'))
    await until('what is typed is shown to a newcomer', shown, (text) => text === word)
  } catch (error) {
    findings.say(error instanceof Error ? error.message : String(error))
  } finally {
    writer.close()
  }
}
