/** One seed of the survival fuzz: people write at once, and in the end everything must be right. */
import * as Y from 'yjs'
import { type DocumentJson, flowOf } from '../src/flow.ts'
import { readSegments } from '../src/flow-internals.ts'
import { checkDocument } from '../src/guard.ts'
import { ACTIONS, type Context, EDITS, type Edits, pickAction } from './actions.ts'
import { Ledger } from './ledger.ts'
import { contentOf, Person, textOf } from './person.ts'
import { type Random, randomOf } from './random.ts'

export interface RunOptions {
  readonly steps: number
  /** Only these steps are done: what a failing run is shrunk to. */
  readonly only?: ReadonlySet<number>
  readonly edits?: Edits
  /** Whether undo spares blocks that others have made something of. */
  readonly isFiltered?: boolean
  readonly onStep?: (line: string) => void
  /** Sees the document of one of the people before step `at`, and in the end what all have. What it throws fails the run. */
  readonly watch?: {
    readonly at: number
    readonly done: (before: Y.Doc, after: Y.Doc, ledger: Ledger) => void
  }
}

export interface RunResult {
  /** What went wrong first; undefined when nothing did. */
  readonly failure: string | undefined
  readonly characters: number
  readonly operations: number
}

export function runSeed(seed: number, options: RunOptions): RunResult {
  const run = new Run(seed, options)
  let failure: string | undefined
  try {
    failure = run.play()
  } catch (error) {
    failure = error instanceof Error ? (error.stack ?? error.message) : String(error)
  } finally {
    run.close()
  }
  return { failure, characters: run.ledger.size, operations: run.operations }
}

/** @returns the steps that a failing run needs, found by leaving out ever smaller parts. */
export function shrink(seed: number, options: RunOptions): number[] {
  let steps = Array.from({ length: options.steps }, (_, step) => step)
  const fails = (only: readonly number[]): boolean =>
    runSeed(seed, { ...options, only: new Set(only) }).failure !== undefined
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < steps.length; ) {
      const less = [...steps.slice(0, from), ...steps.slice(from + size)]
      if (fails(less)) steps = less
      else from += size
    }
  return steps
}

class Run {
  readonly ledger = new Ledger()
  operations = 0
  readonly #people: Person[] = []
  readonly #ids = new Set<string>()
  readonly #seed: number
  readonly #options: RunOptions
  readonly #early = new Y.Doc()

