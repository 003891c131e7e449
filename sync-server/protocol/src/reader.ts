/**
 * Reads fields from bytes, never beyond their end.
 *
 * lib0's decoder makes views on the underlying buffer and checks them against *its* end: from a frame that
 * is a window on a larger receive buffer, a length that lies would read the neighbour's bytes.
 */
import { ProtocolError } from './error.ts'

/** Strict: bytes that are not UTF-8 (lone surrogates among them) throw. A byte order mark is kept, as lib0 does. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export class Reader {
  readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** A varuint from 0 to 2^53 - 1. */
  varUint(): number {
    const first = this.bytes[this.at]
    if (first !== undefined && first < 128) {
      this.at++
      return first
    }
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.bytes[this.at]
      if (byte === undefined) throw new ProtocolError('truncated', 'ends inside a number')
      this.at++
      value += (byte & 127) * scale
      if (value > Number.MAX_SAFE_INTEGER) throw new ProtocolError('invalid', 'a number above 2^53 - 1')
      if (byte < 128) return value
      scale *= 128
      // Nine bytes hold 2^53; more can only be zeros, and there is no end to those.
      if (scale >= 2 ** 63) throw new ProtocolError('invalid', 'a number of more than nine bytes')
    }
  }

  byte(): number {
    const byte = this.bytes[this.at]
    if (byte === undefined) throw new ProtocolError('truncated', 'ends before a byte')
    this.at++
    return byte
  }

  /** A view on `length` bytes. */
  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.at)
      throw new ProtocolError('truncated', `ends ${length - (this.bytes.length - this.at)} bytes early`)
    const taken = this.bytes.subarray(this.at, this.at + length)
    this.at += length
    return taken
  }

  /** A view on bytes that follow their length. */
  varBytes(): Uint8Array {
    return this.take(this.varUint())
  }

  varString(): string {
    const bytes = this.varBytes()
    const short = shortAscii(bytes)
    if (short !== undefined) return short
    try {
      return utf8.decode(bytes)
    } catch (cause) {
      throw new ProtocolError('invalid', 'text that is not UTF-8', cause)
    }
  }

  end(): void {
    if (this.at !== this.bytes.length)
      throw new ProtocolError('trailing', `${this.bytes.length - this.at} bytes after the message`)
  }
}

/** Names are short and plain, and a decoder takes longer to be called than this to be done. */
function shortAscii(bytes: Uint8Array): string | undefined {
  if (bytes.length > 24) return undefined
  let text = ''
  for (const byte of bytes) {
    if (byte > 127) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}
