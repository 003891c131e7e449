/**
 * Which edit has reached whom, and how long after the key it did.
 *
 * Servers pass a writer's edits on in their order, so one number for each writer and person says what the person
 * has. An edit that arrives before one that it was typed after is a fault and is remembered as one.
 */
import type { FrameContent } from './frames.ts'
import type { Histogram } from './histogram.ts'
import { editOfClock } from './script.ts'

interface WriterLine {
  /** When each edit's key went down, in milliseconds of the generator's clock. */
  readonly keyMs: number[]
  /** How many people still lack the edit. */
  readonly lacking: number[]
  /** Edits that somebody lacks. */
  outstanding: number
  /** For each person the clock after the last character and the edit after the last removal they have. */
  readonly clock: Int32Array
  readonly removal: Int32Array
}

export class Ledger {
  /** An edit that reached a person who did not type it, counted once. */
  deliveries = 0
  /** Where durations are recorded while measuring. */
  latencies: Histogram | undefined
  /** The first thing that must not happen, in words. */
  fault: string | undefined
  private readonly lines: readonly WriterLine[]
  private readonly people: number

  /** Persons are numbered from 0; the first `writers` of them write. */
  constructor(people: number, writers: number) {
    this.people = people
    this.lines = Array.from({ length: writers }, () => ({
      keyMs: [],
      lacking: [],
      outstanding: 0,
      clock: new Int32Array(people),
      removal: new Int32Array(people),
    }))
  }

  /** @returns the edit's number */
  typed(writer: number, keyMs: number): number {
    const line = this.line(writer)
    line.outstanding++
    line.lacking.push(this.people - 1)
    return line.keyMs.push(keyMs) - 1
  }

  received(person: number, content: FrameContent, nowMs: number): void {
    for (const { writer, from, to } of content.typed) {
      if (writer === person) continue
      const line = this.line(writer)
      const known = line.clock[person] ?? 0
      if (from > known) this.fault ??= `person ${person} got edit ${from} of writer ${writer} before ${known}`
      for (let clock = Math.max(from, known); clock < to; clock++)
        this.delivered(line, editOfClock(clock), nowMs)
      if (to > known) line.clock[person] = to
    }
    for (const { writer, edit } of content.removed) {
      if (writer === person) continue
      const line = this.line(writer)
      if (edit < (line.removal[person] ?? 0)) continue
      line.removal[person] = edit + 1
      this.delivered(line, edit, nowMs)
    }
  }

  outstanding(writer: number): number {
    return this.line(writer).outstanding
  }

  /** How many edits each writer has made. */
  sent(): number[] {
    return this.lines.map((line) => line.keyMs.length)
  }

  /** Deliveries that are still to come. */
  missing(): number {
    let missing = 0
    for (const { lacking } of this.lines) for (const people of lacking) missing += people
    return missing
  }

  /** What at least one other person has of a writer: characters, and the edit after the last removal. */
  seenByOthers(writer: number): { readonly characters: number; readonly removals: number } {
    const { clock, removal } = this.line(writer)
    return { characters: Math.max(...clock), removals: Math.max(...removal) }
  }

  private delivered(line: WriterLine, edit: number, nowMs: number): void {
    const keyMs = line.keyMs[edit]
    if (keyMs === undefined) {
      this.fault ??= `edit ${edit} arrived and was never sent`
      return
    }
    this.deliveries++
    this.latencies?.record(nowMs - keyMs)
    const lacking = (line.lacking[edit] ?? 0) - 1
    line.lacking[edit] = lacking
    if (lacking === 0) line.outstanding--
  }

  private line(writer: number): WriterLine {
    const line = this.lines[writer]
    if (line === undefined) throw new RangeError(`no writer ${writer}`)
    return line
  }
}
