/**
 * Messages to bytes: one message is one WebSocket frame.
 */
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding'
import { type Hello, MESSAGE, type Notice, SYNC } from './message.ts'

export function encodeSyncStep1(stateVector: Uint8Array): Uint8Array {
  return encodeSync(SYNC.step1, stateVector)
}

export function encodeSyncStep2(update: Uint8Array): Uint8Array {
  return encodeSync(SYNC.step2, update)
}

export function encodeUpdate(update: Uint8Array): Uint8Array {
  return encodeSync(SYNC.update, update)
}

/** @param update a y-protocols awareness update, as `encodeAwarenessEntries` makes it. */
export function encodeAwareness(update: Uint8Array): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, MESSAGE.awareness)
  writeVarUint8Array(encoder, update)
  return toUint8Array(encoder)
}

export function encodePermissionDenied(reason: string): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, MESSAGE.auth)
  writeVarUint(encoder, 0)
  writeVarString(encoder, reason)
  return toUint8Array(encoder)
}

export function encodeQueryAwareness(): Uint8Array {
  return Uint8Array.of(MESSAGE.queryAwareness)
}

/** @param count whole, from 0 */
export function encodeDurable(count: number): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, MESSAGE.durable)
  writeVarUint(encoder, count)
  return toUint8Array(encoder)
}

export function encodeNotice(notice: Notice): Uint8Array {
  return encodeJson(MESSAGE.notice, notice)
}

export function encodeHello(hello: Hello): Uint8Array {
  return encodeJson(MESSAGE.hello, hello)
}

/** Written by hand: relay encodes one of these for every batch of keystrokes. */
function encodeSync(type: number, payload: Uint8Array): Uint8Array {
  let lengthBytes = 1
  for (let rest = payload.length; rest > 127; rest = Math.floor(rest / 128)) lengthBytes++
  const frame = new Uint8Array(2 + lengthBytes + payload.length)
  frame[0] = MESSAGE.sync
  frame[1] = type
  let at = 2
  let rest = payload.length
  for (; rest > 127; rest = Math.floor(rest / 128)) frame[at++] = 128 | (rest & 127)
  frame[at++] = rest
  frame.set(payload, at)
  return frame
}

function encodeJson(type: number, value: Notice | Hello): Uint8Array {
  const encoder = createEncoder()
  writeVarUint(encoder, type)
  writeVarString(encoder, JSON.stringify(value))
  return toUint8Array(encoder)
}
