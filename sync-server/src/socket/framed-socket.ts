/**
 * A WebSocket whose small messages leave as one whole frame each, made once for all sockets it goes to.
 *
 * `ws` makes a header for every socket and writes it and the message as two pieces. In a room of fifty that is
 * fifty headers and fifty gathered writes for each batch of keystrokes: half of what relaying costs. What the
 * connection below is handed here are the very bytes `ws` would have written, so both can write to it in turn:
 * without compression `ws` too writes each frame at once and whole.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import type { SessionSocket } from './arrival.ts'

/** Larger messages are not worth a copy; `ws` writes them as they are. */
const MAX_FRAMED_BYTES = 65_535
/** Acknowledgements and the like go to one socket only. */
const MIN_SHARED_BYTES = 16

const FINAL_BINARY = 0x82
const LENGTH_IN_TWO_BYTES = 126

/** The message framed last: the sockets of a room are handed the same one, one after the other. */
let last: { readonly message: Uint8Array; readonly frame: Uint8Array } | undefined

function frameOf(message: Uint8Array): Uint8Array {
  if (message.length < MIN_SHARED_BYTES) return makeFrame(message)
  if (last?.message !== message) last = { message, frame: makeFrame(message) }
  return last.frame
}

/** As a server sends it: final, binary, unmasked. */
function makeFrame(message: Uint8Array): Uint8Array {
  const { length } = message
  const headerBytes = length < LENGTH_IN_TWO_BYTES ? 2 : 4
  const frame = Buffer.allocUnsafe(headerBytes + length)
  frame[0] = FINAL_BINARY
  if (headerBytes === 2) frame[1] = length
  else {
    frame[1] = LENGTH_IN_TWO_BYTES
    frame.writeUInt16BE(length, 2)
  }
  frame.set(message, headerBytes)
  return frame
}

export class FramedSocket implements SessionSocket {
  readonly on: SessionSocket['on']
  readonly #socket: WebSocket
  readonly #connection: Duplex

  /** @param connection the one `socket` was made on, without compression. */
  constructor(socket: WebSocket, connection: Duplex) {
    this.#socket = socket
    this.#connection = connection
    this.on = socket.on.bind(socket)
  }

  get readyState(): SessionSocket['readyState'] {
    return this.#socket.readyState
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount
  }

  /** @param message must not change any more. */
  send(message: Uint8Array, sent?: (error?: Error | null) => void): void {
    if (message.length > MAX_FRAMED_BYTES) this.#socket.send(message, sent)
    // As `ws` does: what is sent while the socket closes goes nowhere.
    else if (this.#socket.readyState !== WebSocket.OPEN) sent?.(new Error('the socket is not open'))
    else this.#connection.write(frameOf(message), sent)
  }

  cork(): void {
    this.#connection.cork()
  }

  uncork(): void {
    this.#connection.uncork()
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason)
  }

  terminate(): void {
    this.#socket.terminate()
  }

  ping(): void {
    this.#socket.ping()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }
}
