/**
 * A server of its own that is killed and started again, all through a soak: it cannot show that memory is flat, but that
 * nothing acknowledged is lost, however often that happens.
 */
import * as Y from 'yjs'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'
import { pause } from '../load/typing.ts'
import { Visitor } from '../scale/visitor.ts'
import { KILL_EVERY_MS } from './plan.ts'

const WRITERS = 6
const TYPING_MS = 40

export interface KillCounts {
  kills: number
  /** Lines that were acknowledged. */
  acknowledged: number
  /** How many of them were not there after a restart, each time that it was looked. */
  lost: number
}

/** Resolves when `isOver`, after a last kill. */
export async function killAllTheTime(isOver: () => boolean): Promise<KillCounts> {
  const server = await startServerProcess()
  const writers = Array.from({ length: WRITERS }, (_, number) => new Writer(`killed-${number}`))
  const counts: KillCounts = { kills: 0, acknowledged: 0, lost: 0 }
  try {
    while (!isOver()) {
      for (const writer of writers) writer.enter(server)
      const endsAt = performance.now() + KILL_EVERY_MS
      await Promise.all(writers.map((writer) => writer.type(() => performance.now() >= endsAt)))
      await server.kill()
      counts.kills++
      await until('everybody notices', () => writers.every(({ isOut }) => isOut))
      await server.start()
      // Before anybody brings it again.
      for (const writer of writers) counts.lost += await writer.missing(server)
    }
    for (const { acknowledged } of writers) counts.acknowledged += acknowledged
    return counts
  } finally {
    for (const writer of writers) writer.leave()
    await server.dispose()
  }
}

const line = (number: number): string => `<${number}>`

class Writer {
  acknowledged = 0
  readonly #documentId: string
  readonly #doc = new Y.Doc()
  #lines = 0
  #visitor: Visitor | undefined

  constructor(documentId: string) {
    this.#documentId = documentId
  }

  get isOut(): boolean {
    return this.#visitor?.closed !== undefined
  }

  enter(server: ServerProcess): void {
    const visitor: Visitor = new Visitor({
      server: server.url,
      documentId: this.#documentId,
      doc: this.#doc,
      durable: () => {
        if (visitor.synced && visitor.saved) this.acknowledged = this.#lines
      },
    })
    this.#visitor = visitor
  }

  /** With one line on its way at a time, so that what is acknowledged is known to the line. */
  async type(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const visitor = this.#visitor
      if (visitor?.synced === true && visitor.saved && visitor.sent > 0) {
        const number = this.#lines++
        visitor.edit((doc) => doc.getText('t').insert(0, line(number)))
      }
      await pause(TYPING_MS)
    }
  }

  /** @returns how many acknowledged lines somebody lacks who opens the document now */
  async missing(server: ServerProcess): Promise<number> {
    const cold = new Visitor({ server: server.url, documentId: this.#documentId, doc: new Y.Doc() })
    try {
      await until('a document opens cold', () => cold.synced)
      const text = cold.doc?.getText('t').toString() ?? ''
      const numbers = Array.from({ length: this.acknowledged }, (_, number) => number)
      return numbers.filter((number) => text.split(line(number)).length !== 2).length
    } finally {
      cold.drop()
    }
  }

  leave(): void {
    this.#visitor?.drop()
  }
}
