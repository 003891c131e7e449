/**
 * A document that ends the process, by taking all its memory or all its time, is opened twice and then no more (folded five times): without
 * this it would end every server that somebody opens it at.
 *
 * What is about to be done with a document is written down (`under-way.ts`) and crossed out when it is done. What a
 * process finds written down when it begins has ended the one before, or stood by: that document is suspect. Suspects
 * are worked on one at a time, so that the next end is only one's doing; that one is set aside. One that is worked on
 * well is suspect no more. A process that was asked to stop has ended nothing, nor does a machine that was started anew
 * tell anything.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../observe/logger.ts'
import {
  clearSuspect,
  crashFolder,
  isSetAside,
  isSuspect,
  readSuspects,
  type Suspect,
  writeSuspect,
} from './suspects.ts'
import { bootOf, type Risk, UnderWay, type Work } from './under-way.ts'

export interface Quarantine {
  /**
   * Does `work` where the next process will know of it should this one end.
   * @throws {SetAsideError} when it has ended two of them already; otherwise what `work` throws.
   */
  run<Result>(risk: Risk, documentId: string, work: () => Promise<Result>): Promise<Result>
  /** From now on the process ends because it was asked to. Safe to call twice; never rejects. */
  close(): Promise<void>
}

export class SetAsideError extends Error {
  override readonly name = 'SetAsideError'
  readonly suspect: Suspect

  constructor(suspect: Suspect) {
    super(describe(suspect))
    this.suspect = suspect
  }
}

/** In one line: what it did, what it costs, and what to do. */
export function describe({ documentId, risk, crashes, at }: Suspect): string {
  const done = risk === 'open' ? 'opened' : 'folded'
  const kept = risk === 'open' ? 'it is kept closed' : 'its log is kept as it is'
  return (
    `document ${documentId}: the server ended ${crashes} times while it was ${done}, last noticed ` +
    `${new Date(at).toISOString()}; ${kept}, nothing of it is lost. Once the cause is gone, such as too little memory, ` +
    `\`weft retry ${documentId}\` lets it be tried again`
  )
}

/** Where nothing outlives the process, nor does what it learnt. */
export const noQuarantine: Quarantine = {
  run: (_risk, _documentId, work) => work(),
  close: async () => undefined,
}

/** To be opened by the process that holds the data folder. Never rejects: without it documents are only opened as before. */
export async function openQuarantine(data: string, logger: Logger, boot?: string): Promise<Quarantine> {
  const folder = crashFolder(data)
  let told = false
  const failed = (error: unknown): void => {
    if (!told)
      logger.warn(
        { err: error },
        'what is done with documents cannot be written down: crashes are not counted',
      )
    told = true
  }
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const thisBoot = boot ?? (await bootOf())
    const { underWay, before } = await UnderWay.open(join(folder, 'under-way'), thisBoot, failed)
    const suspects = new Map<string, Suspect>()
    for (const suspect of await readSuspects(folder)) {
      // Since then the power may have been cut, and whoever was worked on well before that is suspect again.
      if (isSetAside(suspect) || suspect.boot === thisBoot) suspects.set(keyOf(suspect), suspect)
      else await clearSuspect(folder, suspect)
    }
    const work = new Map(before.map((one) => [keyOf(one), one]))
    for (const [key, one] of work) {
      const crashes = (suspects.get(key)?.crashes ?? 0) + 1
      const suspect: Suspect = { ...one, crashes, at: Date.now(), boot: thisBoot }
      suspects.set(key, suspect)
      await writeSuspect(folder, suspect).catch(failed)
      if (isSetAside(suspect)) logger.error({ documentId: one.documentId }, describe(suspect))
      else
        logger.warn(
          { ...one },
          'the server ended while it worked on a document; if that happens again, it is set aside',
        )
    }
    // What cannot be written down is told; who is set aside is known all the same.
    await underWay.reset().catch(failed)
    return new FolderQuarantine(folder, underWay, suspects)
  } catch (error) {
    failed(error)
    return noQuarantine
  }
}

class FolderQuarantine implements Quarantine {
  readonly #folder: string
  readonly #underWay: UnderWay
  readonly #suspects: Map<string, Suspect>
  /** Of all suspects: one at a time. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(folder: string, underWay: UnderWay, suspects: Map<string, Suspect>) {
    this.#folder = folder
    this.#underWay = underWay
    this.#suspects = suspects
  }

  async run<Result>(risk: Risk, documentId: string, work: () => Promise<Result>): Promise<Result> {
    const one: Work = { risk, documentId }
    if (!this.#suspects.has(keyOf(one))) return this.#watched(one, work)
    const turn = this.#turn.then(() => this.#tried(one, work))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async #tried<Result>(one: Work, work: () => Promise<Result>): Promise<Result> {
    const suspect = this.#suspects.get(keyOf(one))
    // Somebody has asked for it to be tried again when its file is gone.
    if (suspect !== undefined && isSetAside(suspect) && (await isSuspect(this.#folder, one)))
      throw new SetAsideError(suspect)
    try {
      return await this.#watched(one, work)
    } finally {
      this.#suspects.delete(keyOf(one))
      await clearSuspect(this.#folder, one)
    }
  }

  async #watched<Result>(one: Work, work: () => Promise<Result>): Promise<Result> {
    const end = await this.#underWay.begin(one)
    try {
      return await work()
    } finally {
      end()
    }
  }

  close(): Promise<void> {
    return this.#underWay.close()
  }
}

function keyOf({ documentId, risk }: Work): string {
  return `${risk} ${documentId}`
}
