/**
 * Work that shows nothing on this page, such as telling the server, done once the frame is drawn that shows what somebody
 * did here.
 *
 * Handing a message over takes half a millisecond, and what the browser and a server on the same machine then do takes cores
 * from the frame. Nothing waits where nothing is drawn.
 */
import type { Clock } from './clock.ts'
import type { Frames } from './frames.ts'

export class AfterDrawing {
  readonly #frames: Frames
  readonly #clock: Clock
  #planned: (() => void) | undefined
  #cancel: (() => void) | undefined

  constructor(frames: Frames, clock: Clock) {
    this.#frames = frames
    this.#clock = clock
  }

  get isPlanned(): boolean {
    return this.#planned !== undefined
  }

  /** Runs the last that was planned, once; at once where no frame will be drawn. */
  plan(run: () => void): void {
    const isNew = this.#planned === undefined
    this.#planned = run
    if (!isNew) return
    // Within the frame's own task nothing is painted yet.
    this.#cancel = this.#frames.next(() => {
      this.#cancel = this.#clock.after(0, () => this.settle())
    })
    if (this.#cancel === undefined) this.settle()
  }

  /** Runs what is planned now: the page may be gone in a moment, or something else is to follow it. */
  settle(): void {
    const run = this.#planned
    this.drop()
    run?.()
  }

  /** Runs nothing of what is planned. */
  drop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#planned = undefined
  }
}
