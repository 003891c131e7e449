/**
 * Others' carets, made when somebody else is first here, and when a card first holds what is selected: nobody sees any before.
 *
 * Without its part the text is the same text: it is asked for again after a while, when the next one comes or goes, and by who
 * wants to go to somebody, who alone is told that it cannot be had.
 */

import type { CaretOptions, Carets } from './carets.ts'
import { PARTS } from './parts.ts'
import type { Moment } from './planned.ts'

/** After a failure, while somebody else is here: more often would be a request a key where there is no network. */
export const AGAIN_MS = 5_000

export interface LateCaretOptions extends CaretOptions {
  /** How many others are here now. */
  readonly countOthers: () => number
  /** Somebody wants to go to a caret, and the part could not be fetched. */
  readonly onMissing: () => void
}

export class LateCarets {
  readonly #options: LateCaretOptions
  #carets: Carets | undefined
  /** How many there were when the part was last asked for. */
  #askedFor = 0
  #held: Range | undefined
  #again: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(options: LateCaretOptions) {
    this.#options = options
  }

  /** Called at every key: it costs nothing while nobody else is here. @see Carets.refresh */
  refresh(unseen?: Moment): void {
    if (this.#carets !== undefined) return this.#carets.refresh(unseen)
    const others = this.#options.countOthers()
    if (others > 0 && others !== this.#askedFor) void this.#fetch()
    this.#askedFor = others
  }

  /** @returns false when that person has no caret here, as far as is known. */
  goTo(clientId: number): boolean {
    if (this.#carets !== undefined) return this.#carets.goTo(clientId)
    if (this.#options.countOthers() === 0) return false
    void this.#goOnceHere(clientId)
    return true
  }

  /** @see Carets.hold */
  hold(range: Range | undefined): void {
    this.#held = range
    if (this.#carets !== undefined) this.#carets.hold(range)
    else if (range !== undefined) void this.#fetch()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#again)
    this.#carets?.close()
  }

  async #goOnceHere(clientId: number): Promise<void> {
    await this.#fetch()
    if (this.#isClosed) return
    if (this.#carets === undefined) this.#options.onMissing()
    else this.#carets.goTo(clientId)
  }

  async #fetch(): Promise<void> {
    const part = await PARTS.carets.get()
    if (this.#isClosed || this.#carets !== undefined) return
    clearTimeout(this.#again)
    if (part === undefined) {
      this.#again = setTimeout(() => {
        if (this.#held !== undefined || this.#options.countOthers() > 0) void this.#fetch()
      }, AGAIN_MS)
      return
    }
    this.#carets = new part.Carets(this.#options)
    this.#carets.hold(this.#held)
    this.#carets.refresh()
  }
}
