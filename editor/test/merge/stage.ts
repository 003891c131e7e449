/**
 * Two people, what they are about to do, and the network between them: one run of one scenario.
 *
 * Rule: a run depends on its scenario and seed alone. What a person does is aimed at characters, not at places, and
 * is carried out on what that person's own screen shows at that moment; no chance is drawn while they act, so every
 * contestant gets the same keys in the same order.
 */
import * as Y from 'yjs'
import type { Random } from '../fuzz/random.ts'
import { type Contestant, type Kind, NETWORK, type Person, type Place } from './contestant.ts'
import { NOBODY, type Verdict, Words } from './words.ts'

/** Something a person does at once. */
export type Action = () => void

export interface Result extends Verdict {
  /** Not everybody sees the same in the end: the two, and somebody who opens the document then. */
  readonly differs: boolean
  /** What was thrown or complained of. */
  readonly errors: readonly string[]
}

export interface Actor {
  readonly person: Person
  /** In the run, from 0. */
  readonly index: number
  /** The last character this person typed. */
  last: string | undefined
}

/** Updates that are on their way to a person. */
type Inbox = Uint8Array[]

/** After so many rounds of answers without an end, people would never see the end of it. */
const MOST_ROUNDS = 50

export class Stage {
  readonly words = new Words()
  readonly random: Random
  readonly ann: Actor
  readonly ben: Actor
  readonly #contestant: Contestant
  readonly #errors: string[] = []
  readonly #inboxes: readonly [Inbox, Inbox] = [[], []]
  readonly #people: readonly [Person, Person]

