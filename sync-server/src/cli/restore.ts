/**
 * `weft restore`: a backup becomes the data folder.
 *
 * It is verified before it is put in place, and nothing that was there is destroyed.
 */
import { resolve } from 'node:path'
import { prepareRestore } from '@weft/persistence'
import { StartError } from '../start-error.ts'
import { type CommandInput, orInOneLine, readCommand } from './command.ts'
import { EXIT } from './exit.ts'
import { verifyFile } from './verify-file.ts'

export async function restore(input: CommandInput): Promise<number> {
  const { data, places, switches } = readCommand(input, {
    places: ['<backup>'],
    switches: ['force', 'acceptDamage'],
  })
  const source = resolve(places[0] ?? '')
  const folder = resolve(data)
  const acceptDamage = switches.has('acceptDamage')
  return orInOneLine(async () => {
    const prepared = await prepareRestore({ source, folder, replace: switches.has('force'), acceptDamage })
    let documents: number
    try {
      const { damage, counts } = await verifyFile(prepared.file)
      const [first] = damage
      if (first !== undefined && !acceptDamage)
        throw new StartError(
          'data-folder',
          `${source} is damaged: ${first}${damage.length > 1 ? ` (and ${damage.length - 1} more)` : ''}; ` +
            'take another backup, or accept the damage with --accept-damage',
        )
      for (const line of damage) process.stderr.write(`weft: ${line}\n`)
      documents = counts.documents
    } catch (error) {
      prepared.abandon()
      throw error
    }
    const { movedTo } = prepared.finish()
    process.stdout.write(`${folder}: ${documents} documents restored\n`)
    if (movedTo !== undefined) process.stdout.write(`what was there is in ${movedTo}\n`)
    return EXIT.ok
  })
}
