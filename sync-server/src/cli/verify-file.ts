/**
 * Everything that can be known of a database's soundness: pages, seals, sequences, counts, and that each document's
 * history, replayed from its first update, says what each kept snapshot says.
 */
import { type Damage, type InspectedDocument, type Inspector, openInspector } from '@weft/persistence'
import { replayDamage } from './replay.ts'

export interface Verdict {
  /** One line for each damaged document, and for each thing wrong with the whole: what, and what to do. */
  readonly damage: readonly string[]
  readonly counts: { readonly documents: number; readonly snapshots: number; readonly updates: number }
}

export interface VerifyOptions {
  /** Off leaves out what takes longest: comparing content. Default on. */
  readonly replay?: boolean
  /** Documents that end whoever looks too closely: their content is not compared. */
  readonly setAside?: ReadonlySet<string>
}

/**
 * @throws {StoreError} when there is no database, or none that can be read at all
 */
export async function verifyFile(file: string, options: VerifyOptions = {}): Promise<Verdict> {
  const { replay = true, setAside = new Set() } = options
  const inspector = openInspector(file)
  try {
    const damage = inspector
      .structure()
      .map(
        (line) =>
          `the database as a whole: ${line}; restore a backup, or \`weft export\` what can still be read`,
      )
    const counts = { documents: 0, snapshots: 0, updates: 0 }
    for (const key of keysOf(inspector, damage)) {
      const document = await inspector.document(key)
      if (document === undefined) continue
      counts.documents += 1
      counts.snapshots += document.snapshots.length
      counts.updates += document.info.lastSeq
      const line = await documentDamage(inspector, document, replay && !setAside.has(document.info.id))
      if (line !== undefined) damage.push(line)
    }
    return { damage, counts }
  } finally {
    inspector.close()
  }
}

function keysOf(inspector: Inspector, damage: string[]): number[] {
  try {
    return inspector.documentKeys()
  } catch (error) {
    damage.push(`the catalogue cannot be read: ${String(error)}; restore a backup`)
    return []
  }
}

async function documentDamage(
  inspector: Inspector,
  document: InspectedDocument,
  replay: boolean,
): Promise<string | undefined> {
  const { info, damage } = document
  const differing = replay ? replayDamage(document) : []
  const messages = [
    ...damage.map(({ message }) => message),
    ...differing.map((what) => `document ${info.id}: ${what}`),
  ]
  const [first] = messages
  if (first === undefined) return undefined
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : ''
  return `${first}${more}; ${await advice(inspector, document, damage, differing.length > 0)}`
}

async function advice(
  inspector: Inspector,
  { info }: InspectedDocument,
  damage: readonly Damage[],
  differs: boolean,
): Promise<string> {
  const opens = await inspector.load(info.id).then(
    () => true,
    () => false,
  )
  if (!opens)
    return 'it cannot be opened: restore a backup, or `weft export` what can be read of it; other documents are not affected'
  if (differs) return 'keep the folder as it is, and report it: history and content disagree'
  if (damage.every(({ part }) => part === 'snapshot'))
    return 'nothing of it is lost: it is repaired once it is opened, edited and left'
  if (damage.every(({ part }) => part === 'entry'))
    return 'its content is whole: restore a backup to have its entry in the list right'
  return 'it opens, but part of its history cannot be read: restore a backup, or `weft export` it as it is now'
}
