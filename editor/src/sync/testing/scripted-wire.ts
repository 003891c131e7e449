/**
 * Sockets whose other end is the test: it opens them, speaks for the server, holds acks back, and closes.
 */
import {
  decodeMessage,
  encodeDurable,
  encodeHello,
  encodeNotice,
  encodeSyncStep1,
  encodeSyncStep2,
  encodeUpdate,
  type Hello,
  type Message,
  type Notice,
  SUBPROTOCOL,
} from '@weft/protocol'
import * as Y from 'yjs'
import type { SocketConstructor } from '../counting-socket.ts'

export const HELLO: Hello = {
  protocol: 1,
  schema: 1,
  role: 'edit',
  principal: 'someone',
  epoch: 'first',
  seq: 0,
  readOnly: false,
  title: 'Untitled',
}

export class ScriptedSocket extends EventTarget {
  binaryType = 'blob'
  readyState = 0
  protocol = ''
  readonly url: string
  readonly offered: readonly string[]
  readonly received: Message[] = []

  constructor(url: string, offered: string[]) {
    super()
    this.url = url
    this.offered = offered
  }

  send(data: Uint8Array): void {
    this.received.push(decodeMessage(data.slice()))
  }

  close(): void {
    this.readyState = 3
  }

  open(protocol: string = SUBPROTOCOL): void {
    this.protocol = protocol
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }

  deliver(frame: Uint8Array): void {
    this.dispatchEvent(new MessageEvent('message', { data: frame.slice().buffer }))
  }

  /** The server, or the network, ends it. */
  drop(code = 1006, reason = ''): void {
    this.readyState = 3
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason }))
  }

  /** How many step-2 and update messages came. */
  get bearing(): number {
    return this.received.filter(({ kind }) => kind === 'sync-step-2' || kind === 'update').length
  }
}

/** One document on a server that acknowledges only when told to. */
export function scriptedWire() {
  const sockets: ScriptedSocket[] = []
  const doc = new Y.Doc()
  class Socket extends ScriptedSocket {
    constructor(url: string, offered: string[]) {
      super(url, offered)
      sockets.push(this)
    }
  }
  const last = (): ScriptedSocket => {
    const socket = sockets.at(-1)
    if (socket === undefined) throw new Error('nobody has connected')
    return socket
  }
  return {
    Socket: Socket satisfies SocketConstructor,
    sockets,
    doc,
    last,
    /** Opens the newest socket and says everything a server says first; takes over what the client answers. */
    shake(hello: Partial<Hello> = {}): void {
      const socket = last()
      if (socket.readyState === 0) socket.open()
      socket.deliver(encodeHello({ ...HELLO, ...hello }))
      socket.deliver(encodeSyncStep1(Y.encodeStateVector(doc)))
      socket.deliver(encodeSyncStep2(Y.encodeStateAsUpdate(doc)))
      this.take()
    },
    /** The server takes everything that has arrived on the newest socket; says nothing. */
    take(): void {
      for (const message of last().received) {
        if (message.kind === 'sync-step-2' || message.kind === 'update') Y.applyUpdate(doc, message.update)
      }
    },
    ack(count = last().bearing): void {
      last().deliver(encodeDurable(count))
    },
    notice(notice: Notice): void {
      last().deliver(encodeNotice(notice))
    },
    /** Somebody else has written. */
    relay(write: (text: Y.Text) => void): void {
      const before = Y.encodeStateVector(doc)
      write(doc.getText('flow'))
      last().deliver(encodeUpdate(Y.encodeStateAsUpdate(doc, before)))
    },
  }
}
