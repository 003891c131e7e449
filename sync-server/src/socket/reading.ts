/** A socket is read from while nothing stands against it. */
import type { SessionSocket } from './session.ts'

/** The document is being loaded; more was sent than the rate allows; too much waits for the store. */
export type PauseReason = 'loading' | 'rate' | 'store'

export class Reading {
  readonly #socket: Pick<SessionSocket, 'pause' | 'resume'>
  readonly #against = new Set<PauseReason>()

  constructor(socket: Pick<SessionSocket, 'pause' | 'resume'>) {
    this.#socket = socket
  }

  get isPaused(): boolean {
    return this.#against.size > 0
  }

  isPausedFor(reason: PauseReason): boolean {
    return this.#against.has(reason)
  }

  pause(reason: PauseReason): void {
    this.#against.add(reason)
    this.#socket.pause()
  }

  resume(reason: PauseReason): void {
    if (this.#against.delete(reason) && this.#against.size === 0) this.#socket.resume()
  }
}
