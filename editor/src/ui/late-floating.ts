/**
 * The toolbar over a selection, once its part is here. Without it the bar stays away, and is asked for again with the next change.
 */
import type { Floating, FloatingOptions } from './floating.ts'
import { PARTS } from './parts.ts'

export class LateFloating {
  #floating: Floating | undefined
  #surface: FloatingOptions['surface'] | undefined

  /** Called as often as one likes. */
  show(options: FloatingOptions): void {
    this.#surface = options.surface
    if (this.#floating === undefined) void this.#make(options)
  }

  hide(): void {
    this.#surface = undefined
    this.#floating?.close()
    this.#floating = undefined
  }

  async #make(options: FloatingOptions): Promise<void> {
    const part = await PARTS.floating.get()
    if (part !== undefined && options.bar.isConnected && this.#surface === options.surface)
      this.#floating ??= new part.Floating(options)
  }
}
