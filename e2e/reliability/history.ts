/**
 * What happened, in the order in which it did: every word sent, acknowledged, and seen by somebody else, and every
 * fault between them.
 *
 * It is only added to, in memory and in a file of one JSON object a line, and knows nothing of any document: what the
 * documents hold is compared with it, never the other way round. A word is written down before it is typed, so nothing
 * can be acknowledged or seen that is not here.
 */
import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Histogram } from '../load/histogram.ts'

export interface Fate {
  readonly word: string
  readonly documentId: string
  readonly sentAtMs: number
  ackedAtMs: number | undefined
  seen: boolean
}

export interface HistoryCounts {
  sent: number
  acked: number
  /** By anybody but the page that typed them. */
  seen: number
}

/** Lines that are kept back, so that writing them does not slow the typing down. */
const LINES_AT_ONCE = 1_000

export class History {
  readonly file: string
  readonly counts: HistoryCounts = { sent: 0, acked: 0, seen: 0 }
  /** From typed to acknowledged, in ms; whatever was broken meanwhile. */
  readonly durable = new Histogram()
  readonly #fates = new Map<string, Fate>()
  readonly #lines: string[] = []

  constructor(file: string) {
    this.file = file
    mkdirSync(dirname(file), { recursive: true })
  }

  sent(documentId: string, word: string): void {
    const sentAtMs = performance.now()
    this.#fates.set(word, { word, documentId, sentAtMs, ackedAtMs: undefined, seen: false })
    this.counts.sent++
    this.#line(sentAtMs, { sent: word, documentId })
  }

  acked(word: string): void {
    const fate = this.#fateOf(word)
    if (fate.ackedAtMs !== undefined) return
    fate.ackedAtMs = performance.now()
    this.counts.acked++
    this.durable.record(fate.ackedAtMs - fate.sentAtMs)
    this.#line(fate.ackedAtMs, { acked: word })
  }

  /** @param by who has it on their screen and did not type it there */
  seen(word: string, by: string): void {
    const fate = this.#fateOf(word)
    if (fate.seen) return
    fate.seen = true
    this.counts.seen++
    this.#line(performance.now(), { seen: word, by })
  }

  note(what: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.#line(performance.now(), { note: what, ...facts })
  }

  fatesOf(documentId: string): Fate[] {
    return [...this.#fates.values()].filter((fate) => fate.documentId === documentId)
  }

  /** Acknowledged or seen until now: words that must never be missing again. */
  promisedIn(documentId: string): string[] {
    return this.fatesOf(documentId)
      .filter((fate) => fate.ackedAtMs !== undefined || fate.seen)
      .map(({ word }) => word)
  }

  /** Writes what was kept back. */
  flush(): void {
    if (this.#lines.length > 0) appendFileSync(this.file, `${this.#lines.splice(0).join('\n')}\n`)
  }

  #fateOf(word: string): Fate {
    const fate = this.#fates.get(word)
    if (fate === undefined) throw new Error(`nobody ever typed what is on a screen: ${word}`)
    return fate
  }

  #line(atMs: number, facts: Readonly<Record<string, unknown>>): void {
    this.#lines.push(JSON.stringify({ t: Math.round(atMs * 1_000) / 1_000, ...facts }))
    if (this.#lines.length >= LINES_AT_ONCE) this.flush()
  }
}
