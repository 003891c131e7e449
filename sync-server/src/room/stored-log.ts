/**
 * A document's log as the store has it: read whole when its room is opened, and again when what was released from
 * memory is needed.
 *
 * Nothing is used before all of it has been read, and one reading serves all who wait for it.
 */
import { type DocumentStore, type StoredDocument, type StoredUpdate, StoreError } from '@weft/persistence'
import { Runs } from './compose.ts'
import { knowledgeOf } from './held-snapshot.ts'
import { Knowledge } from './knowledge.ts'
import { Log, type LogEntry } from './log.ts'
import { readOwnLayout, type UpdateLayout, withoutReferences } from './update-layout.ts'

export interface OpenedLog {
  readonly log: Log
  readonly known: Knowledge
  /** What was found damaged although nothing is lost, as `StoredDocument` tells it. */
  readonly damage: string | undefined
}

/** How often a log that falls behind what was already told is read again. */
const MAX_READINGS = 3

export class StoredLog {
  readonly #store: DocumentStore
  readonly #documentId: string
  #restoring: Promise<void> | undefined

  constructor(store: DocumentStore, documentId: string) {
    this.#store = store
    this.#documentId = documentId
  }

  /** @throws {StoreError} as `load` does; {ProtocolError} for stored bytes that are not an update. */
  async open(): Promise<OpenedLog> {
    const { snapshot, tail, damage } = await this.#store.load(this.#documentId)
    const known = snapshot === undefined ? new Knowledge() : knowledgeOf(snapshot)
    const layouts = tail.map(({ bytes }) => readOwnLayout(bytes))
    for (const [index, layout] of layouts.entries()) known.add(layout, tail[index]?.principal)
    return { log: new Log({ snapshot, tail: entriesOf(tail, layouts) }), known, damage }
  }

  /**
   * Puts back into memory what the log released.
   * @throws {StoreError} as `load` does; `corrupt` when the store no longer has what it had.
   */
  restore(log: Log): Promise<void> {
    this.#restoring ??= this.#restore(log).finally(() => {
      this.#restoring = undefined
    })
    return this.#restoring
  }

  async #restore(log: Log): Promise<void> {
    for (let reading = 0; reading < MAX_READINGS; reading++) {
      if (log.isWhole) return
      const stored = await this.#store.load(this.#documentId)
      const restored = log.restore(lastOf(stored), (upTo) => {
        const tail = stored.tail.filter(({ seq }) => seq <= upTo)
        return {
          snapshot: stored.snapshot,
          tail: entriesOf(
            tail,
            tail.map(({ bytes }) => readOwnLayout(bytes)),
          ),
        }
      })
      if (restored) return
    }
    throw new StoreError('corrupt', `document ${this.#documentId} has lost updates that were committed`)
  }
}

function lastOf({ snapshot, tail }: StoredDocument): number {
  return tail.at(-1)?.seq ?? snapshot?.through ?? 0
}

/** Put together, so that thousands of records take the room of one; apart only where they do not go on from each other. */
function entriesOf(tail: readonly StoredUpdate[], layouts: readonly UpdateLayout[]): LogEntry[] {
  const last = tail.at(-1)
  if (last === undefined) return []
  const runs = new Runs()
  // A copy in any case: what is loaded is a part of one buffer with everything that was loaded with it.
  if (layouts.every((layout) => runs.add(layout)))
    return [{ seq: last.seq, update: withoutReferences(readOwnLayout(runs.write())), author: 0 }]
  return tail.map(({ seq, bytes }) => ({
    seq,
    update: withoutReferences(readOwnLayout(new Uint8Array(bytes))),
    author: 0,
  }))
}
