/**
 * Somebody who types through the product's own provider, and whose page may crash.
 *
 * A word counts as acknowledged when the provider says so, by the same count from which people are told "Saved". A
 * page that crashed takes with it what was not acknowledged; the next page of the same person has nothing but what
 * the server sends, and goes on numbering.
 */
import type { WeftProvider } from '@weft/editor/core'
import type { WebSocket } from 'ws'
import * as Y from 'yjs'
import { headlessProvider } from '../harness/headless-provider.ts'
import type { Random } from '../harness/random.ts'
import type { History } from './history.ts'
import { TEXT, WORD_LENGTH, wordOf, wordsInUpdate } from './words.ts'

export interface WriterOptions {
  /** 0 to 99. */
  readonly number: number
  readonly documentId: string
  /** `http://host:port` */
  readonly server: string
  readonly history: History
  readonly random: Random
}

export class Writer {
  /** Words that left with a page that crashed, neither acknowledged nor ever to be. */
  abandoned = 0
  readonly #options: WriterOptions
  #page: Page
  #typed = 0

  constructor(options: WriterOptions) {
    this.#options = options
    this.#page = new Page(options)
  }

  get documentId(): string {
    return this.#options.documentId
  }

  /** Words of this page that wait to be acknowledged. */
  get waiting(): number {
    return this.#page.waiting
  }

  get isConnected(): boolean {
    return this.#page.provider.connection === 'connected'
  }

  get doc(): Y.Doc {
    return this.#page.doc
  }

  type(): void {
    this.#page.type(wordOf(this.#options.number, this.#typed++))
  }

  disconnect(): void {
    this.#page.provider.disconnect()
  }

  connect(): void {
    this.#page.provider.connect()
    this.#page.networkIsBack()
  }

  /** Without a word to the server; the next page opens at `connect`. */
  async crash(): Promise<void> {
    this.#page.settle()
    this.abandoned += this.#page.waiting
    await this.#page.vanish()
    this.#page = new Page(this.#options)
  }

  close(): Promise<void> {
    return this.#page.vanish()
  }
}

/** One tab: a document of its own, under a client id of its own. */
class Page {
  readonly provider: WeftProvider
  readonly doc = new Y.Doc()
  readonly #text = this.doc.getText(TEXT)
  readonly #options: WriterOptions
  readonly #sockets = new Set<WebSocket>()
  /** In the order in which they were typed, which is that of acknowledging them. */
  #waiting: string[] = []
  #online: (() => void)[] = []

  constructor(options: WriterOptions) {
    this.#options = options
    const { documentId, server, history, number, random } = options
    this.doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
      if (!local) for (const word of wordsInUpdate(update)) history.seen(word, `writer ${number}`)
    })
    this.provider = headlessProvider({
      server,
      documentId,
      doc: this.doc,
      random: () => random.share(),
      opened: (socket) => this.#opened(socket),
      onOnline: (run) => {
        this.#online.push(run)
        return () => this.#online.splice(0)
      },
    })
  }

  get waiting(): number {
    return this.#waiting.length
  }

  type(word: string): void {
    const { history, documentId, random } = this.#options
    history.sent(documentId, word)
    this.#waiting.push(word)
    const places = this.#text.length / WORD_LENGTH + 1
    // People write on where they are; now and then they go elsewhere.
    const place = random.happens(0.8) ? places - 1 : random.below(places)
    this.#text.insert(place * WORD_LENGTH, word)
  }

  /** Writes down what the provider counts as durable by now. */
  settle(): void {
    const left = this.provider.connectionInfo.editsWaiting
    for (const word of this.#waiting.splice(0, this.#waiting.length - left)) this.#options.history.acked(word)
  }

  networkIsBack(): void {
    for (const run of this.#online) run()
  }

  #opened(socket: WebSocket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    // After the provider has read it, and before anything else happens.
    socket.on('message', () => queueMicrotask(() => this.settle()))
  }

  async vanish(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate()
    await this.provider.destroy()
    this.doc.destroy()
  }
}
