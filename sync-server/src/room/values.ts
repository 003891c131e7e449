/**
 * Reads past the values an update carries, making sure that every replica can decode them: text, JSON, lib0's `any`.
 *
 * @see https://github.com/dmonad/lib0/blob/main/decoding.js readAny
 */
import { isAscii } from 'node:buffer'
import { MAX_NESTING, nestsTooDeep, ProtocolError, type Reader } from '@weft/protocol'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The content of an item that is not deleted.
 * @param kind as Yjs numbers contents, in the lower five bits of a struct's first byte
 * @param isSent by somebody, and not read from the store: then it must also survive being written down again
 * @returns the clocks it takes
 */
export function readContent(reader: Reader, kind: number, isSent: boolean): number {
  switch (kind) {
    case 2:
      return readJsonValues(reader, isSent)
    case 3:
      reader.varBytes()
      return 1
    case 4:
      return readText(reader)
    case 5:
      readJson(reader, isSent)
      return 1
    case 6:
      readText(reader)
      readJson(reader, isSent)
      return 1
    case 7:
      readType(reader)
      return 1
    case 8:
      return readAnyValues(reader, isSent)
    case 9:
      readText(reader)
      if (readAny(reader, isSent) !== 'object')
        throw new ProtocolError('invalid', 'a subdocument without options')
      return 1
    default:
      throw new ProtocolError('invalid', `content of unknown kind ${kind}`)
  }
}

/** @returns its length in UTF-16 units, in which Yjs counts clocks. */
export function readText(reader: Reader): number {
  const bytes = reader.varBytes()
  const length = bytes.length
  if (length > 24) return isAscii(bytes) ? length : decodeText(bytes).length
  for (let index = 0; index < length; index++) {
    const byte = bytes[index]
    if (byte === undefined || byte > 127) return decodeText(bytes).length
  }
  return length
}

function readJson(reader: Reader, isSent: boolean): void {
  parseJson(decodeText(reader.varBytes()), isSent)
}

function readJsonValues(reader: Reader, isSent: boolean): number {
  const count = reader.varUint()
  for (let index = 0; index < count; index++) {
    const text = decodeText(reader.varBytes())
    if (text !== 'undefined') parseJson(text, isSent)
  }
  return count
}

export function readType(reader: Reader): void {
  const ref = reader.varUint()
  if (ref > 6) throw new ProtocolError('invalid', `type of unknown kind ${ref}`)
  if (ref === 3 || ref === 5) readText(reader)
}

function readAnyValues(reader: Reader, isSent: boolean): number {
  const count = reader.varUint()
  for (let index = 0; index < count; index++) readAny(reader, isSent)
  return count
}

/** lib0's `readAny`. */
function readAny(reader: Reader, isSent: boolean, nesting = 0): 'object' | 'other' {
  if (nesting > MAX_NESTING) throw new ProtocolError('invalid', `a value nested deeper than ${MAX_NESTING}`)
  const kind = reader.byte()
  switch (kind) {
    case 127: // undefined
    case 126: // null
    case 121: // false
    case 120: // true
      return 'other'
    case 125:
      readVarInt(reader)
      return 'other'
    case 124:
      reader.take(4)
      return 'other'
    case 123:
    case 122:
      reader.take(8)
      return 'other'
    case 119:
      readText(reader)
      return 'other'
    case 118: {
      const count = reader.varUint()
      for (let index = 0; index < count; index++) {
        readKey(reader, isSent)
        readAny(reader, isSent, nesting + 1)
      }
      return 'object'
    }
    case 117: {
      const count = reader.varUint()
      for (let index = 0; index < count; index++) readAny(reader, isSent, nesting + 1)
      return 'object'
    }
    case 116:
      reader.varBytes()
      return 'object'
    default:
      throw new ProtocolError('invalid', `value of unknown kind ${kind}`)
  }
}

/**
 * What `readAny` reads past, as far as its shape goes: numbers are 0. Names are own names, whatever they are: lib0 would
 * take `__proto__` for the prototype.
 */
export function readValue(reader: Reader, nesting = 0): unknown {
  const kind = reader.bytes[reader.at] ?? 0
  switch (kind) {
    case 127:
      reader.at++
      return undefined
    case 126:
      reader.at++
      return null
    case 119:
      reader.at++
      return reader.varString()
    case 118: {
      reader.at++
      const entries: [string, unknown][] = []
      for (let left = reader.varUint(); left > 0; left--)
        entries.push([reader.varString(), readValue(reader, nesting + 1)])
      return Object.fromEntries(entries)
    }
    case 117:
      reader.at++
      return Array.from({ length: reader.varUint() }, () => readValue(reader, nesting + 1))
    case 116:
      reader.at++
      return reader.varBytes()
    default:
      readAny(reader, false, nesting)
      return 0
  }
}

const PROTO = new TextEncoder().encode('__proto__')

/**
 * lib0 assigns to it: what stands under `__proto__` is in no replica, but what it inherits from. Under bytes it passes for
 * bytes itself, and every replica that has it throws when it writes it down.
 */
function readKey(reader: Reader, isSent: boolean): void {
  const from = reader.at
  readText(reader)
  const to = reader.at
  if (!isSent || !PROTO.every((byte, index) => reader.bytes[to - PROTO.length + index] === byte)) return
  // Its length may stand in more bytes than it needs.
  reader.at = from
  if (reader.varBytes().length === PROTO.length) throw new ProtocolError('invalid', 'a value under __proto__')
}

/** Sign in the second bit of the first byte, otherwise as a varuint; lib0 refuses what exceeds 2^53 - 1. */
function readVarInt(reader: Reader): void {
  let byte = reader.byte()
  let value = byte & 63
  let scale = 64
  while (byte > 127) {
    byte = reader.byte()
    value += (byte & 127) * scale
    scale *= 128
    if (value > Number.MAX_SAFE_INTEGER || scale > 2 ** 63)
      throw new ProtocolError('invalid', 'a number beyond 2^53 - 1')
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new ProtocolError('invalid', 'text that is not UTF-8', cause)
  }
}

/** Only with such digits can a number be too large to be one. */
const MAY_OVERFLOW = /[eE]\+?\d|\d{300}/

function parseJson(text: string, isSent: boolean): void {
  if (text.length > MAX_NESTING && nestsTooDeep(text))
    throw new ProtocolError('invalid', `a value nested deeper than ${MAX_NESTING}`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ProtocolError('invalid', 'a value that is not JSON', cause)
  }
  // Every replica reads `1e999` as infinity and writes that as `null`: no two would agree on what is there.
  if (isSent && MAY_OVERFLOW.test(text) && overflows(value))
    throw new ProtocolError('invalid', 'a number too large for JSON')
}

function overflows(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(overflows)
}
