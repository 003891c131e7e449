/**
 * Answers that are worth keeping for a moment, by key, within a bound on their bytes: what was kept first leaves first.
 */
export class ByteCache {
  readonly #maxBytes: number
  readonly #kept = new Map<string, { readonly bytes: Uint8Array; readonly at: number }>()
  #bytes = 0

  /** @param maxBytes of answers and keys; an answer that is larger is not kept. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: string): Uint8Array | undefined {
    return this.#kept.get(key)?.bytes
  }

  /** @param now by any clock that does not go back; `forgetBefore` uses the same. */
  set(key: string, bytes: Uint8Array, now = 0): void {
    this.#forget(key)
    const size = sizeOf(key, bytes)
    if (size > this.#maxBytes) return
    this.#kept.set(key, { bytes, at: now })
    this.#bytes += size
    for (const first of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) return
      this.#forget(first)
    }
  }

  /** Of what was kept before `time` nothing stays. */
  forgetBefore(time: number): void {
    for (const [key, { at }] of this.#kept) {
      if (at >= time) return
      this.#forget(key)
    }
  }

  clear(): void {
    this.#kept.clear()
    this.#bytes = 0
  }

  #forget(key: string): void {
    const kept = this.#kept.get(key)
    if (kept === undefined) return
    this.#kept.delete(key)
    this.#bytes -= sizeOf(key, kept.bytes)
  }
}

function sizeOf(key: string, bytes: Uint8Array): number {
  return key.length + bytes.length
}

/** Bytes as a key; a string of as many characters. */
export function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
