/** Asks again and again whether the server is alive, and how long that took it to say. */
import { Histogram } from '../load/histogram.ts'

const EVERY_MS = 200

export class Prober {
  readonly healthz = new Histogram()
  /** Answers that were none. */
  failures = 0
  readonly #url: string
  readonly #timer: NodeJS.Timeout

  constructor(server: string) {
    this.#url = `${server}/healthz`
    this.#timer = setInterval(() => void this.#ask(), EVERY_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #ask(): Promise<void> {
    const askedAt = performance.now()
    try {
      const { status } = await fetch(this.#url)
      if (status !== 200) this.failures++
    } catch {
      this.failures++
    }
    this.healthz.record(performance.now() - askedAt)
  }
}
