/**
 * A client with a real Yjs document on a fake socket. It does what a stock client does: answers step 1, applies
 * what arrives, sends its own edits; and keeps every message for the test to look at.
 */
import {
  decodeMessage,
  encodeSyncStep1,
  encodeSyncStep2,
  encodeUpdate,
  type Message,
  type Role,
} from '@weft/protocol'
import * as Y from 'yjs'
import type { Rooms } from '../room-registry.ts'
import { FakeSocket } from './fake-socket.ts'

export interface TestClientOptions {
  readonly documentId?: string
  readonly role?: Role
  readonly weft?: boolean
  readonly schema?: number
  readonly principal?: string
  /** Continues with this document instead of a new one. */
  readonly doc?: Y.Doc
}

type Kind = Message['kind']

/** It has been answered what it lacked. */
export const isSynced = (client: TestClient): boolean => client.received('sync-step-2').length > 0

export class TestClient {
  readonly doc: Y.Doc
  readonly socket: FakeSocket
  readonly messages: Message[] = []
  /** Bytes of all frames received. */
  bytesReceived = 0
  /** Step-2 and update messages sent. */
  sent = 0
  /** While false nothing is answered. */
  answers = true
  /** A guarded document has no other text. */
  readonly #root: 'flow' | 'text'
  readonly #sendEdit: (update: Uint8Array, origin: unknown) => void

  constructor(rooms: Rooms, options: TestClientOptions = {}) {
    const {
      documentId = 'doc',
      role = 'edit',
      weft = true,
      principal = 'somebody',
      schema,
      doc = new Y.Doc(),
    } = options
    this.doc = doc
    this.#root = schema === undefined ? 'text' : 'flow'
    this.socket = new FakeSocket((frame) => this.#receive(frame))
    this.#sendEdit = (update, origin) => {
      if (origin !== this) this.sendUpdate(update)
    }
    doc.on('update', this.#sendEdit)
    rooms.attach(this.socket.asSocket, { documentId, role, weft, schema, principal, address: '127.0.0.1' })
    this.send(encodeSyncStep1(Y.encodeStateVector(doc)))
  }

  get text(): Y.Text {
    return this.doc.getText(this.#root)
  }

  type(words: string, at = this.text.length): void {
    this.text.insert(at, words)
  }

  send(frame: Uint8Array): void {
    this.socket.deliver(frame)
  }

  sendUpdate(update: Uint8Array): void {
    this.sent++
    this.send(encodeUpdate(update))
  }

  sendStep2(update: Uint8Array): void {
    this.sent++
    this.send(encodeSyncStep2(update))
  }

  received<K extends Kind>(kind: K): (Message & { readonly kind: K })[] {
    return this.messages.filter((message): message is Message & { readonly kind: K } => message.kind === kind)
  }

  /** The newest durable count; 0 before the first. */
  get durable(): number {
    return this.received('durable').at(-1)?.count ?? 0
  }

  get closedWith(): number | undefined {
    return this.socket.closedWith?.code
  }

  /** Loses the connection without a word; the document stays. */
  disconnect(): void {
    this.doc.off('update', this.#sendEdit)
    this.socket.terminate()
  }

  #receive(frame: Uint8Array): void {
    this.bytesReceived += frame.length
    const message = decodeMessage(frame)
    this.messages.push(message)
    if (message.kind === 'sync-step-1' && this.answers)
      this.sendStep2(Y.encodeStateAsUpdate(this.doc, message.stateVector))
    if (message.kind === 'sync-step-2' || message.kind === 'update')
      Y.applyUpdate(this.doc, message.update, this)
  }
}
