/**
 * Compares every place that holds a document with what happened: everybody's screen, somebody who opens it cold, what
 * a server would load from the disk, and a replay of the raw log.
 */
import type { ServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'
import type { Cast } from './cast.ts'
import { contentOf, differing } from './compare.ts'
import type { History } from './history.ts'
import { readRawLog } from './raw-log.ts'
import { type Findings, judge } from './verdict.ts'
import { openCold } from './witness.ts'
import { wordsIn } from './words.ts'

export interface PlacesOptions {
  readonly server: ServerProcess
  readonly cast: Cast
  readonly history: History
  readonly findings: Findings
}

export class Places {
  readonly #server: ServerProcess
  readonly #cast: Cast
  readonly #history: History
  readonly #findings: Findings

  constructor({ server, cast, history, findings }: PlacesOptions) {
    this.#server = server
    this.#cast = cast
    this.#history = history
    this.#findings = findings
  }

  /**
   * What a newcomer is shown, of every document. More may be there by now than was promised; what was promised must be.
   * @param promised by document, what was acknowledged or seen before the server ended
   */
  async compareCold(when: string, promised: readonly (readonly string[])[]): Promise<void> {
    const { documents } = this.#cast
    const newcomers = await Promise.all(documents.map((id) => openCold(this.#server.url, id)))
    for (const [index, documentId] of documents.entries()) {
      const was = new Set(promised[index])
      const words = wordsIn(contentOf(newcomers[index] ?? fail(documentId)))
      const { lost, ...rest } = judge(this.#history.fatesOf(documentId), words)
      const gone = new Set([...lost].filter((word) => was.has(word)))
      this.#findings.add(`in ${documentId}, opened cold after ${when}`, { ...rest, lost: gone })
    }
  }

  async compareScreens(): Promise<void> {
    const { documents } = this.#cast
    await this.#cast.saved()
    for (const documentId of documents) {
      const cold = await openCold(this.#server.url, documentId)
      // Words that only somebody's screen had may still be on their way.
      const others = () => differing(this.#cast.screensOf(documentId), cold)
      const isNone = (who: readonly string[]) => who.length === 0
      await until(`all screens of ${documentId} are the same`, others, isNone, 30_000).catch(() =>
        this.#findings.say(`${others().join(', ')} and a newcomer see different texts of ${documentId}`),
      )
      const fates = this.#history.fatesOf(documentId)
      for (const { who, doc } of [...this.#cast.screensOf(documentId), { who: 'a newcomer', doc: cold }])
        this.#findings.add(`on the screen of ${who}, ${documentId}`, judge(fates, wordsIn(contentOf(doc))))
    }
  }

  /** Of a server that does not run: nothing was said to it since the screens were compared. */
  async compareDisk(): Promise<void> {
    for (const documentId of this.#cast.documents) {
      const { replayed, loaded, words, damage } = await readRawLog(this.#server.data, documentId)
      for (const line of damage) this.#findings.say(line)
      const fates = this.#history.fatesOf(documentId)
      this.#findings.add(`in the records of ${documentId}`, judge(fates, words))
      this.#findings.add(`in a replay of ${documentId}`, judge(fates, wordsIn(contentOf(replayed))))
      if (differing(this.#cast.screensOf(documentId), replayed).length > 0)
        this.#findings.say(`a replay of ${documentId} is not what people see`)
      if (differing([{ who: 'a server', doc: loaded }], replayed).length > 0)
        this.#findings.say(`${documentId} would be loaded as something else than its log`)
    }
  }
}

function fail(documentId: string): never {
  throw new Error(`nobody opened ${documentId}`)
}
