/** Many byte strings as one buffer: copied once, then handed from thread to thread without another copy. */

export interface Packed {
  readonly lengths: readonly number[]
  readonly buffer: ArrayBuffer
}

export function pack(parts: readonly Uint8Array[]): Packed {
  const lengths = parts.map((part) => part.length)
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return { lengths, buffer: bytes.buffer }
}

/** @returns views into the one buffer: whoever keeps one keeps them all. */
export function unpack({ lengths, buffer }: Packed): Uint8Array[] {
  let offset = 0
  return lengths.map((length) => {
    const part = new Uint8Array(buffer, offset, length)
    offset += length
    return part
  })
}
