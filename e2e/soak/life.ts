/**
 * Everybody in a soak: who stays in a room and types, who comes, writes and leaves, and who reads slowly.
 *
 * What is written in rooms that people stay in is deleted again, so that documents keep their size while their logs grow and are
 * folded.
 */
import * as Y from 'yjs'
import { holdStill } from '../harness/hold-still.ts'
import type { LoopbackProxy } from '../harness/loopback-proxy.ts'
import type { Random } from '../harness/random.ts'
import type { ServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'
import { pause } from '../load/typing.ts'
import { Visitor } from '../scale/visitor.ts'
import { LIVED_IN, SLOW, VISITORS } from './plan.ts'
import { Resident } from './resident.ts'

const TYPING_MS = 40
const PAGE = 2_000
/** Now and then: a dozen of these in a log and it is folded, however fast the machine is. */
const PASTE = 'A page that somebody has written elsewhere. '.repeat(500)
/** Words of a visitor who writes much: their log is worth folding when nobody is there any more. */
const LONG = 400
const LONG_WORD = 'more than it looks like '.repeat(5)

export interface LifeCounts {
  visits: number
  /** Connections that ended without a goodbye, by who visited. */
  drops: number
  /** Visits that came back to the same document with what they had. */
  returns: number
  words: number
  pauses: number
  /** Of the whole server, and of the network between it and everybody. */
  freezes: number
  cuts: number
  /** Visits that a broken network ended. */
  cutOff: number
  /** Documents that were made, renamed and thrown away over HTTP. */
  papers: number
}

const livedIn = (room: number): string => `lived-in-${room}`

/** For what a server has to do first that was frozen for a while. */
const WITHIN_MS = 60_000

/** The network broke under a visit. */
class CutOff extends Error {}

export class Life {
  readonly counts: LifeCounts = {
    visits: 0,
    drops: 0,
    returns: 0,
    words: 0,
    pauses: 0,
    freezes: 0,
    cuts: 0,
    cutOff: 0,
    papers: 0,
  }
  readonly #server: ServerProcess
  readonly #random: Random
  readonly #network: LoopbackProxy
  readonly #residents: Resident[]
  #documents = 0
  #isCut = false

  /** @param network between everybody and the server */
  constructor(server: ServerProcess, network: LoopbackProxy, random: Random) {
    this.#server = server
    this.#network = network
    this.#random = random
    this.#residents = Array.from(
      { length: 2 * LIVED_IN + SLOW },
      (_, at) => new Resident((doc) => this.#enter(livedIn(at % LIVED_IN), doc)),
    )
  }

  /** Who is there when nobody visits. */
  readonly stay = { rooms: LIVED_IN, sessions: 2 * LIVED_IN + SLOW }

  async arrived(): Promise<void> {
    await until('who stays is here', () => this.#residents.every(({ isHere }) => isHere), Boolean, WITHIN_MS)
  }

  /**
   * Resolves when everybody who came meanwhile is gone, and all that was written is on disk.
   * @param disturb what else happens meanwhile; it is over before everybody leaves
   */
  async goOn(lastingMs: number, disturb: () => Promise<void>): Promise<void> {
    const endsAt = performance.now() + lastingMs
    const isOver = (): boolean => performance.now() >= endsAt
    const visiting = async (): Promise<void> => {
      while (!isOver()) await this.#visit()
    }
    await Promise.all([
      ...Array.from({ length: VISITORS }, visiting),
      ...this.#residents.slice(0, 2 * LIVED_IN).map((one) => this.#type(one, isOver)),
      ...this.#residents.slice(2 * LIVED_IN).map((one) => this.#readSlowly(one, isOver)),
      this.#paperwork(isOver),
      disturb(),
    ])
    const shutOut = this.#residents.find(({ visitor }) => visitor.closed !== undefined)
    if (shutOut !== undefined)
      throw new Error(`somebody who stayed was shut out with ${shutOut.visitor.closed?.code}`)
    const isSaved = (): boolean => this.#residents.every((one) => one.isSaved)
    await until('what was typed is on disk', isSaved, Boolean, WITHIN_MS)
  }

  /** The process stands still, and then goes on as if nothing had been: nobody is shut out for it. */
  async freeze(lastingMs: number): Promise<void> {
    this.counts.freezes++
    await holdStill(this.#server.pid)
    await pause(lastingMs)
    this.#server.signal('SIGCONT')
  }

  /** Every connection ends, and none can be made for so long; then who stays comes back. */
  async cut(lastingMs: number): Promise<void> {
    this.counts.cuts++
    this.#isCut = true
    this.#network.become({ kind: 'cut' })
    await pause(lastingMs)
    await until('everybody notices', () =>
      this.#residents.every(({ visitor }) => visitor.closed !== undefined),
    )
    this.#network.heal()
    this.#isCut = false
    for (const one of this.#residents) one.comeBack()
    await this.arrived()
  }

  leave(): void {
    for (const { visitor } of this.#residents) visitor.drop()
  }

  #enter(documentId: string, doc = new Y.Doc()): Visitor {
    return new Visitor({ server: this.#network.url, documentId, doc })
  }

  async #visit(): Promise<void> {
    await until('the network is whole', () => !this.#isCut, Boolean, WITHIN_MS)
    this.counts.visits++
    try {
      if (this.#random.happens(0.2)) await this.#lookIn()
      else await this.#writeOne()
    } catch (error) {
      if (!(error instanceof CutOff)) throw error
      this.counts.cutOff++
    }
  }

  /** @throws {CutOff} when the network broke first */
  async #wait(what: string, one: Visitor, holds: () => boolean): Promise<void> {
    const { cuts } = this.counts
    const isEnd = (): boolean => holds() || one.closed !== undefined
    await until(what, isEnd, Boolean, WITHIN_MS)
    if (holds()) return
    one.doc?.destroy()
    if (this.#isCut || this.counts.cuts > cuts) throw new CutOff()
    throw new Error(`shut out with ${one.closed?.code}: ${what}`)
  }

  /** Where people live a visitor only looks: a document gets a little larger with everybody who writes in it. */
  async #lookIn(): Promise<void> {
    const one = this.#enter(livedIn(this.#random.below(LIVED_IN)))
    await this.#wait('a visitor is here', one, () => one.synced)
    one.announce(1, '{"user":{"name":"somebody"}}')
    await this.#leave(one)
  }

  async #writeOne(): Promise<void> {
    const documentId = `visited-${this.#documents++}`
    const doc = new Y.Doc()
    let one = this.#enter(documentId, doc)
    await this.#wait('a visitor is here', one, () => one.synced)
    await this.#write(one, this.#random.happens(0.05) ? LONG : 1 + this.#random.below(20))
    if (this.#random.happens(0.3)) {
      one.drop()
      // What is typed without a connection goes along.
      doc.getText('visits').insert(0, 'alone ')
      one = this.#enter(documentId, doc)
      this.counts.returns++
      await this.#wait('a visitor is back', one, () => one.synced)
      await this.#write(one, 1)
    }
    await this.#leave(one)
  }

  async #leave(one: Visitor): Promise<void> {
    if (this.#random.happens(0.4)) {
      this.counts.drops++
      one.drop()
    } else one.close()
    await until('a visitor is gone', () => one.closed !== undefined, Boolean, WITHIN_MS)
    one.doc?.destroy()
  }

  async #write(one: Visitor, words: number): Promise<void> {
    one.announce(1, '{"user":{"name":"somebody"}}')
    for (let word = 0; word < words; word++) {
      one.edit((doc) => doc.getText('visits').insert(0, `${words === LONG ? LONG_WORD : 'word'} ${word} `))
      if (word % 100 === 99) await this.#wait('some of it is on disk', one, () => one.saved)
    }
    this.counts.words += words
    await this.#wait('what was written is on disk', one, () => one.saved)
  }

  async #type(resident: Resident, isOver: () => boolean): Promise<void> {
    let clock = 0
    while (!isOver()) {
      await pause(TYPING_MS * (0.5 + this.#random.share()))
      if (!resident.isHere) continue
      const one = resident.visitor
      one.edit((doc) => {
        const page = doc.getText('page')
        page.insert(page.length, this.#random.happens(0.15) ? PASTE : `${this.counts.words} `)
        if (page.length > PAGE) page.delete(0, page.length)
      })
      this.counts.words++
      if (this.#random.happens(0.3))
        one.announce(++clock + Math.floor(performance.now()), `{"cursor":${clock}}`)
    }
  }

  async #readSlowly(resident: Resident, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const one = resident.visitor
      this.counts.pauses++
      one.pause()
      await pause(500 + this.#random.below(1_500))
      one.resume()
      await pause(this.#random.below(300))
    }
  }

  /** Over HTTP. */
  async #paperwork(isOver: () => boolean): Promise<void> {
    const root = `${this.#server.url}/api/v1/documents`
    const ask = async (method: string, path: string, body?: object): Promise<Response> => {
      const headers = { 'Content-Type': 'application/json' }
      const response = await fetch(`${root}${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
      return response
    }
    while (!isOver()) {
      const { id } = (await (await ask('POST', '', { title: 'Paper' })).json()) as { id: string }
      await ask('PATCH', `/${id}`, { title: 'Renamed' })
      await (await ask('GET', '?limit=5')).text()
      await ask('DELETE', `/${id}`)
      await ask('DELETE', `/${id}?permanently=true`)
      this.counts.papers++
      await pause(100)
    }
  }
}
