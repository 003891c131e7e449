/**
 * The three servers' framings, as little of each as typing, reading and being there need.
 *
 * All three speak y-protocols' sync messages; Hocuspocus puts the document's name before each and wants to be
 * asked in first. Awareness is what idle people say of themselves; what is said of others is not read.
 */
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding'
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding'

export type Incoming =
  /** What the document held when we came. */
  | { readonly kind: 'state'; readonly update: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  /** The server wants what it does not have: what is beyond `vector`. */
  | { readonly kind: 'question'; readonly vector: Uint8Array }
  | { readonly kind: 'other' }

export interface Wire {
  readonly address: string
  readonly subprotocols: readonly string[]
  /** What a client sends as soon as its socket is open; the last one asks for the document. */
  readonly greeting: readonly Uint8Array[]
  /** The answer of a client that has nothing to offer. */
  readonly nothingNew: Uint8Array
  /** Asks for what is beyond a state vector. */
  ask(vector: Uint8Array): Uint8Array
  /** Answers a question with what there is beyond its vector. */
  answer(bytes: Uint8Array): Uint8Array
  update(bytes: Uint8Array): Uint8Array
  /** That a client is there. @param clock grows with each time it says so */
  presence(client: number, clock: number, state: string): Uint8Array
  read(frame: Uint8Array): Incoming
}

const SYNC = 0
const AWARENESS = 1
const STEP_1 = 0
const STEP_2 = 1
const UPDATE = 2
const EMPTY_VECTOR = Uint8Array.of(0)
const EMPTY_UPDATE = Uint8Array.of(0, 0)

/** @param name what stands before every message; undefined where nothing does */
function syncWire(name: string | undefined, syncTypes: readonly number[]) {
  function message(kind: number, payload: Uint8Array): Uint8Array {
    const encoder = createEncoder()
    if (name !== undefined) writeVarString(encoder, name)
    writeVarUint(encoder, SYNC)
    writeVarUint(encoder, kind)
    writeVarUint8Array(encoder, payload)
    return toUint8Array(encoder)
  }
  function read(frame: Uint8Array): Incoming {
    const decoder = createDecoder(frame)
    if (name !== undefined) readVarString(decoder)
    if (!syncTypes.includes(readVarUint(decoder))) return { kind: 'other' }
    const kind = readVarUint(decoder)
    const payload = readVarUint8Array(decoder)
    if (kind === STEP_1) return { kind: 'question', vector: payload }
    return { kind: kind === STEP_2 ? 'state' : 'update', update: payload }
  }
  return {
    askAll: message(STEP_1, EMPTY_VECTOR),
    ask: (vector: Uint8Array) => message(STEP_1, vector),
    answer: (bytes: Uint8Array) => message(STEP_2, bytes),
    nothingNew: message(STEP_2, EMPTY_UPDATE),
    update: (bytes: Uint8Array) => message(UPDATE, bytes),
    presence(client: number, clock: number, state: string): Uint8Array {
      const one = createEncoder()
      writeVarUint(one, 1)
      writeVarUint(one, client)
      writeVarUint(one, clock)
      writeVarString(one, state)
      const encoder = createEncoder()
      if (name !== undefined) writeVarString(encoder, name)
      writeVarUint(encoder, AWARENESS)
      writeVarUint8Array(encoder, toUint8Array(one))
      return toUint8Array(encoder)
    },
    read,
  }
}

/** @param server `http://host:port` */
export type OpenWire = (server: string, documentId: string) => Wire

export const yWebsocketWire: OpenWire = (server, documentId) => {
  const { askAll, ...rest } = syncWire(undefined, [SYNC])
  return {
    ...rest,
    address: `${server.replace(/^http/, 'ws')}/${documentId}`,
    subprotocols: [],
    greeting: [askAll],
  }
}

/** As Weft's own provider connects: with the subprotocol that brings durable acknowledgements. */
export const weftWire: OpenWire = (server, documentId) => ({
  ...yWebsocketWire(`${server}/sync`, documentId),
  subprotocols: ['weft.1'],
})

export const hocuspocusWire: OpenWire = (server, documentId) => {
  const AUTH = 2
  const SYNC_REPLY = 4
  const TOKEN = 0
  const { askAll, ...rest } = syncWire(documentId, [SYNC, SYNC_REPLY])
  const encoder = createEncoder()
  writeVarString(encoder, documentId)
  writeVarUint(encoder, AUTH)
  writeVarUint(encoder, TOKEN)
  writeVarString(encoder, 'nobody')
  writeVarString(encoder, '4.7.0') // the provider's version
  return {
    ...rest,
    address: server.replace(/^http/, 'ws'),
    subprotocols: [],
    greeting: [toUint8Array(encoder), askAll],
  }
}
