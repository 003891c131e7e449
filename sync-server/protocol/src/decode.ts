/**
 * Bytes to messages: one WebSocket frame is one message, and nothing may follow it.
 *
 * What a message carries (updates, state vectors, awareness) stays bytes, as views on the frame:
 * copy them to keep them.
 */
import { ProtocolError } from './error.ts'
import { parseHello, parseNotice } from './json.ts'
import { MESSAGE, type Message, SYNC } from './message.ts'
import { Reader } from './reader.ts'

/** @throws {ProtocolError} whatever the bytes; nothing else is ever thrown. */
export function decodeMessage(frame: Uint8Array): Message {
  const reader = new Reader(frame)
  const message = read(reader)
  reader.end()
  return message
}

function read(reader: Reader): Message {
  const type = reader.varUint()
  switch (type) {
    case MESSAGE.sync:
      return readSync(reader)
    case MESSAGE.awareness:
      return { kind: 'awareness', update: reader.varBytes() }
    case MESSAGE.auth:
      return readAuth(reader)
    case MESSAGE.queryAwareness:
      return { kind: 'query-awareness' }
    case MESSAGE.durable:
      return { kind: 'durable', count: reader.varUint() }
    case MESSAGE.notice:
      return { kind: 'notice', notice: parseNotice(reader.varString()) }
    case MESSAGE.hello:
      return { kind: 'hello', hello: parseHello(reader.varString()) }
    default:
      throw new ProtocolError('unknown-type', `message type ${type}`)
  }
}

function readSync(reader: Reader): Message {
  const type = reader.varUint()
  switch (type) {
    case SYNC.step1:
      return { kind: 'sync-step-1', stateVector: reader.varBytes() }
    case SYNC.step2:
      return { kind: 'sync-step-2', update: reader.varBytes() }
    case SYNC.update:
      return { kind: 'update', update: reader.varBytes() }
    default:
      throw new ProtocolError('unknown-type', `sync type ${type}`)
  }
}

function readAuth(reader: Reader): Message {
  const type = reader.varUint()
  if (type !== 0) throw new ProtocolError('unknown-type', `auth type ${type}`)
  return { kind: 'permission-denied', reason: reader.varString() }
}
