/**
 * Others' carets, made when somebody else is first here, and when a card first holds what is selected: nobody sees any before.
 *
 * Without its part the text is the same text: nothing is said, and it is asked for again when the next one comes or goes.
 */
import type { CaretOptions, Carets } from './carets.ts'
import { PARTS } from './parts.ts'

export interface LateCaretOptions extends CaretOptions {
  /** How many others are here now. */
  readonly countOthers: () => number
}

export class LateCarets {
  readonly #options: LateCaretOptions
  #carets: Carets | undefined
  /** How many there were when the part was last asked for. */
  #askedFor = 0
  #held: Range | undefined
  #isClosed = false

  constructor(options: LateCaretOptions) {
    this.#options = options
  }

  /** Called at every key: it costs nothing while nobody else is here. */
  refresh(): void {
    if (this.#carets !== undefined) return this.#carets.refresh()
    const others = this.#options.countOthers()
    if (others > 0 && others !== this.#askedFor) void this.#fetch()
    this.#askedFor = others
  }

  /** @returns false when that person has no caret here. */
  goTo(clientId: number): boolean {
    return this.#carets?.goTo(clientId) ?? false
  }

  /** @see Carets.hold */
  hold(range: Range | undefined): void {
    this.#held = range
    if (this.#carets !== undefined) this.#carets.hold(range)
    else if (range !== undefined) void this.#fetch()
  }

  close(): void {
    this.#isClosed = true
    this.#carets?.close()
  }

  async #fetch(): Promise<void> {
    const part = await PARTS.carets.get()
    if (part === undefined || this.#isClosed || this.#carets !== undefined) return
    this.#carets = new part.Carets(this.#options)
    this.#carets.hold(this.#held)
    this.#carets.refresh()
  }
}
