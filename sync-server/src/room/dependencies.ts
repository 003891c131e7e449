/**
 * How much of an update can be applied to what is known: each client's structs up to the first one that leans on
 * something missing, to a fixpoint, because the sections of an update lean on each other.
 *
 * A heap per awaited client keeps this near-linear whatever somebody sends: every reference blocks at most once.
 */
import type { Knowledge } from './knowledge.ts'
import type { UpdateLayout } from './update-layout.ts'

/** What is lacking: once the known clock of `client` is beyond `clock`, it no longer is. */
export interface Missing {
  readonly client: number
  readonly clock: number
}

export interface Applicable {
  /** For each section the clock up to which it can be applied, a struct's beginning; its own `clock` when nothing can. */
  readonly taken: readonly number[]
  /** One thing that is missing; undefined when everything can be applied. */
  readonly missing: Missing | undefined
}

/** @param withheld clients of which nothing is taken, as if this update did not have it. */
export function findApplicable(
  layout: UpdateLayout,
  known: Knowledge,
  withheld: (client: number) => boolean = () => false,
): Applicable {
  const { sections, references } = layout
  const reached = new Map<number, number>()
  const reach = (client: number): number => reached.get(client) ?? known.clock(client)
  const taken = sections.map((section) => section.clock)
  const next = sections.map((section) => section.referencesFrom)
  const waiting = new Map<number, Waiting>()
  const ready = [...sections.keys()].filter((index) => !withheld(sections[index]?.client ?? 0))

  const waitFor = (index: number, client: number, clock: number): void => {
    const queue = waiting.get(client) ?? new Waiting()
    waiting.set(client, queue)
    queue.push(clock, index)
  }
  const advance = (client: number, clock: number): void => {
    if (clock <= reach(client)) return
    reached.set(client, clock)
    waiting.get(client)?.popBelow(clock, ready)
  }
  const apply = (index: number): void => {
    const section = sections[index]
    if (section === undefined) return
    if (section.clock > reach(section.client)) {
      waitFor(index, section.client, section.clock - 1)
      return
    }
    for (let at = next[index] ?? 0; at < section.referencesTo; at += 3) {
      const client = references[at + 1] ?? 0
      const clock = references[at + 2] ?? 0
      if (clock < reach(client)) continue
      next[index] = at
      taken[index] = references[at] ?? section.clock
      waitFor(index, client, clock)
      advance(section.client, references[at] ?? section.clock)
      return
    }
    next[index] = section.referencesTo
    taken[index] = section.end
    advance(section.client, section.end)
  }

  for (let index = ready.pop(); index !== undefined; index = ready.pop()) apply(index)
  const foreign = sections.findLast(({ client }) => withheld(client))
  let missing: Missing | undefined = foreign && { client: foreign.client, clock: foreign.end - 1 }
  // What a section of this same update could still bring is not what is missing.
  const untaken = new Set(
    sections.filter((section, index) => taken[index] !== section.end).map((s) => s.client),
  )
  for (const [client, queue] of waiting)
    if (queue.lowest !== undefined && (missing === undefined || !untaken.has(client)))
      missing = { client, clock: queue.lowest }
  return { taken, missing }
}

/** Sections that wait for a client to pass a clock, the lowest first: a binary heap. */
class Waiting {
  readonly #clocks: number[] = []
  readonly #sections: number[] = []

  get lowest(): number | undefined {
    return this.#clocks[0]
  }

  push(clock: number, section: number): void {
    let at = this.#clocks.length
    this.#clocks.push(clock)
    this.#sections.push(section)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#clock(parent) <= this.#clock(at)) return
      this.#swap(at, parent)
      at = parent
    }
  }

  /** Moves every section that waits for a clock below `clock` to `ready`. */
  popBelow(clock: number, ready: number[]): void {
    while (this.#clocks.length > 0 && this.#clock(0) < clock) {
      this.#swap(0, this.#clocks.length - 1)
      this.#clocks.pop()
      const section = this.#sections.pop()
      if (section !== undefined) ready.push(section)
      this.#sink()
    }
  }

  #sink(): void {
    let at = 0
    for (;;) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.#clocks.length && this.#clock(child) < this.#clock(least)) least = child
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }

  #clock(at: number): number {
    return this.#clocks[at] ?? 0
  }

  #swap(a: number, b: number): void {
    const clock = this.#clock(a)
    const section = this.#sections[a] ?? 0
    this.#clocks[a] = this.#clock(b)
    this.#sections[a] = this.#sections[b] ?? 0
    this.#clocks[b] = clock
    this.#sections[b] = section
  }
}
