/**
 * A number for each clock of one client, kept as runs of equal ones: where each begins, in typed arrays.
 *
 * The last run has no end: whatever the client writes on in the same way belongs to it without being told.
 */
export class ClientRuns {
  #starts = new Float64Array(4)
  #values = new Int32Array(4)
  #count = 0

  get bytes(): number {
    return this.#starts.byteLength + this.#values.byteLength
  }

  get count(): number {
    return this.#count
  }

  /** From `clock` on, behind all that was added before. */
  add(clock: number, value: number): void {
    const last = this.#count - 1
    if (last >= 0 && this.#values[last] === value) return
    if (this.#count === this.#starts.length) this.#grow()
    this.#starts[this.#count] = clock
    this.#values[this.#count] = value
    this.#count++
  }

  /** Forgets runs that were added last. */
  truncate(count: number): void {
    this.#count = count
  }

  /** Undefined before the first run. */
  at(clock: number): number | undefined {
    let low = 0
    let high = this.#count - 1
    // Nearly always somebody writes where somebody has just written.
    if (high >= 0 && (this.#starts[high] ?? 0) <= clock) return this.#values[high]
    while (low <= high) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] ?? 0) <= clock) low = middle + 1
      else high = middle - 1
    }
    return high < 0 ? undefined : this.#values[high]
  }

  #grow(): void {
    const starts = new Float64Array(2 * this.#starts.length)
    starts.set(this.#starts)
    this.#starts = starts
    const values = new Int32Array(2 * this.#values.length)
    values.set(this.#values)
    this.#values = values
  }
}