  constructor(seed: number, options: RunOptions) {
    this.#seed = seed
    this.#options = options
    const random = randomOf(seed, -1)
    const count = random.whole(3, 5)
    const older = random.chance(0.3) ? random.whole(0, count - 1) : -1
    const captureMs = random.chance(0.5) ? 0 : Number.MAX_SAFE_INTEGER
    const isFiltered = options.isFiltered ?? true
    for (let index = 0; index < count; index += 1)
      this.#people.push(new Person(index, { isOlder: index === older, captureMs, isFiltered }))
    for (const person of this.#people)
      for (const to of this.#people) if (to !== person) person.waiting.push({ to, updates: [] })
  }

  play(): string | undefined {
    for (let step = 0; step < this.#options.steps; step += 1) {
      if (this.#options.only?.has(step) === false) continue
      const [first] = this.#people
      if (this.#options.watch?.at === step && first !== undefined) {
        flowOf(this.#early)
        Y.applyUpdate(this.#early, Y.encodeStateAsUpdate(first.doc))
      }
      const wrong = this.#step(step)
      if (wrong !== undefined) return `step ${step}: ${wrong}`
    }
    return this.#finish()
  }

  close(): void {
    for (const person of this.#people) person.close()
  }

  #step(step: number): string | undefined {
    const random = randomOf(this.#seed, step)
    const person = random.pick(this.#people)
    const roll = random.whole(1, 100)
    if (roll <= 4) person.isOffline = !person.isOffline
    else if (roll <= 6) {
      this.#options.onStep?.(`${step} ${person.index} reloads`)
      person.reload()
    } else if (roll <= 34) this.#deliver(step, random)
    else {
      const burst = random.chance(0.2) ? random.whole(2, 4) : 1
      for (let count = 0; count < burst; count += 1) {
        const wrong = this.#act(step, person, random, count)
        if (wrong !== undefined) return wrong
      }
    }
    return undefined
  }

  #act(step: number, person: Person, random: Random, count: number): string | undefined {
    const action = pickAction(random)
    const before = textOf(person.content())
    const blocks = blocksOthersMade(person)
    let ids = 0
    const context: Context = {
      person,
      random,
      ledger: this.ledger,
      edits: this.#options.edits ?? EDITS,
      newId: () => {
        ids += 1
        const id = `s${step}-${count}-${ids}`
        this.#ids.add(id)
        return id
      },
    }
    ACTIONS[action](context)
    this.operations += 1
    const content = person.content()
    const after = textOf(content)
    this.#options.onStep?.(`${step} ${person.index} ${action}: ${before} > ${after}`)
    return (
      this.ledger.note(person.index, before, after, action) ??
      this.#checkIds(content) ??
      checkKept(blocks, person, action)
    )
  }

  /** Every block is one that somebody made. */
  #checkIds({ blocks }: DocumentJson): string | undefined {
    for (const { id } of blocks) {
      const [own = ''] = id.split('~')
      if (own !== 'first' && !this.#ids.has(own)) return `nobody made block ${id}`
    }
    return undefined
  }

  /** Hands over what is under way between any two people, at random. */
  #deliver(step: number, random: Random): void {
    for (let count = random.whole(1, 6); count > 0; count -= 1) {
      const from = random.pick(this.#people)
      const { to, updates } = random.pick(from.waiting)
      if (from.isOffline || to.isOffline || updates.length === 0) continue
      // Yjs keeps what comes too early.
      const first = random.chance(0.15) ? random.whole(0, updates.length - 1) : 0
      const taken = updates.splice(first, random.whole(1, 3))
      this.#options.onStep?.(`${step} ${from.index} reaches ${to.index} with ${taken.length}`)
      if (taken.length > 1 && random.chance(0.5)) to.receive(Y.mergeUpdates(taken))
      else for (const update of taken) to.receive(update)
    }
  }

  #finish(): string | undefined {
    // What arrives may be tidied by Yjs, and that has to arrive, too.
    for (let round = 0; round < 20; round += 1) {
      let isQuiet = true
      for (const { waiting } of this.#people)
        for (const { to, updates } of waiting)
          for (const update of updates.splice(0)) {
            to.receive(update)
            isQuiet = false
          }
      if (isQuiet) break
    }
    // Yjs (13.6) can leave two updates that came too early waiting for each other (seed 105701). Weft's log hands out
    // nothing too early, and every connection begins with this comparison of states.
    for (const { doc } of this.#people)
      for (const person of this.#people)
        if (person.doc.store.pendingStructs !== null)
          person.receive(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(person.doc)))
    const [first] = this.#people
    if (first === undefined) return 'nobody was there'
    const cold = new Y.Doc()
    Y.applyUpdate(cold, Y.encodeStateAsUpdate(first.doc))
    const content = contentOf(cold)
    const wanted = JSON.stringify(content)
    for (const person of this.#people) {
      const has = JSON.stringify(contentOf(person.doc))
      if (has !== wanted) return `in the end person ${person.index} has\n${has} but a cold load\n${wanted}`
    }
    this.#options.watch?.done(this.#early, cold, this.ledger)
    const refusal = checkDocument(cold)
    cold.destroy()
    if (refusal !== undefined) return `the guard refuses what people wrote: ${refusal.reason}`
    for (const { table } of content.blocks)
      if (table?.rows.some(({ cells }) => cells.length !== table.columns.length) === true)
        return `the grid of ${table.id} is not full`
    return this.ledger.judge(textOf(content))
  }
}

/** Blocks that others have made something of, and those this person does not know: theirs to keep. */
function blocksOthersMade(person: Person): { readonly later: Set<unknown>; readonly others: Set<unknown> } {
  const later = new Set<unknown>()
  const others = new Set<unknown>()
  for (const { marker, shape } of readSegments(person.flow)) {
    if (marker === null) continue
    if (!person.knows(shape)) later.add(marker)
    const type = marker._map.get('type')
    if (
      marker._item != null &&
      type !== undefined &&
      !type.deleted &&
      type.id.client !== marker._item.id.client
    )
      if (!person.isMe(type.id.client)) others.add(marker)
  }
  return { later, others }
}

function checkKept(
  { later, others }: ReturnType<typeof blocksOthersMade>,
  person: Person,
  action: string,
): string | undefined {
  const isTravel = action === 'undo' || action === 'redo'
  if (!isTravel && later.size === 0) return undefined
  const kept = new Set<unknown>(readSegments(person.flow).map(({ marker }) => marker))
  for (const marker of isTravel ? [] : later)
    if (!kept.has(marker)) return `${action} by ${person.index} took a block of a type it does not know`
  if (action === 'undo')
    for (const marker of others)
      if (!kept.has(marker)) return `undo by ${person.index} took a block that somebody else has changed`
  return undefined
}
