/** One seed of the fuzz: people write at once, and in the end everything must be right. */
import { type BlockJson, flowOf, readDocument } from '@weft/document'
import * as Y from 'yjs'
import { ACTIONS, type ActionName, pickAction } from './actions.ts'
import { witnessTyping } from './caret-witness.ts'
import { Client, documentContent, documentText, wordsOf } from './client.ts'
import type { Context } from './context.ts'
import { FILLERS, Ledger } from './ledger.ts'
import { type Random, randomOf } from './random.ts'
import { composeOrEnd } from './writing.ts'

export interface RunOptions {
  /** Actions of all people together. */
  readonly steps: number
  /** Only these steps are done: what a failing run is shrunk to. */
  readonly only?: ReadonlySet<number>
  /** Called with every step, to see what a failing seed did. */
  readonly onStep?: (line: string) => void
}

export interface RunResult {
  /** What went wrong first; undefined when nothing did. */
  readonly failure: string | undefined
  readonly characters: number
  /** What was done: of a run that is played again, the same, or it is another run. */
  readonly did: readonly string[]
}

interface Link {
  readonly to: Client
  readonly waiting: Uint8Array[]
  /** How many have arrived. */
  arrived: number
}

export function runSeed(seed: number, options: RunOptions): RunResult {
  const run = new Run(seed, options)
  try {
    return { failure: run.play(), characters: run.ledger.size, did: run.did }
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { failure: text, characters: run.ledger.size, did: run.did }
  } finally {
    run.close()
  }
}