  constructor(contestant: Contestant, random: Random) {
    this.#contestant = contestant
    this.random = random
    this.#people = [contestant.open(1), contestant.open(2)]
    this.ann = { person: this.#people[0], index: 0, last: undefined }
    this.ben = { person: this.#people[1], index: 1, last: undefined }
  }

  /** @returns words that were there before anybody came. */
  givenWords(count: number): string[] {
    const words = Array.from({ length: count }, () => this.words.take(NOBODY))
    for (const word of words) this.words.noteWritten(word)
    return words
  }

  /** Somebody writes the document and leaves; then the two of them open it. */
  open(write: (author: Person) => void): void {
    const author = this.#contestant.open(3)
    write(author)
    const update = Y.encodeStateAsUpdate(author.doc)
    author.close()
    for (const [index, person] of this.#people.entries()) {
      person.receive(update)
      person.pause()
      const inbox = this.#inboxes[index === 0 ? 1 : 0]
      person.doc.on('update', (sent: Uint8Array, origin: unknown) => {
        if (origin !== NETWORK) inbox?.push(sent)
      })
    }
  }

  /** Does `lines` in an order by chance, each person's own in theirs, with deliveries between them. */
  play(lines: readonly [readonly Action[], readonly Action[]]): void {
    const isLive = this.random.chance(0.5)
    const eagerness = this.random.pick([0.2, 0.6])
    const waiting: [Action[], Action[]] = [[...lines[0]], [...lines[1]]]
    while (waiting[0].length + waiting[1].length > 0) {
      const next = this.random.whole(1, waiting[0].length + waiting[1].length)
      const who = next <= waiting[0].length ? 0 : 1
      const action = waiting[who].shift()
      if (action !== undefined) this.#attempt(action)
      // Drawn in either case, so that what follows does not depend on it.
      const receivers = [0, 1].filter(() => this.random.chance(eagerness))
      if (isLive) for (const receiver of receivers) this.deliver(receiver, 'one by one')
    }
  }

  /** Does these at once and in this order, before anything is left to chance. */
  inTurn(actions: readonly Action[]): void {
    for (const action of actions) this.#attempt(action)
  }

  /** Both have everything the other has sent so far. */
  meet(): void {
    this.deliver(0, 'at once')
    this.deliver(1, 'at once')
  }

  /** @param how updates come as they were sent, or merged into one, as after a spell offline. */
  deliver(receiver: number, how: 'one by one' | 'at once'): void {
    const waiting = this.#inboxes[receiver]?.splice(0) ?? []
    if (waiting.length === 0) return
    const updates = how === 'at once' ? [Y.mergeUpdates(waiting)] : waiting
    for (const update of updates) this.#attempt(() => this.#people[receiver]?.receive(update))
  }

  /** Everybody gets everything, and is judged by what somebody sees who opens the document then. */
  end(): Result {
    for (let round = 0; this.#inboxes.some(({ length }) => length > 0); round += 1) {
      if (round === MOST_ROUNDS) {
        this.#errors.push('they never stopped sending')
        break
      }
      this.meet()
    }
    const newcomer = this.#contestant.open(4)
    this.#attempt(() => newcomer.receive(Y.encodeStateAsUpdate(this.ann.person.doc)))
    const everybody = [...this.#people, newcomer]
    const screens = everybody.map((person) => person.screen().whole)
    const errors = [...this.#errors, ...everybody.flatMap((person) => person.errors.map(String))]
    const verdict = this.words.judge(newcomer.screen().blocks.join('\n'))
    for (const person of everybody) person.close()
    return { ...verdict, differs: new Set(screens).size > 1, errors }
  }

  // What people do. Each is aimed at characters of the words given.

  /** Types words one by one, the first behind `after`, each further one where the one before it ended. */
  type(actor: Actor, after: string | (() => string), count: number): Action[] {
    return this.#newWords(actor, count).map((word, index) => () => {
      const start = typeof after === 'string' ? after : after()
      const caret = (index === 0 ? undefined : actor.last) ?? start
      const place = behind(actor, caret) ?? behind(actor, start) ?? lastPlace(actor)
      this.words.noteWritten(word)
      actor.person.type(place, ` ${word}`)
      actor.last = word.at(-1)
    })
  }

  enter(actor: Actor, after: string): Action {
    return () => {
      const place = behind(actor, after)
      if (place !== undefined) actor.person.enter(place)
    }
  }

  join(actor: Actor, character: string): Action {
    return () => {
      const place = behind(actor, character)
      if (place !== undefined && place.block > 0) actor.person.join(place.block)
    }
  }

  /** Deletes what stands from the first character to the last, both included. */
  erase(actor: Actor, first: string, last: string): Action {
    return this.#onRange(actor, first, last, (from, to) => this.#erase(actor, from, to))
  }

  /** Deletes the block of a character, with the seam before it. */
  eraseBlock(actor: Actor, character: string): Action {
    return () => {
      const place = behind(actor, character)
      if (place === undefined) return
      const { blocks } = actor.person.screen()
      const before = { block: place.block - 1, offset: blocks[place.block - 1]?.length ?? 0 }
      const end = { block: place.block, offset: blocks[place.block]?.length ?? 0 }
      this.#erase(actor, place.block > 0 ? before : { block: 0, offset: 0 }, end)
    }
  }

  /** Selects everything and types over it. */
  retype(actor: Actor, count: number): Action[] {
    const [first = '', ...more] = this.#newWords(actor, count)
    const retype = (): void => {
      this.words.noteDeleted(actor.index, shownText(actor))
      this.words.noteWritten(first)
      actor.person.retype(first)
      actor.last = first.at(-1)
    }
    const further = more.map((word) => () => {
      this.words.noteWritten(word)
      actor.person.type(behind(actor, actor.last ?? first) ?? lastPlace(actor), ` ${word}`)
      actor.last = word.at(-1)
    })
    return [retype, ...further]
  }

  setKind(actor: Actor, first: string, last: string, kind: Kind): Action {
    return this.#onRange(actor, first, last, (from, to) => actor.person.setKind(from, to, kind))
  }

  bold(actor: Actor, first: string, last: string): Action {
    return this.#onRange(actor, first, last, (from, to) => actor.person.bold(from, to))
  }

  link(actor: Actor, first: string, last: string): Action {
    return this.#onRange(actor, first, last, (from, to) => actor.person.link(from, to))
  }

  moveBefore(actor: Actor, character: string, target: string): Action {
    return () => {
      const [block, before] = [behind(actor, character)?.block, behind(actor, target)?.block]
      if (block !== undefined && before !== undefined && block !== before)
        actor.person.moveBefore(block, before)
    }
  }

  paste(actor: Actor, after: string, count: number): Action {
    const paragraphs = this.#newWords(actor, count)
    return () => {
      for (const word of paragraphs) this.words.noteWritten(word)
      actor.person.paste(behind(actor, after) ?? lastPlace(actor), paragraphs)
    }
  }

  /** Something that one block is told. */
  onBlock(actor: Actor, character: string, what: 'indent' | 'outdent' | 'addRow' | 'addColumn'): Action {
    return () => {
      const place = behind(actor, character)
      if (place !== undefined) actor.person[what](place.block)
    }
  }

  /**
   * Deletes a row or column with the cells that these characters are in: with all that the actor sees in them then,
   * and nothing of what somebody else types there meanwhile.
   *
   * @param cells a character of each cell, that only this action can delete.
   */
  deleteLine(actor: Actor, what: 'deleteRow' | 'deleteColumn', cells: readonly string[]): Action {
    return () => {
      const place = behind(actor, cells[0] ?? '')
      if (place === undefined) return
      const { blocks } = actor.person.screen()
      const seen = blocks.filter((text) => cells.some((character) => text.includes(character)))
      this.words.noteDeleted(actor.index, seen.join(''))
      actor.person[what](place.block)
    }
  }

  undo(actor: Actor): Action {
    return () => {
      const before = shownText(actor)
      actor.person.undo()
      this.words.noteUndo(actor.index, before, shownText(actor))
    }
  }

  pause(actor: Actor): Action {
    return () => actor.person.pause()
  }

  #newWords(actor: Actor, count: number): string[] {
    return Array.from({ length: count }, () => this.words.take(actor.index))
  }

  #onRange(actor: Actor, first: string, last: string, act: (from: Place, to: Place) => void): Action {
    return () => {
      const [start, to] = [behind(actor, first), behind(actor, last)]
      if (start === undefined || to === undefined) return
      const from = { block: start.block, offset: start.offset - 1 }
      if (from.block < to.block || (from.block === to.block && from.offset < to.offset)) act(from, to)
    }
  }

  #erase(actor: Actor, from: Place, to: Place): void {
    const { blocks } = actor.person.screen()
    const selected = blocks.slice(from.block, to.block + 1).map((text, index) => {
      const end = from.block + index === to.block ? to.offset : text.length
      return text.slice(index === 0 ? from.offset : 0, end)
    })
    this.words.noteDeleted(actor.index, selected.join(''))
    actor.person.erase(from, to)
  }

  #attempt(action: Action): void {
    try {
      action()
    } catch (error) {
      this.#errors.push(String(error))
    }
  }
}

/** The place right behind a character on somebody's own screen; undefined when it is not there. */
function behind({ person }: Actor, character: string): Place | undefined {
  const { blocks } = person.screen()
  for (const [block, text] of blocks.entries()) {
    const offset = text.indexOf(character)
    if (offset >= 0) return { block, offset: offset + 1 }
  }
  return undefined
}

/** Where somebody goes on whose place is gone. */
function lastPlace({ person }: Actor): Place {
  const { blocks } = person.screen()
  const block = blocks.length - 1
  return { block, offset: blocks[block]?.length ?? 0 }
}

function shownText({ person }: Actor): string {
  return person.screen().blocks.join('\n')
}
