/**
 * How much of all documents waits for the store, and who is held back because it is too much.
 *
 * Nothing is refused for it: whoever has just sent something is not read from, its network holds it back, and it is
 * read again once half of the bound is free. Reading documents goes on.
 */
export class Intake {
  readonly #maxBytes: number
  readonly #held = new Set<() => void>()
  #bytes = 0

  /** @param maxBytes that may wait before anybody is held back. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How many are held back. */
  get held(): number {
    return this.#held.size
  }

  add(bytes: number): void {
    this.#bytes += bytes
  }

  remove(bytes: number): void {
    this.#bytes -= bytes
    if (this.#held.size === 0 || this.#bytes > this.#maxBytes / 2) return
    const held = [...this.#held]
    this.#held.clear()
    for (const go of held) go()
  }

  /**
   * @param go called once there is room again. Must not throw.
   * @returns the undo; undefined when there is room now.
   */
  hold(go: () => void): (() => void) | undefined {
    if (this.#bytes <= this.#maxBytes) return undefined
    this.#held.add(go)
    return () => this.#held.delete(go)
  }
}
