/** `weft backup`: one file with everything, consistent also while the server writes, and looked at before it counts. */
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { backUp, databaseFile, stamp } from '@weft/persistence'
import { type CommandInput, orInOneLine, readCommand } from './command.ts'
import { EXIT } from './exit.ts'
import { verifyFile } from './verify-file.ts'

/** @returns the exit code: 1 when the backup is made and whole, but what was copied has damage. */
export async function backup(input: CommandInput): Promise<number> {
  const { data, places } = readCommand(input, { places: ['<file or folder>'] })
  const target = await fileFor(resolve(places[0] ?? ''))
  return orInOneLine(async () => {
    const { bytes } = await backUp(databaseFile(resolve(data)), target)
    const { damage } = await verifyFile(target, { replay: false })
    process.stdout.write(`${target}: ${inMegabytes(bytes)}\n`)
    for (const line of damage)
      process.stderr.write(`weft: the copy is as damaged as what it was made of: ${line}\n`)
    return damage.length === 0 ? EXIT.ok : EXIT.failed
  })
}

/** In a folder a name of its own, so that yesterday's is kept. */
async function fileFor(target: string): Promise<string> {
  const found = await stat(target).catch(() => undefined)
  return found?.isDirectory() === true ? join(target, `weft-${stamp()}.db`) : target
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}
