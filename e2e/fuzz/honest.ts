/**
 * Somebody who types through the product's own provider whatever others do to the server, and knows what they typed.
 *
 * What was typed is kept apart from the document. In it, everybody must find exactly that, in its order, whatever
 * others have put between.
 */
import type { WeftProvider } from '@weft/editor/core'
import type { WebSocket } from 'ws'
import * as Y from 'yjs'
import { headlessProvider } from '../harness/headless-provider.ts'
import type { Random } from '../harness/random.ts'
import { ownTextOf, placeBehindOwn } from './replicas.ts'
import { nowMs } from './waits.ts'

const TEXT = 'honest'
/** Five words a second. */
const PAUSE_MS = 200

export interface HonestOptions {
  readonly server: string
  readonly documentId: string
  readonly random: Random
  /** Called with when each word was typed, and when it was acknowledged, in ms of `nowMs`. */
  readonly acknowledged: (from: number, to: number) => void
  /** Which root of the document is typed in: one that no case touches by name, when left out. */
  readonly root?: string
  /** The document is guarded by this version of the schema. */
  readonly schema?: number
}

export class Honest {
  readonly provider: WeftProvider
  readonly doc = new Y.Doc()
  /** All that was typed, as it should stand. */
  typed = ''
  /** Connections that were lost: the close code of each, and why. */
  readonly lost: string[] = []
  readonly documentId: string
  readonly root: string
  readonly #acknowledged: HonestOptions['acknowledged']
  readonly #random: Random
  readonly #typedAt: number[] = []
  readonly #sockets = new Set<WebSocket>()
  #words = 0
  #timer: NodeJS.Timeout | undefined
  #isLeaving = false

  constructor({ server, documentId, random, acknowledged, root = TEXT, schema }: HonestOptions) {
    this.documentId = documentId
    this.root = root
    this.#acknowledged = acknowledged
    this.#random = random
    this.provider = headlessProvider({
      server,
      documentId,
      doc: this.doc,
      ...(schema === undefined ? {} : { schema }),
      random: () => random.share(),
      opened: (socket) => this.#opened(socket),
    })
    this.provider.connect()
  }

  get isConnected(): boolean {
    return this.provider.connection === 'connected'
  }

  /** Nothing waits to be acknowledged. */
  get isSaved(): boolean {
    return this.#typedAt.length === 0
  }

  start(): void {
    this.#timer = setInterval(() => this.type(), PAUSE_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  type(): void {
    const word = `${this.#words++} `
    const length = this.typed.length
    // People write on where they are; now and then they go back.
    const behind = this.#random.happens(0.8) ? length : this.#random.below(length) + 1
    const text = this.doc.getText(this.root)
    this.#typedAt.push(nowMs())
    text.insert(placeBehindOwn(text, this.doc.clientID, behind), word)
    this.typed = this.typed.slice(0, behind) + word + this.typed.slice(behind)
  }

  /** What stands in a document of what a person typed. */
  static findOf(client: number, doc: Y.Doc, root: string): string {
    return ownTextOf(doc.getText(root), client)
  }

  findIn(doc: Y.Doc): string {
    return Honest.findOf(this.doc.clientID, doc, this.root)
  }

  async leave(): Promise<void> {
    this.stop()
    this.#isLeaving = true
    await this.provider.destroy()
    for (const socket of this.#sockets) socket.terminate()
  }

  #opened(socket: WebSocket): void {
    this.#sockets.add(socket)
    socket.on('close', (code, reason: Buffer) => {
      this.#sockets.delete(socket)
      if (!this.#isLeaving) this.lost.push(`${code} ${reason.toString()}`)
    })
    // After the provider has read it, and before anything else happens.
    socket.on('message', () => queueMicrotask(() => this.#settle()))
  }

  #settle(): void {
    const left = this.provider.connectionInfo.editsWaiting
    const now = nowMs()
    for (const at of this.#typedAt.splice(0, this.#typedAt.length - left)) this.#acknowledged(at, now)
  }
}
