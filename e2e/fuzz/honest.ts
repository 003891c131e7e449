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
import type { Histogram } from '../load/histogram.ts'
import { ownTextOf, placeBehindOwn } from './replicas.ts'

/** A root that no case touches by name. */
const TEXT = 'honest'
/** Five words a second. */
const PAUSE_MS = 200

export interface HonestOptions {
  readonly server: string
  readonly documentId: string
  readonly random: Random
  /** From typed to acknowledged, in ms. */
  readonly acks: Histogram
}

export class Honest {
  readonly provider: WeftProvider
  readonly doc = new Y.Doc()
  /** All that was typed, as it should stand. */
  typed = ''
  /** Connections that were lost. */
  drops = 0
  readonly #acks: Histogram
  readonly #random: Random
  readonly #typedAt: number[] = []
  readonly #sockets = new Set<WebSocket>()
  #words = 0
  #timer: NodeJS.Timeout | undefined
  #isLeaving = false

  constructor({ server, documentId, random, acks }: HonestOptions) {
    this.#acks = acks
    this.#random = random
    this.provider = headlessProvider({
      server,
      documentId,
      doc: this.doc,
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
    const text = this.doc.getText(TEXT)
    this.#typedAt.push(performance.now())
    text.insert(placeBehindOwn(text, this.doc.clientID, behind), word)
    this.typed = this.typed.slice(0, behind) + word + this.typed.slice(behind)
  }

  /** What stands in a document of what a person typed. */
  static findOf(client: number, doc: Y.Doc): string {
    return ownTextOf(doc.getText(TEXT), client)
  }

  findIn(doc: Y.Doc): string {
    return Honest.findOf(this.doc.clientID, doc)
  }

  async leave(): Promise<void> {
    this.stop()
    this.#isLeaving = true
    await this.provider.destroy()
    for (const socket of this.#sockets) socket.terminate()
  }

  #opened(socket: WebSocket): void {
    this.#sockets.add(socket)
    socket.on('close', () => {
      this.#sockets.delete(socket)
      if (!this.#isLeaving) this.drops++
    })
    // After the provider has read it, and before anything else happens.
    socket.on('message', () => queueMicrotask(() => this.#settle()))
  }

  #settle(): void {
    const left = this.provider.connectionInfo.editsWaiting
    const now = performance.now()
    for (const at of this.#typedAt.splice(0, this.#typedAt.length - left)) this.#acks.record(now - at)
  }
}
