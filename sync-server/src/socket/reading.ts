/** A socket is read from while nothing stands against it. */
import type { SessionSocket } from './arrival.ts'

/** The document is being loaded; more was sent than the rate allows; too much waits for the store. */
export type PauseReason = 'loading' | 'rate' | 'store'

export type ReadSocket = Pick<SessionSocket, 'pause' | 'resume'>

export class Reading {
  readonly #socket: ReadSocket
  readonly #against = new Set<PauseReason>()

  constructor(socket: ReadSocket) {
    this.#socket = socket
  }

  get isPaused(): boolean {
    return this.#against.size > 0
  }

  pause(reason: PauseReason): void {
    this.#against.add(reason)
    this.#socket.pause()
  }

  resume(reason: PauseReason): void {
    if (this.#against.delete(reason) && this.#against.size === 0) this.#socket.resume()
  }
}
