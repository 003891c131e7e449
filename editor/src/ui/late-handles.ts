/**
 * The handles beside blocks, made when somebody first is in the text or points at it: nobody sees any before.
 */

import type { Handles, HandlesOptions } from './handles.ts'
import { listen } from './listen.ts'
import { PARTS } from './parts.ts'
import type { Moment } from './planned.ts'

export class LateHandles {
  readonly #options: HandlesOptions
  readonly #undo: (() => void)[]
  #handles: Handles | undefined
  #pointer: PointerEvent | undefined
  #isClosed = false

  constructor(options: HandlesOptions) {
    this.#options = options
    const { layer, content } = options
    const page = layer.closest<HTMLElement>('.page') ?? layer
    this.#undo = [
      listen(page, 'pointermove', (event) => {
        if (event.pointerType === 'touch') return
        this.#pointer = event
        void this.#fetch()
      }),
      listen(page, 'pointerleave', () => {
        this.#pointer = undefined
      }),
      listen(content, 'focus', () => void this.#fetch()),
    ]
  }

  refresh(hidden?: Moment): void {
    this.#handles?.refresh(hidden)
  }

  reveal(): void {
    this.#handles?.reveal()
  }

  /** @returns false when there is no table at the caret, as far as is known. */
  openTableMenu(): boolean {
    if (this.#handles !== undefined) return this.#handles.openTableMenu()
    void this.#fetch().then(() => this.#handles?.openTableMenu())
    return true
  }

  close(): void {
    this.#isClosed = true
    this.#leave()
    this.#handles?.close()
  }

  async #fetch(): Promise<void> {
    const part = await PARTS.handles.get()
    // It is asked for again at the next move, and nobody misses what they have not seen.
    if (part === undefined || this.#isClosed || this.#handles !== undefined) return
    this.#leave()
    this.#handles = new part.Handles(this.#options)
    if (this.#pointer !== undefined) this.#handles.hover(this.#pointer)
  }

  #leave(): void {
    for (const undo of this.#undo.splice(0)) undo()
  }
}
