/**
 * One document, row by row: what of it is sound, and what is wrong with the rest.
 *
 * Nothing is believed for being there: sequences must join from 1 to the last one, and what the catalogue counts is
 * counted again.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { SegmentRow } from '../../driver.ts'
import { StoreError } from '../../error.ts'
import { unpackSegment } from '../../history.ts'
import type { DocumentInfo, Snapshot, StoredUpdate } from '../../store.ts'
import {
  bytesOf,
  checkEntry,
  documentOf,
  foldedThrough,
  type Row,
  segmentOf,
  snapshotOf,
  updateOf,
} from './rows.ts'
import { judge } from './sqlite-error.ts'
import type { Statements } from './statements.ts'
import { readTransaction } from './transaction.ts'

/** A snapshot stands for what history has too; what is wrong with an update is lost, unless a snapshot has it. */
export type DamagedPart = 'entry' | 'snapshot' | 'history' | 'log'

export interface Damage {
  readonly part: DamagedPart
  /** One line that names the document. */
  readonly message: string
}

export interface InspectedDocument {
  readonly info: DocumentInfo
  /** Those that read well, oldest first. */
  readonly snapshots: readonly Snapshot[]
  /** From 1 to the last one without gaps, or undefined where history or the log is damaged. */
  readonly updates: readonly StoredUpdate[] | undefined
  /** Every update that reads well, by sequence, whatever is missing between. */
  readonly readable: readonly StoredUpdate[]
  readonly damage: readonly Damage[]
}

/** At one moment. @returns undefined for a document that is not there */
export async function inspectDocument(
  database: DatabaseSync,
  statements: Statements,
  key: number,
): Promise<InspectedDocument | undefined> {
  const found = readTransaction(database, () => {
    const entry = statements.get('SELECT * FROM documents WHERE key = ?', key)
    return entry && new Inspection(statements, entry)
  })
  return found?.finish()
}

class Inspection {
  readonly #info: DocumentInfo
  readonly #damage: Damage[] = []
  readonly #snapshots: Snapshot[] = []
  readonly #segments: SegmentRow[] = []
  readonly #log: StoredUpdate[] = []
  #newest = { through: 0, bytes: 0 }
  #foldedThrough = 0

  constructor(statements: Statements, entry: Row) {
    const key = entry['key'] as number
    const info = documentOf(entry)
    this.#info = info
    const { id } = info
    const read = <Value>(
      part: DamagedPart,
      table: string,
      order: string,
      value: (row: Row) => Value,
    ): Value[] => {
      const rows = this.#try(part, () =>
        statements.all(`SELECT * FROM ${table} WHERE document = ? ORDER BY ${order}`, key),
      )
      return (rows ?? []).flatMap((row) => {
        const sound = this.#try(part, () => value(row))
        return sound === undefined ? [] : [sound]
      })
    }
    this.#try('entry', () => checkEntry(entry))
    this.#snapshots = read('snapshot', 'snapshots', 'through', (row) => {
      this.#newest = { through: row['through'] as number, bytes: bytesOf(row['bytes']).length }
      return snapshotOf(id, row)
    })
    this.#segments = read('history', 'segments', 'last', (row) => segmentOf(id, row))
    this.#log = read('log', 'log', 'seq', (row) => updateOf(id, row))
    this.#foldedThrough = this.#try('snapshot', () => foldedThrough(statements, key)) ?? 0
  }

  async finish(): Promise<InspectedDocument> {
    const updates = await this.#updates()
    this.#count(updates)
    const whole = this.#damage.every(({ part }) => part !== 'history' && part !== 'log')
    return {
      info: this.#info,
      snapshots: this.#snapshots,
      updates: whole ? updates : undefined,
      readable: updates,
      damage: this.#damage,
    }
  }

  async #updates(): Promise<StoredUpdate[]> {
    const updates: StoredUpdate[] = []
    const missing = (part: DamagedPart, through: number): void => {
      if (!this.#has(part)) this.#say(part, `update ${updates.length + 1} of ${through} is missing`)
    }
    for (const segment of this.#segments) {
      if (segment.first !== updates.length + 1) missing('history', this.#foldedThrough)
      try {
        for (const update of await unpackSegment(this.#info.id, segment)) updates.push(update)
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        this.#damage.push({ part: 'history', message: error.message })
      }
    }
    if (updates.length !== this.#foldedThrough) missing('history', this.#foldedThrough)
    for (const [index, update] of this.#log.entries()) {
      if (update.seq !== this.#foldedThrough + index + 1) missing('log', this.#info.lastSeq)
      updates.push(update)
    }
    if (this.#foldedThrough + this.#log.length !== this.#info.lastSeq) missing('log', this.#info.lastSeq)
    return updates
  }

  /** The catalogue against what it counts, as far as that is sound. */
  #count(updates: readonly StoredUpdate[]): void {
    if (this.#newest.through !== this.#foldedThrough && !this.#has('snapshot'))
      this.#say('snapshot', `snapshot ${this.#foldedThrough} is lost`)
    if (this.#damage.length > 0) return
    const { bytes, updatedAt, createdAt } = this.#info
    const counted = this.#log.reduce((sum, update) => sum + update.bytes.length, this.#newest.bytes)
    if (bytes !== counted) this.#say('entry', `the catalogue says ${bytes} bytes, there are ${counted}`)
    const last = updates.at(-1)?.at ?? createdAt
    if (updatedAt !== last)
      this.#say('entry', `the catalogue says it changed at ${updatedAt}, it did at ${last}`)
  }

  #has(part: DamagedPart): boolean {
    return this.#damage.some((damage) => damage.part === part)
  }

  #say(part: DamagedPart, what: string): void {
    this.#damage.push({ part, message: `document ${this.#info.id}: ${what}` })
  }

  #try<Value>(part: DamagedPart, work: () => Value): Value | undefined {
    try {
      return work()
    } catch (error) {
      const verdict = judge(error)
      if (verdict.kind === 'foreign') throw error
      const { message } = verdict.error
      const named = message.startsWith(`document ${this.#info.id}`)
      this.#damage.push({
        part,
        message: named ? message : `document ${this.#info.id}: its ${part}: ${message}`,
      })
      return undefined
    }
  }
}
