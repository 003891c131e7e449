/** `weft retry`: a document that was set aside is opened and folded again, also by a server that is running. */
import { resolve } from 'node:path'
import { clearSuspect, crashFolder, readSuspects } from '../crashes/suspects.ts'
import { type CommandInput, readCommand } from './command.ts'
import { EXIT } from './exit.ts'

/** @returns the exit code: 1 when no crash is known of that document. */
export async function retry(input: CommandInput): Promise<number> {
  const { data, places } = readCommand(input, { places: ['<document>'] })
  const [documentId = ''] = places
  const folder = crashFolder(resolve(data))
  const known = (await readSuspects(folder)).filter((suspect) => suspect.documentId === documentId)
  if (known.length === 0) {
    process.stderr.write(`weft: no server on ${resolve(data)} has ended because of document ${documentId}\n`)
    return EXIT.failed
  }
  for (const suspect of known) await clearSuspect(folder, suspect)
  process.stdout.write(`document ${documentId} is tried again when somebody opens it\n`)
  return EXIT.ok
}
