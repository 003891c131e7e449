/** `weft verify`: whether a data folder, or a backup, says what was written. Reads only; a server may be running. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { databaseFile } from '@weft/persistence'
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
    const { damage, counts } = await verifyFile(isFile ? path : databaseFile(path))
    for (const line of damage) process.stdout.write(`${line}\n`)
    const { documents, snapshots, updates } = counts
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
    const verdict = damage.length === 0 ? 'sound' : `${damage.length} damaged`
    process.stdout.write(
      `${documents} documents, ${snapshots} snapshots, ${updates} updates: ${verdict} (${seconds} s)\n`,
    )
    return damage.length === 0 ? EXIT.ok : EXIT.failed
  })
}
