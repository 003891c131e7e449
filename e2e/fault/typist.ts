/**
 * Somebody who types words as fast as they are acknowledged, and knows which were: those must be there, once each,
 * whatever becomes of the server.
 */
import * as Y from 'yjs'
import { until } from '../harness/wait.ts'
import { Visitor } from '../scale/visitor.ts'

export const TEXT = 't'
/** Words under way at most. */
const WINDOW = 4

export interface TypistOptions {
  /** `http://host:port` */
  readonly server: string
  readonly documentId: string
  readonly name: string
  /** Characters of a word at least; 0 for as few as it takes. */
  readonly wordLength?: number
}

export class Typist {
  readonly documentId: string
  readonly name: string
  readonly #length: number
  readonly #visitor: Visitor
  #typed = 0
  /** Messages that carry no word, the answer to the server's question; until it is given nothing counts. */
  #wordless = Number.POSITIVE_INFINITY
  #typing = false
  readonly #history: { readonly at: number; readonly count: number }[] = []

  constructor(options: TypistOptions) {
    this.documentId = options.documentId
    this.name = options.name
    this.#length = options.wordLength ?? 0
    const { server, documentId } = options
    const durable = (): void => {
      this.#history.push({ at: Date.now(), count: this.acknowledged })
      this.#fill()
    }
    this.#visitor = new Visitor({ server, documentId, doc: new Y.Doc(), durable })
  }

  get typed(): number {
    return this.#typed
  }

  /** The first so many words are on disk, as the server has said. */
  get acknowledged(): number {
    return Math.max(0, this.#visitor.durable - this.#wordless)
  }

  /** What had been acknowledged by then, in ms since 1970; all of what came in the same ms may be left out. */
  acknowledgedBefore(at: number): number {
    return this.#history.findLast((one) => one.at + 1 < at)?.count ?? 0
  }

  get closedWith(): number | undefined {
    return this.#visitor.closed?.code
  }

  /** Begins to type, and goes on for as long as the connection lasts. */
  async begin(withinMs?: number): Promise<this> {
    await until(
      `${this.name} is let in`,
      () => this.#visitor.synced && this.#visitor.saved,
      Boolean,
      withinMs,
    )
    this.#wordless = this.#visitor.sent
    this.goOn()
    return this
  }

  /** What is under way stays that. */
  stop(): void {
    this.#typing = false
  }

  goOn(): void {
    this.#typing = true
    this.#fill()
  }

  drop(): void {
    this.stop()
    this.#visitor.drop()
  }

  async acknowledges(count: number, withinMs?: number): Promise<void> {
    await until(
      `${this.name} has ${count} words on disk`,
      () => ({ acknowledged: this.acknowledged, closed: this.closedWith }),
      ({ acknowledged }) => acknowledged >= count,
      withinMs,
    )
  }

  /**
   * @returns how many words of this person's there are
   * @throws unless the first `acknowledged` words are in `text` once, nothing twice, and nothing that was never typed.
   */
  assertIn(text: string, acknowledged = this.acknowledged): number {
    const found = [...text.matchAll(new RegExp(`<${this.name}-(\\d+)\\.*>`, 'g'))].map(([, index]) =>
      Number(index),
    )
    // Each goes behind the one before it, so what is there is a beginning of what was typed.
    const gap = found.findIndex((number, index) => number !== index)
    const { name, typed } = this
    if (gap === -1 && found.length >= acknowledged && found.length <= typed) return found.length
    const what = gap === -1 ? '' : `, word ${found[gap]} in the place of ${gap}`
    throw new Error(
      `of ${typed} words of ${name}, ${acknowledged} acknowledged, ${found.length} are there${what}`,
    )
  }

  #fill(): void {
    while (this.#typing && this.closedWith === undefined && this.#typed - this.acknowledged < WINDOW) {
      const word = `<${this.name}-${this.#typed++}`.padEnd(this.#length, '.').concat('>')
      this.#visitor.edit((doc) => {
        const text = doc.getText(TEXT)
        text.insert(text.length, word)
      })
    }
  }
}

/** What a newcomer is shown. */
export async function readAt(server: string, documentId: string): Promise<string> {
  const doc = new Y.Doc()
  const reader = new Visitor({ server, documentId, doc })
  try {
    await until(
      `${documentId} is shown`,
      () => ({ synced: reader.synced, closed: reader.closed }),
      ({ synced }) => synced,
    )
    return doc.getText(TEXT).toJSON()
  } finally {
    reader.drop()
    doc.destroy()
  }
}
