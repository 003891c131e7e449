/**
 * Servers that are struck while they start: on a folder that an older Weft left, and on one that is new. Whatever was
 * done by then, the next start must bring everything that was there, and take what comes.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Y from 'yjs'
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
  readonly folder: 'of format 1' | 'new'
}

const STROKES = ['kill', 'power cut'] as const
/** A new folder has nothing of which half could be brought to another format. */
const ONLY_OF_OLD_FOLDERS = 'migration: half of a step'

export const STRUCK_STARTS: readonly StruckStart[] = STROKES.flatMap((stroke) =>
  STARTING_FAILPOINTS.flatMap((place) => {
    const old = { stroke, place, folder: 'of format 1' } as const
    // A cut shows all that a kill does, and more.
    const isWorthIt = stroke === 'power cut' && place !== ONLY_OF_OLD_FOLDERS
    return isWorthIt ? [old, { stroke, place, folder: 'new' } as const] : [old]
  }),
)

/** Of a server that was killed in the middle of its work; see `persistence/src/drivers/sqlite/before-upgrade.test.ts`. */
const OLD_FOLDER = fileURLToPath(new URL('../../persistence/test/formats/1', import.meta.url))
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
  if (folder === 'of format 1') await copyOldFolder(data)
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
async function copyOldFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(OLD_FOLDER))
    await writeFile(join(folder, name), await readFile(join(OLD_FOLDER, name)), { flush: true })
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
