/** One person of a run: a document, an undo stack, and what is under way to the others. */
import * as Y from 'yjs'
import { type BlockJson, type DocumentJson, flowOf } from '../src/flow.ts'
import { isOnlyOurs, signRestored } from '../src/flow-internals.ts'
import { readDocument } from '../src/read-document.ts'
import type { BlockShape } from '../src/schema.ts'
import { OLD_TYPES } from './schema-1.ts'

export const NETWORK = { name: 'network' }

export class Person {
  readonly index: number
  /** Knows version 1 of the schema only. */
  readonly isOlder: boolean
  readonly waiting: { readonly to: Person; readonly updates: Uint8Array[] }[] = []
  isOffline = false
  doc: Y.Doc
  undo: Y.UndoManager
  readonly #captureMs: number
  readonly #isFiltered: boolean
  #lives = 0
  #content: DocumentJson | undefined

  constructor(index: number, options: { isOlder: boolean; captureMs: number; isFiltered: boolean }) {
    this.index = index
    this.isOlder = options.isOlder
    this.#captureMs = options.captureMs
    this.#isFiltered = options.isFiltered
    this.doc = this.#open()
    this.undo = this.#newUndo()
  }

  get flow(): Y.Text {
    return flowOf(this.doc)
  }

  knows({ type }: BlockShape): boolean {
    return type !== 'unknown' && (!this.isOlder || OLD_TYPES.has(type))
  }

  /** Whether one of this person's lives had this Yjs client id. */
  isMe(client: number): boolean {
    return client % 100 === this.index + 1
  }

  /** Read once for every state: reading is most of a run's time. */
  content(): DocumentJson {
    this.#content ??= contentOf(this.doc)
    return this.#content
  }

  edit(change: (transaction: Y.Transaction) => void): void {
    this.doc.transact(change, this)
  }

  /** As the editor does it: what is brought back stays whose it was. */
  travel(direction: 'undo' | 'redo'): void {
    const step = this.undo[direction]()
    if (step !== null) signRestored(this.doc, step.deletions, 'restored')
  }

  receive(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, NETWORK)
  }

  /** Closes the page and opens it again from the bytes that were kept. */
  reload(): void {
    const kept = Y.encodeStateAsUpdate(this.doc)
    this.close()
    this.doc = this.#open()
    Y.applyUpdate(this.doc, kept, NETWORK)
    this.undo = this.#newUndo()
  }

  close(): void {
    this.undo.destroy()
    this.doc.destroy()
  }

  #open(): Y.Doc {
    const doc = new Y.Doc()
    this.#lives += 1
    doc.clientID = this.#lives * 100 + this.index + 1
    flowOf(doc)
    this.#content = undefined
    doc.on('afterTransaction', () => {
      this.#content = undefined
    })
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== NETWORK) for (const { updates } of this.waiting) updates.push(update)
    })
    return doc
  }

  #newUndo(): Y.UndoManager {
    return new Y.UndoManager(this.doc, {
      trackedOrigins: new Set<unknown>([this]),
      captureTimeout: this.#captureMs,
      ...(this.#isFiltered ? { deleteFilter: isOnlyOurs } : {}),
    })
  }
}

/** Everything a document says, a separator for each block. */
export function textOf({ blocks }: DocumentJson): string {
  return blocks.map(textOfBlock).join('')
}

function textOfBlock({ runs, table }: BlockJson): string {
  const cells =
    table?.rows.flatMap(({ cells }) => cells.flatMap(({ blocks }) => blocks.map(textOfBlock))) ?? []
  return `|${runs.map(({ text }) => text).join('')}${cells.join('')}`
}

export function contentOf(doc: Y.Doc): DocumentJson {
  return readDocument(flowOf(doc))
}
