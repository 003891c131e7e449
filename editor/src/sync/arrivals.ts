/**
 * What others wrote and where they stand, gathered until the page is drawn next, then applied at once.
 *
 * Ten people who type send sixty updates a second; each applied by itself makes the page lay itself out sixty times.
 * Rules: the order is kept, and a place in the text never comes before the text that it is in. Whoever answers
 * the server, or lets go of the connection, applies first what has come before. What waits here is on the server's disk,
 * so a page that dies with it loses nothing.
 */
import * as Y from 'yjs'
import type { Frames } from './frames.ts'

export interface ArrivalsOptions {
  readonly doc: Y.Doc
  /** Of the transaction that applies them. */
  readonly origin: unknown
  readonly frames: Frames
  /** Called around every application: writes first what the editor holds. */
  readonly gate: { run(apply: () => void): void }
  readonly presence: (update: Uint8Array) => void
  /** Bytes that make no sense, or somebody's listener that threw. What came with them is applied all the same. */
  readonly failed: (cause: unknown) => void
}

export class Arrivals {
  readonly #options: ArrivalsOptions
  #updates: Uint8Array[] = []
  #presence: Uint8Array[] = []
  #cancel: (() => void) | undefined

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  update(bytes: Uint8Array): void {
    this.#updates.push(bytes)
    this.#cancel ??= this.#options.frames.next(() => this.settle())
    if (this.#cancel === undefined) this.settle()
  }

  /** Carets point into what others have just written, so they wait for it; without any they come at once. */
  presence(bytes: Uint8Array): void {
    if (this.#updates.length > 0) this.#presence.push(bytes)
    else this.#options.presence(bytes)
  }

  /** Applies what has come until now. */
  settle(): void {
    this.#cancel?.()
    this.#cancel = undefined
    const updates = this.#updates
    const presence = this.#presence
    this.#updates = []
    this.#presence = []
    if (updates.length > 0) this.#try(() => this.#options.gate.run(() => this.#apply(updates)))
    for (const bytes of presence) this.#try(() => this.#options.presence(bytes))
  }

  #apply(updates: readonly Uint8Array[]): void {
    const { doc, origin } = this.#options
    Y.transact(
      doc,
      () => {
        for (const bytes of updates) this.#try(() => Y.applyUpdate(doc, bytes, origin))
      },
      origin,
      false,
    )
  }

  #try(run: () => void): void {
    try {
      run()
    } catch (cause) {
      this.#options.failed(cause)
    }
  }
}
