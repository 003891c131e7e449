/** Everybody in a trial: who types into which document, who only looks, and how fast they type. */
import type { Random } from '../harness/random.ts'
import type { StockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'
import { pause } from '../load/typing.ts'
import type { Screen } from './compare.ts'
import type { History } from './history.ts'
import { witness } from './witness.ts'
import { Writer } from './writer.ts'

export interface CastOptions {
  /** `http://host:port`, one or several ways to it: people are spread over them. */
  readonly servers: readonly string[]
  readonly documents: number
  readonly writers: number
  readonly history: History
  readonly random: Random
}

/** Somebody with more than this on their way looks up and waits, with or without a connection. */
const MAX_WAITING = 40
const MAX_BURST = 5
const MAX_THOUGHT_MS = 8

export class Cast {
  readonly documents: readonly string[]
  readonly writers: readonly Writer[]
  readonly #witnesses: readonly StockClient[]
  readonly #random: Random
  readonly #history: History
  #stopped = false

  constructor({ servers, documents, writers, history, random }: CastOptions) {
    // y-websocket listens for the process's end, once for each client.
    process.setMaxListeners(Math.max(process.getMaxListeners(), 2 * (writers + 2 * documents) + 10))
    const wayTo = (index: number): string => servers[index % servers.length] ?? ''
    this.#random = random
    this.#history = history
    this.documents = Array.from({ length: documents }, (_, index) => `checked-${index}`)
    this.writers = Array.from(
      { length: writers },
      (_, number) =>
        new Writer({
          number,
          documentId: `checked-${number % documents}`,
          // Two people in one document come over different networks.
          server: wayTo(Math.floor(number / documents)),
          history,
          random: random.fork(),
        }),
    )
    this.#witnesses = this.documents.map((documentId, index) => witness(wayTo(index), documentId, history))
    for (const writer of this.writers) writer.connect()
  }

  /** Words that nothing is to happen to any more: acknowledged, or gone with the page they were typed on. */
  get settled(): number {
    return this.writers.reduce((sum, { abandoned }) => sum + abandoned, this.#history.counts.acked)
  }

  /** Resolves when they have typed `edits` words between them and `enough` says so, or were stopped. */
  async type(edits: number, enough: () => boolean): Promise<void> {
    let left = edits
    const goesOn = (): boolean => (left > 0 || !enough()) && !this.#stopped
    const typist = async (writer: Writer, random: Random): Promise<void> => {
      while (goesOn()) {
        for (let burst = 1 + random.below(MAX_BURST); burst > 0 && goesOn(); burst--) {
          if (writer.waiting >= MAX_WAITING) break
          left--
          writer.type()
        }
        await pause(random.share() * MAX_THOUGHT_MS)
      }
    }
    await Promise.all(this.writers.map((writer) => typist(writer, this.#random.fork())))
  }

  stop(): void {
    this.#stopped = true
  }

  /** What the dead server had still sent has been read by then. */
  async noticedTheEnd(): Promise<void> {
    await until('everybody notices that the server is gone', () =>
      this.writers.every((writer) => !writer.isConnected),
    )
  }

  async saved(): Promise<void> {
    for (const writer of this.writers) writer.connect()
    const waiting = (): number => this.writers.reduce((sum, writer) => sum + writer.waiting, 0)
    await until('all that was typed is acknowledged', waiting, (left) => left === 0, 60_000)
  }

  /** All screens of a document with the names of those who look at them. */
  screensOf(documentId: string): Screen[] {
    const writers = this.writers.flatMap((writer, number) =>
      writer.documentId === documentId ? [{ who: `writer ${number}`, doc: writer.doc }] : [],
    )
    const at = this.documents.indexOf(documentId)
    return [...writers, ...this.#witnesses.slice(at, at + 1).map(({ doc }) => ({ who: 'the witness', doc }))]
  }

  async close(): Promise<void> {
    this.stop()
    for (const client of this.#witnesses) client.close()
    await Promise.all(this.writers.map((writer) => writer.close()))
  }
}
