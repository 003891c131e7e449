/** Cases that found something once, and those that somebody thought of: kept as files, and tried first in every run. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Group, Layer } from './case.ts'
import type { UpdatesGroup } from './layers/updates.ts'

const FOLDER = fileURLToPath(new URL('./corpus', import.meta.url))

interface KeptAttempt {
  readonly title: string
  /** Base64. */
  readonly bytes: string
  readonly allowed: readonly string[]
  readonly ends: 'ping' | 'end'
}

interface Kept {
  readonly why: string
  readonly layer: Layer
  readonly speaks?: 'weft.1' | 'stock'
  /** Base64. */
  readonly beginning: readonly string[]
  readonly attempts: readonly KeptAttempt[]
}

/** As they are played: what was known before is nothing, since they bring all they need. */
export async function readCorpus(): Promise<UpdatesGroup[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).sort()
  return Promise.all(
    names.map(async (name, index): Promise<UpdatesGroup> => {
      const kept = JSON.parse(await readFile(join(FOLDER, name), 'utf8')) as Kept
      const attempts = kept.attempts.map(({ bytes, ...rest }) => ({
        ...rest,
        bytes: Buffer.from(bytes, 'base64'),
      }))
      const beginning = kept.beginning.map((bytes) => Buffer.from(bytes, 'base64'))
      return { layer: kept.layer, index, speaks: kept.speaks, beginning, attempts, known: new Map() }
    }),
  )
}

/** @returns the file's path */
export async function keep(name: string, why: string, group: Group): Promise<string> {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
  const kept: Kept = {
    why,
    layer: group.layer,
    ...(group.speaks === undefined ? {} : { speaks: group.speaks }),
    beginning: group.beginning.map(base64),
    attempts: group.attempts.map(({ title, bytes, allowed, ends }) => ({
      title,
      bytes: base64(bytes),
      allowed,
      ends,
    })),
  }
  await mkdir(FOLDER, { recursive: true })
  const path = join(FOLDER, `${name}.json`)
  await writeFile(path, `${JSON.stringify(kept, undefined, 2)}\n`)
  return path
}
