/**
 * The inside of an awareness message: who is here, as y-protocols writes it.
 *
 * States stay bytes. Whoever passes them on must know that they are JSON, because stock clients parse them
 * without a guard: decoding refuses any that are not.
 */
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding'
import { ProtocolError } from './error.ts'
import { MAX_NESTING, nestsTooDeep } from './nesting.ts'
import { Reader } from './reader.ts'

export interface AwarenessEntry {
  readonly clientId: number
  readonly clock: number
  /** UTF-8 JSON, a view on the message; undefined when the client has left (`null` on the wire). */
  readonly state: Uint8Array | undefined
}

/** A byte order mark is kept, as clients keep it: they cannot parse what begins with one. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const left = new TextEncoder().encode('null')

/** @throws {ProtocolError} for bytes that no client of this protocol sends, states that are not JSON among them. */
export function decodeAwarenessEntries(update: Uint8Array): AwarenessEntry[] {
  const reader = new Reader(update)
  const count = reader.varUint()
  const entries: AwarenessEntry[] = []
  for (let index = 0; index < count; index++) {
    const clientId = reader.varUint()
    const clock = reader.varUint()
    const state = reader.varBytes()
    entries.push({ clientId, clock, state: parses(state) === null ? undefined : state })
  }
  reader.end()
  return entries
}

export function encodeAwarenessEntries(entries: readonly AwarenessEntry[]): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, entries.length)
  for (const entry of entries) {
    writeVarUint(encoder, entry.clientId)
    writeVarUint(encoder, entry.clock)
    writeVarUint8Array(encoder, entry.state ?? left)
  }
  return toUint8Array(encoder)
}

function parses(state: Uint8Array): unknown {
  let text: string
  let value: unknown
  try {
    text = utf8.decode(state)
    value = JSON.parse(text)
  } catch (cause) {
    throw new ProtocolError('invalid', 'an awareness state that is not JSON', cause)
  }
  // y-websocket writes every state that it has read again, and throws on one that is too deep for that.
  if (nestsTooDeep(text))
    throw new ProtocolError('invalid', `an awareness state nested deeper than ${MAX_NESTING}`)
  return value
}