/** @returns the steps that a failing run needs, found by leaving out ever smaller parts. */
export function shrink(seed: number, options: RunOptions): number[] {
  let steps = Array.from({ length: options.steps }, (_, step) => step)
  const fails = (only: readonly number[]): boolean =>
    runSeed(seed, { steps: options.steps, only: new Set(only) }).failure !== undefined
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
  readonly #clients: Client[] = []
  readonly #links = new Map<Client, Link[]>()
  readonly #seed: number
  readonly #options: RunOptions
  /** That of the step that is going on. */
  #random: Random
  #step = 0
  readonly #bursts = new Map<Client, { readonly burst: number; readonly holder: string }>()
  readonly #pendingChance: number
  /** People whose last edit has filler in it and may not be in the document yet. */
  readonly #filling = new Set<Client>()
  /** Whether there is a block of a later version in the document, which nobody here may delete. */
  readonly #hasLater: boolean
  #ids = 0
  /** How many updates each person has written. */
  readonly #sent = new Map<number, number>()
  /** What was done, step by step, in words: the same numbers may mean something else in another version of the fuzz. */
  readonly did: string[] = []

  constructor(seed: number, options: RunOptions) {
    const random = randomOf(seed, 0)
    this.#seed = seed
    this.#random = random
    this.#options = options
    this.#pendingChance = random.pick([0, 0.4, 0.7])
    const captureMs = random.chance(0.5) ? 0 : Number.MAX_SAFE_INTEGER
    this.#hasLater = random.chance(0.15)
    const count = random.whole(3, 5)
    const older = random.chance(0.3) ? random.whole(0, count - 1) : -1
    for (let index = 0; index < count; index += 1)
      this.#clients.push(
        new Client({
          index,
          captureMs,
          isOlder: index === older,
          newId: () => {
            this.#ids += 1
            return `s${this.#step}-${this.#ids}`
          },
          onUpdate: (from, update) => {
            this.#sent.set(from.index, this.#sentBy(from.index) + 1)
            for (const link of this.#links.get(from) ?? []) link.waiting.push(update)
          },
        }),
      )
    for (const client of this.#clients)
      this.#links.set(
        client,
        this.#clients.filter((other) => other !== client).map((to) => ({ to, waiting: [], arrived: 0 })),
      )
  }

  play(): string | undefined {
    if (this.#hasLater) this.#insertLater()
    for (let step = 0; step < this.#options.steps; step += 1) {
      if (this.#options.only?.has(step) === false) continue
      this.#step = step
      this.#ids = 0
      this.#random = randomOf(this.#seed, step + 1)
      const wrong = this.#play()
      if (wrong !== undefined) return `step ${step}: ${wrong}`
    }
    return this.#finish()
  }

  close(): void {
    for (const client of this.#clients) client.close()
  }

  #insertLater(): void {
    const [first] = this.#clients
    const marker = new Y.Map<unknown>([
      ['type', 'hologram'],
      ['id', 'later'],
    ])
    if (first !== undefined) flowOf(first.doc).insertEmbed(0, marker)
  }

  #play(): string | undefined {
    const random = this.#random
    const client = random.pick(this.#clients)
    const roll = random.next()
    if (roll < 0.03) {
      client.isOffline = !client.isOffline
      this.#did(client, client.isOffline ? 'leaves' : 'comes back')
    } else if (roll < 0.035) {
      this.#did(client, 'reloads')
      client.endComposition()
      this.#bursts.delete(client)
      client.reload()
    } else if (roll < 0.06) {
      this.#did(client, 'commits')
      client.commit()
    } else if (roll < 0.3) this.#deliver(random.whole(1, 6))
    else return this.#act(client) ?? this.#check(client)
    return this.#check(client)
  }

  #act(client: Client): string | undefined {
    // Of edits that are written in one step, nobody can say which of two equal letters is which: one at a time.
    if (this.#filling.delete(client)) client.commit()
    const wasPending = client.hasPending
    const isComposing = client.editor.isComposing()
    const action = isComposing ? 'continue' : pickAction(this.#random, client.isOlder)
    const isEnd = isComposing && this.#random.chance(0.4)
    const known = this.#bursts.get(client)
    // Who finds the caret in another cell, because theirs is gone, begins anew there.
    const isSame = known !== undefined && known.holder === client.caretHolder()
    const burst = action === 'continue' && isSame ? known.burst : this.ledger.newBurst()
    const before = client.text()
    if (FORMATTING.has(action) && client.hasPending && known !== undefined)
      this.ledger.noteFormatted(known.burst)
    let taken = ''
    let complaint: string | undefined
    const keep = (text: string): string => {
      taken += text
      return text
    }
    const context: Context = {
      client,
      random: this.#random,
      take: (count) => keep(this.ledger.take(count, this.#random, wasPending ? 0 : undefined)),
      takeOne: () => keep(this.ledger.takeOne()),
      noteMove: (text) => this.ledger.noteMove(client.index, text),
      discrete: () => !this.#random.chance(this.#pendingChance),
      complain: (wrong) => {
        complaint ??= wrong
      },
    }
    const foreign = client.foreign()
    const name = isEnd ? 'end of composition' : isComposing ? 'compose' : action
    this.#did(client, name)
    const written = witnessTyping(client)
    const allowance = isComposing ? composeOrEnd(context, isEnd) : ACTIONS[action](context)
    const kept = new Set(client.foreign())
    if (allowance.kind !== 'travel' && !client.hasPending && !foreign.every((marker) => kept.has(marker)))
      return `${action} by ${client.index} took a block of a type it does not know`
    // What had to wait is shown with the end of the composition: others' doing, not this person's.
    if (isEnd) return undefined
    if (client.hasPending && FILLERS.some((filler) => taken.includes(filler))) this.#filling.add(client)
    const after = client.text()
    this.#say(`${client.index} ${name}: ${before} > ${after}`)
    if (isTyping(action)) this.#bursts.set(client, { burst, holder: client.caretHolder() })
    else if (action !== 'blur') this.#bursts.delete(client)
    const update = this.#sentBy(client.index) + (client.hasPending ? 1 : 0)
    const wrong =
      this.ledger.note({
        by: client.index,
        update,
        seen: this.#seenBy(client),
        action: name,
        burst,
        before,
        after,
        taken,
        isBatch: wasPending || client.hasPending,
        allowance,
      }) ?? complaint
    if (wrong !== undefined) return wrong
    return isTyping(action) && !isComposing && action !== 'compose' && isThere(taken, after)
      ? written(taken)
      : undefined
  }

  #sentBy(index: number): number {
    return this.#sent.get(index) ?? 0
  }

  /** How many updates of each person have arrived. */
  #seenBy(client: Client): number[] {
    return this.#clients.map((from) => this.#links.get(from)?.find(({ to }) => to === client)?.arrived ?? 0)
  }

  /** Hands over what is under way, in order for each pair of people, at random between them. */
  #deliver(count: number): void {
    for (let index = 0; index < count; index += 1) {
      const from = this.#random.pick(this.#clients)
      const link = this.#random.pick(this.#links.get(from) ?? [])
      if (from.isOffline || link.to.isOffline) continue
      const most = this.#random.whole(1, 3)
      const updates = link.waiting.splice(0, most)
      if (updates.length === 0) continue
      link.arrived += updates.length
      this.did.push(`${this.#step}: ${from.index} reaches ${link.to.index} with ${updates.length}`)
      this.#say(`${from.index} reaches ${link.to.index} with ${updates.length}`)
      if (updates.length > 1 && this.#random.chance(0.5)) link.to.receive(Y.mergeUpdates(updates))
      else for (const update of updates) link.to.receive(update)
    }
  }

  /** While it goes on, every editor shows its own document, and nobody complains. */
  #check(client: Client): string | undefined {
    for (const { errors, index } of this.#clients)
      if (errors.length > 0) {
        const [error] = errors
        return `client ${index}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
      }
    if (client.hasPending || client.editor.isComposing()) return undefined
    return this.#compare(client)
  }

  #compare(client: Client): string | undefined {
    const shown = client.editorJson()
    const wanted = client.documentJson()
    return shown === wanted ? undefined : `client ${client.index} shows\n${shown} but has\n${wanted}`
  }

  #finish(): string | undefined {
    for (const client of this.#clients) client.endComposition()
    // What arrives may be tidied by Yjs, and that has to arrive, too.
    for (let round = 0; round < 20; round += 1) {
      const links = [...this.#links.values()].flat().filter(({ waiting }) => waiting.length > 0)
      if (links.length === 0) break
      for (const { to, waiting } of links) for (const update of waiting.splice(0)) to.receive(update)
    }
    const cold = new Y.Doc()
    flowOf(cold)
    const [first] = this.#clients
    if (first === undefined) return 'nobody was there'
    Y.applyUpdate(cold, Y.encodeStateAsUpdate(first.doc))
    const wanted = documentContent(cold)
    for (const client of this.#clients) {
      const wrong = this.#check(client) ?? this.#compare(client)
      if (wrong !== undefined) return `in the end: ${wrong}`
      const has = documentContent(client.doc)
      if (has !== wanted) return `in the end: document ${client.index} says\n${has} a cold load\n${wanted}`
      if (client.binding.checkDrift()) return `client ${client.index} had drifted`
    }
    const { blocks } = readDocument(flowOf(cold))
    const later = blocks.filter(({ shape }) => shape.type === 'unknown' && shape.name === 'hologram')
    if (later.length !== (this.#hasLater ? 1 : 0))
      return `there are ${later.length} blocks of a later version`
    for (const { table } of blocks)
      if (table?.rows.some(({ cells }) => cells.length !== table.columns.length) === true)
        return `the grid of ${table.id} is not full`
    const marks = new Map<string, string>()
    for (const { runs } of blocksOf(blocks))
      for (const run of runs)
        for (const character of wordsOf(run)) marks.set(character, JSON.stringify(run.marks))
    return this.ledger.judge(documentText(cold), marks)
  }

  #did(client: Client, what: string): void {
    this.did.push(`${this.#step}: ${client.index} ${what}`)
  }

  #say(line: string): void {
    this.#options.onStep?.(line)
  }
}

const FORMATTING: ReadonlySet<ActionName> = new Set(['mark', 'link', 'color'])

/** Who had no caret wrote nothing. */
function isThere(taken: string, text: string): boolean {
  return Array.from(taken).some(
    (character) => !FILLERS.some((filler) => filler === character) && text.includes(character),
  )
}

function isTyping(action: ActionName): boolean {
  return action === 'type' || action === 'continue' || action === 'retype' || action === 'compose'
}

/** With those in the cells of tables. */
function blocksOf(blocks: readonly BlockJson[]): BlockJson[] {
  return blocks.flatMap((block) => [
    block,
    ...(block.table?.rows.flatMap(({ cells }) => cells.flatMap((cell) => blocksOf(cell.blocks))) ?? []),
  ])
}
