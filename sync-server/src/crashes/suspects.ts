/**
 * Documents that were being worked on when a process ended, one file each, so that a server and a command may both
 * change what is known. They lie beside the database and not in it: a start that nothing can be written at still knows them.
 */
import { createHash } from 'node:crypto'
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDocumentId } from '@weft/protocol'
import { z } from 'zod'
import { RISKS, type Risk, type Work } from './under-way.ts'

export interface Suspect extends Work {
  /** How often a process has ended while it did this. */
  readonly crashes: number
  /** When the last one was noticed, ms since 1970. */
  readonly at: number
  /** The run of the machine in which that was. */
  readonly boot: string
}

/**
 * The first time may be chance: something else was too much, and the document only stood by. A fold takes a hundred
 * times as long as an opening and nobody waits for it, so it stands by more often, and being kept from it costs more.
 */
const MAX_CRASHES: Readonly<Record<Risk, number>> = { open: 2, fold: 5 }

const schema = z.strictObject({
  documentId: z.string().refine(isDocumentId),
  risk: z.enum(RISKS),
  crashes: z.number().int().min(1),
  at: z.number(),
  boot: z.string(),
})

export const isSetAside = ({ crashes, risk }: Suspect): boolean => crashes >= MAX_CRASHES[risk]

/** Below the data folder. */
export function crashFolder(data: string): string {
  return join(data, 'crashes')
}

/** Ids never become paths, and two of them may differ by case alone. */
function fileOf(folder: string, { documentId, risk }: Work): string {
  return join(folder, `${createHash('sha256').update(`${risk} ${documentId}`).digest('hex')}.json`)
}

/** None where there is no folder. What cannot be read as one is nobody. */
export async function readSuspects(folder: string): Promise<Suspect[]> {
  const names = await readdir(folder).catch(() => [])
  const found = names.filter((name) => name.endsWith('.json')).map((name) => readSuspect(join(folder, name)))
  return (await Promise.all(found)).filter((suspect) => suspect !== undefined)
}

async function readSuspect(file: string): Promise<Suspect | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'))
    return schema.parse(parsed)
  } catch {
    return undefined
  }
}

/** In place of what was known of it. */
export async function writeSuspect(folder: string, suspect: Suspect): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = fileOf(folder, suspect)
  await writeFile(`${file}.part`, `${JSON.stringify(suspect)}\n`, { mode: 0o600 })
  await rename(`${file}.part`, file)
}

export async function clearSuspect(folder: string, work: Work): Promise<void> {
  await rm(fileOf(folder, work), { force: true })
}

export async function isSuspect(folder: string, work: Work): Promise<boolean> {
  return access(fileOf(folder, work)).then(
    () => true,
    () => false,
  )
}
