/**
 * Whether the person is here: a hidden page, or a minute without a key, a press or a move, counts as away.
 */
import { IDLE_MS } from './presence.ts'

const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'focus'] as const

export class Activity {
  readonly #tell: (idle: boolean) => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #idle = false

  /** @param tell called on every change. */
  constructor(tell: (idle: boolean) => void) {
    this.#tell = tell
  }

  get idle(): boolean {
    return this.#idle
  }

  start(): void {
    for (const sign of SIGNS) addEventListener(sign, this.#active, { passive: true, capture: true })
    document.addEventListener('visibilitychange', this.#active)
    this.#active()
  }

  stop(): void {
    clearTimeout(this.#timer)
    for (const sign of SIGNS) removeEventListener(sign, this.#active, { capture: true })
    document.removeEventListener('visibilitychange', this.#active)
  }

  readonly #active = (): void => {
    clearTimeout(this.#timer)
    this.#set(document.visibilityState === 'hidden')
    if (!this.#idle) this.#timer = setTimeout(() => this.#set(true), IDLE_MS)
  }

  #set(idle: boolean): void {
    if (idle === this.#idle) return
    this.#idle = idle
    this.#tell(idle)
  }
}
