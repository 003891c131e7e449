/** Bytes as nobody should write them: numbers longer than they need be, lengths that lie, frames of any shape. */
import type { Random } from '../harness/random.ts'

/** Where encodings change their length, and where numbers stop being exact. */
export const BOUNDARIES: readonly number[] = [
  0,
  1,
  127,
  128,
  2 ** 14 - 1,
  2 ** 14,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 52,
  2 ** 53 - 1,
]

/** @param spare zero groups at the end: the same number in more bytes than it needs */
export function varUint(value: number, spare = 0): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push(128 | (rest % 128))
  bytes.push(rest)
  for (let left = spare; left > 0; left--) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 128
    bytes.push(0)
  }
  return bytes
}

/** 2^53, the first number that is none of the wire's, and one of ten bytes. */
export const TOO_LARGE: readonly (readonly number[])[] = [
  [128, 128, 128, 128, 128, 128, 128, 16],
  [255, 255, 255, 255, 255, 255, 255, 255, 255, 1],
]

export function varBytes(bytes: Iterable<number>, spare = 0): number[] {
  const content = [...bytes]
  return [...varUint(content.length, spare), ...content]
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
export const varText = (text: string): number[] => varBytes(utf8(text))

/** Cut short, flipped, filled in, or with something behind it. */
export function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1)
  switch (random.below(5)) {
    case 0:
      return bytes.slice(0, at)
    case 1:
      return Uint8Array.of(...bytes.subarray(0, at), random.below(256), ...bytes.subarray(at))
    case 2:
      return Uint8Array.of(...bytes, ...Array.from({ length: 1 + random.below(4) }, () => random.below(256)))
    case 3:
      return Uint8Array.of(
        ...bytes.subarray(0, at),
        ...varUint(random.of(BOUNDARIES)),
        ...bytes.subarray(at + 1),
      )
    default: {
      const flipped = bytes.slice()
      for (let flips = 1 + random.below(3); flips > 0 && flipped.length > 0; flips--) {
        const bit = random.below(flipped.length * 8)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      }
      return flipped
    }
  }
}

/** A frame of WebSocket, https://www.rfc-editor.org/rfc/rfc6455#section-5.2, of any shape. */
export interface FrameShape {
  readonly final: boolean
  /** Three bits. */
  readonly reserved: number
  readonly opcode: number
  readonly masked: boolean
  readonly payload: Uint8Array
  /** Bytes in which the length is written: 0 for seven bits, 2 or 8. The shortest when left out. */
  readonly lengthBytes?: 0 | 2 | 8
  /** A length that the payload does not have. */
  readonly claims?: number
}

const MASK = [0x5a, 0xc3, 0x0f, 0x99]

export function frame(shape: FrameShape): Uint8Array {
  const { final, reserved, opcode, masked, payload } = shape
  const length = shape.claims ?? payload.length
  const lengthBytes = shape.lengthBytes ?? (length < 126 ? 0 : length < 65_536 ? 2 : 8)
  const bit = masked ? 128 : 0
  const head = [(final ? 128 : 0) | ((reserved & 7) << 4) | (opcode & 15)]
  if (lengthBytes === 0) head.push(bit | (length & 127))
  else {
    head.push(bit | (lengthBytes === 2 ? 126 : 127))
    for (let index = lengthBytes - 1; index >= 0; index--) head.push(Math.floor(length / 256 ** index) % 256)
  }
  if (masked) head.push(...MASK)
  const bytes = new Uint8Array(head.length + payload.length)
  bytes.set(head)
  for (let index = 0; index < payload.length; index++)
    bytes[head.length + index] = (payload[index] ?? 0) ^ (masked ? (MASK[index & 3] ?? 0) : 0)
  return bytes
}

/** A message as every client sends it. */
export const messageFrame = (message: Uint8Array): Uint8Array =>
  frame({ final: true, reserved: 0, opcode: 2, masked: true, payload: message })

export const pingFrame = (payload: Uint8Array): Uint8Array =>
  frame({ final: true, reserved: 0, opcode: 9, masked: true, payload })
