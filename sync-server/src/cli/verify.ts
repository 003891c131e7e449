/** `weft verify`: whether a data folder, or a backup, says what was written. Reads only; a server may be running. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { databaseFile } from '@weft/persistence'
import { describe } from '../crashes/quarantine.ts'
import { crashFolder, isSetAside, readSuspects } from '../crashes/suspects.ts'
import { type CommandInput, orInOneLine, readCommand } from './command.ts'
import { EXIT } from './exit.ts'
import { verifyFile } from './verify-file.ts'

/** @returns the exit code: 0 when everything is sound, 1 when anything is not. */
export async function verify(input: CommandInput): Promise<number> {
  const { data } = readCommand(input, { places: [] })
  const path = resolve(data)
  // A backup is one file.
  const isFile = (await stat(path).catch(() => undefined))?.isFile() === true
  return orInOneLine(async () => {
    const startedAt = performance.now()
    const ended = isFile ? [] : (await readSuspects(crashFolder(path))).filter(isSetAside)
    // Before anything is looked at: what ended a server may end this, too.
    for (const suspect of ended) process.stdout.write(`${describe(suspect)}\n`)
    const setAside = new Set(ended.map(({ documentId }) => documentId))
    const { damage, counts } = await verifyFile(isFile ? path : databaseFile(path), { setAside })
    for (const line of damage) process.stdout.write(`${line}\n`)
    const { documents, snapshots, updates } = counts
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
    const wrong = [
      ...(damage.length === 0 ? [] : [`${damage.length} damaged`]),
      ...(setAside.size === 0 ? [] : [`${setAside.size} set aside`]),
    ]
    const verdict = wrong.length === 0 ? 'sound' : wrong.join(', ')
    process.stdout.write(
      `${documents} documents, ${snapshots} snapshots, ${updates} updates: ${verdict} (${seconds} s)\n`,
    )
    return wrong.length === 0 ? EXIT.ok : EXIT.failed
  })
}
