/**
 * What all sockets of the process hold in memory for their readers.
 *
 * A socket counts all that waits in it, but a large frame that a crowd waits for is in memory once: a document that
 * thirty people open is not thirty documents.
 */

/** Smaller frames are not worth the bookkeeping. */
const SHARED_BYTES = 65_536

export class Backlog {
  readonly #readers = new Map<Uint8Array, number>()
  #sharedBytes = 0

  /** What the sum over sockets counts more than once. */
  get sharedBytes(): number {
    return this.#sharedBytes
  }

  /** @returns to be called once when the frame has left the socket, or never will; undefined for what is not counted. */
  add(frame: Uint8Array): (() => void) | undefined {
    if (frame.length < SHARED_BYTES) return undefined
    const readers = this.#readers.get(frame) ?? 0
    this.#readers.set(frame, readers + 1)
    if (readers > 0) this.#sharedBytes += frame.length
    return () => this.#remove(frame)
  }

  #remove(frame: Uint8Array): void {
    const readers = this.#readers.get(frame) ?? 0
    if (readers > 1) {
      this.#readers.set(frame, readers - 1)
      this.#sharedBytes -= frame.length
    } else this.#readers.delete(frame)
  }
}
