/**
 * One seed of random people on real pages: two to four of them at once, in rounds, until all is saved again.
 *
 * Pages and their browsers' storage are kept from seed to seed, because opening them costs more than using them; each
 * seed has a document of its own.
 */
import { type Random, randomOf } from '../../editor/test/fuzz/random.ts'
import { ACTIONS, pickAction } from './actions.ts'
import { type Hands, setOffline } from './hands.ts'
import { PageLedger } from './page-ledger.ts'
import type { Person } from './person.ts'
import { shown } from './screen.ts'
import type { Stage } from './stage.ts'
import { until } from './wait.ts'
import * as witness from './witness.ts'

/** People of whom each seed takes the first two to four; five pages with the one that only reads. */
const NAMES = ['Ann', 'Ben', 'Cleo', 'Dan'] as const

interface Played {
  readonly address: string
  readonly people: readonly Person[]
}

export class PageRun {
  readonly #server: string
  readonly #people: readonly Person[]
  readonly #reader: Person
  readonly #steps: number
  #ledger = new PageLedger()
  /** How many errors each page had before this seed. */
  #known: readonly number[] = []

  private constructor(server: string, people: readonly Person[], reader: Person, steps: number) {
    this.#server = server
    this.#people = people
    this.#reader = reader
    this.#steps = steps
  }

  /**
   * @param steps actions of all people together, in each seed.
   * @param before run in every page before its own scripts.
   */
  static async open(stage: Stage, steps: number, before: () => void = () => {}): Promise<PageRun> {
    const people = await Promise.all(NAMES.map((name) => stage.person(name)))
    const reader = await stage.person('Reader')
    for (const person of people) await witness.install(person.context)
    for (const { context } of [...people, reader]) await context.addInitScript(before)
    return new PageRun(stage.server.url, people, reader, steps)
  }

  /**
   * `play` resolves when every page says Saved and all show the same, and rejects with the first thing that went
   * wrong; `log` grows meanwhile: who did what, in the order in which it ended.
   */
  prepare(seed: number): { play: () => Promise<Played>; log: readonly string[] } {
    const log: string[] = []
    return { play: () => this.#play(randomOf(seed), log), log }
  }

  /** What somebody sees who opens the document for the first time. */
  async reading(address: string): Promise<string> {
    await this.#reader.open(address)
    return shown(this.#reader.page)
  }

  judge(content: string): string | undefined {
    return this.#ledger.judge(content.replaceAll(/[^\u4e00-\u9fff]/g, ''))
  }

  /** What pages complained of since the seed began. */
  errors(): string[] {
    return [...this.#people, this.#reader].flatMap(({ errors }, index) => errors.slice(this.#known[index]))
  }

  async #play(random: Random, log: string[]): Promise<Played> {
    const people = this.#people.slice(0, random.whole(2, NAMES.length))
    const [host, ...guests] = people
    if (host === undefined) throw new Error('nobody was there')
    this.#ledger = new PageLedger()
    this.#known = [...this.#people, this.#reader].map(({ errors }) => errors.length)
    const address = await host.begin(this.#server)
    await Promise.all(guests.map((guest) => guest.open(address)))
    const hands = await Promise.all(people.map((person, index) => this.#handsOf(person, index, random)))
    try {
      for (let step = 0; step < this.#steps; ) {
        const acting = hands.filter(() => random.chance(0.5))
        const ended = await Promise.allSettled(acting.map((one) => this.#act(one, hands.indexOf(one), log)))
        for (const one of ended) if (one.status === 'rejected') throw one.reason
        await this.#lookAround(hands, log)
        step += acting.length
      }
    } finally {
      // The next seed has the same pages.
      for (const one of hands) await setOffline(one, false)
      for (const { cdp } of hands) await cdp.detach()
    }
    await settle(people)
    return { address, people }
  }

  async #handsOf(person: Person, index: number, random: Random): Promise<Hands> {
    return {
      person,
      // Of their own, so that what one does never hangs on how long another takes.
      random: randomOf(random.whole(1, 2 ** 31)),
      cdp: await person.context.newCDPSession(person.page),
      take: (count) => this.#ledger.take(index, count),
      isOffline: false,
    }
  }

  async #act(hands: Hands, index: number, log: string[]): Promise<void> {
    const { page } = hands.person
    const action = pickAction(hands.random)
    await witness.stir(page)
    const allowed = await ACTIONS[action](hands)
    await witness.rest(page)
    const { changes } = await witness.take(page)
    const wrong = this.#ledger.note(index, allowed, changes)
    const did = changes.map(({ removed, added }) => `${removed === '' ? '' : `-${removed} `}+${added}`)
    log.push(`${NAMES[index]} ${action}: ${did.join(' ')}`)
    if (wrong !== undefined) throw new Error(`${NAMES[index]}, ${action}: ${wrong}`)
  }

  /** Whose caret others have moved. Every deletion up to now is in the ledger, whoever did it. */
  async #lookAround(hands: readonly Hands[], log: string[]): Promise<void> {
    for (const [index, { person }] of hands.entries()) {
      const { changes, moves } = await witness.take(person.page)
      if (changes.length > 0)
        throw new Error(`${NAMES[index]}'s page wrote while nobody touched it: ${JSON.stringify(changes)}`)
      const [moved] = this.#ledger.unexplained(moves)
      if (moved !== undefined)
        throw new Error(`somebody moved ${NAMES[index]}'s caret: ${JSON.stringify(moved)}`)
    }
    log.push('—')
  }
}

async function settle(people: readonly Person[]): Promise<void> {
  for (const person of people) await person.saved()
  await until(
    'all pages show the same',
    () => Promise.all(people.map(({ page }) => shown(page))),
    (screens) => new Set(screens).size === 1,
  )
  for (const person of people) await person.saved()
}
