/**
 * People in one document, on plain sockets, and the proof that each of them got everything.
 *
 * Each distinct frame is compared with what was typed, letter by letter (`frames.ts`), and what each person has is
 * counted without a gap (`ledger.ts`). At the end the frames of every reader, and of one writer, are merged into a
 * real Y.Doc, whose text must be the one that the script foretells.
 */
import { connect, type Socket } from 'node:net'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { type Deadline, until } from '../harness/wait.ts'
import { FrameLog } from './frames.ts'
import { Ledger } from './ledger.ts'
import { createScript, type Script, TEXT } from './script.ts'
import type { OpenWire, Wire } from './wire.ts'

interface Person {
  readonly socket: WebSocket
  /** Below the socket. */
  readonly connection: Socket
  readonly frames: number[]
  state: 'opening' | 'has the state' | 'ready' | 'gone'
}

export interface CrowdOptions {
  readonly server: string
  readonly documentId: string
  readonly openWire: OpenWire
  readonly people: number
  readonly writers: number
  /** Loses frames on purpose, to see the check catch it. */
  readonly loses?: (person: number, frame: number) => boolean
}

export class Crowd {
  readonly script: Script
  readonly ledger: Ledger
  private readonly wire: Wire
  private readonly log: FrameLog
  private readonly people: Person[] = []
  private readonly options: CrowdOptions
  private leaving = false
  private fault: string | undefined
  private wake: (() => void) | undefined
  /** Whether what arrives was typed here; a cold reader meets what others typed before it came. */
  private readonly counting: boolean

  private constructor(options: CrowdOptions, counting: boolean) {
    this.options = options
    this.counting = counting
    this.script = createScript(options.writers)
    this.ledger = new Ledger(options.people, options.writers)
    this.wire = options.openWire(options.server, options.documentId)
    this.log = new FrameLog(this.wire, this.script)
  }

  /** One person writes the paragraphs, the others come; resolves when all have them. */
  static async gather(options: CrowdOptions): Promise<Crowd> {
    const crowd = new Crowd(options, true)
    const first = crowd.enter()
    await crowd.settled('the first person has the document', () => first.state !== 'opening')
    first.socket.send(crowd.wire.update(crowd.script.seed))
    first.state = 'ready'
    while (crowd.people.length < options.people) crowd.enter()
    await crowd.settled('everybody has the paragraphs', () =>
      crowd.people.every((person) => person.state === 'ready'),
    )
    return crowd
  }

  /** A person alone who types nothing; resolves when the document's state has come. */
  static async reader(options: Omit<CrowdOptions, 'people'>): Promise<Crowd> {
    const crowd = new Crowd({ ...options, people: 1 }, false)
    const reader = crowd.enter()
    await crowd.settled('the reader has the document', () => reader.state !== 'opening')
    return crowd
  }

  /** Presses a writer's next key. @param keyMs when the key should have gone down */
  type(writer: number, keyMs: number): void {
    const edit = this.ledger.typed(writer, keyMs)
    this.people[writer]?.socket.send(this.wire.update(this.script.edit(writer, edit)))
  }

  /**
   * What writers type in `keys` leaves each of them as one write, frame by frame as ever: otherwise the generator
   * would spend most of its time on writing and be slower than the servers it measures.
   */
  inOneVolley(keys: () => void): void {
    const writers = this.people.slice(0, this.options.writers)
    for (const { connection } of writers) connection.cork()
    keys()
    for (const { connection } of writers) connection.uncork()
  }

  /** Runs `wake` whenever something has arrived. @returns its undo */
  onArrival(wake: () => void): () => void {
    this.wake = wake
    return () => {
      this.wake = undefined
    }
  }

  get framesReceived(): number {
    return this.people.reduce((sum, person) => sum + person.frames.length, 0)
  }

  /** @throws as soon as something happened that must not */
  assertSound(): void {
    const fault = this.fault ?? this.ledger.fault
    if (fault !== undefined) throw new Error(`${this.options.documentId}: ${fault}`)
  }

  /** Resolves when every edit has reached everybody. */
  async drained(within: Deadline): Promise<void> {
    await this.settled('every edit has reached everybody', () => this.ledger.missing() === 0, within)
  }

  /** @throws when anybody's frames do not add up to the whole text */
  assertEverybodyHasEverything(): void {
    this.assertSound()
    const sent = this.ledger.sent()
    const expected = this.script.text(sent)
    if (this.ledger.missing() > 0) throw new Error(`${this.options.documentId}: not everything has arrived`)
    const checked: number[][] = []
    for (const [index, { frames }] of this.people.entries()) {
      // Some servers send a writer all but its own edits: a sequence of its own for each writer.
      if (index > 0 && index < this.options.writers) continue
      // Most people were sent the very same frames; those are merged once.
      if (checked.some((other) => sameNumbers(other, frames))) continue
      checked.push(frames)
      const doc = this.merge(frames)
      if (index < this.options.writers) this.typeAgain(doc, index)
      const text = doc.getText(TEXT).toJSON()
      doc.destroy()
      if (text !== expected)
        throw new Error(
          `${this.options.documentId}: person ${index} has ${text.length} characters of ${expected.length}, or others`,
        )
    }
  }

  /** A writer has what it typed without being sent it. */
  private typeAgain(doc: Y.Doc, writer: number): void {
    const edits = this.ledger.sent()[writer] ?? 0
    doc.transact(() => {
      Y.applyUpdate(doc, this.script.seed)
      for (let edit = 0; edit < edits; edit++) Y.applyUpdate(doc, this.script.edit(writer, edit))
    })
  }

  /** What one person was sent, as a document. */
  documentOf(person: number): Y.Doc {
    return this.merge(this.people[person]?.frames ?? [])
  }

  framesOf(person: number): number {
    return this.people[person]?.frames.length ?? 0
  }

  /** Resolves when every socket is closed, by us or by the other side. */
  async leave(): Promise<void> {
    this.leaving = true
    for (const { socket } of this.people) socket.close()
    await this.emptied()
  }

  /** The server is about to be killed: from now on a closed socket is no fault. */
  expectTheEnd(): void {
    this.leaving = true
  }

  /** Drops what sockets are left, at once; for when something has gone wrong. */
  abandon(): void {
    this.leaving = true
    for (const { socket } of this.people) socket.terminate()
  }

  /** Resolves when the other side has closed every socket and all it sent has been read. */
  async emptied(): Promise<void> {
    await until(
      'all sockets are closed',
      () => this.people.every(({ state }) => state === 'gone'),
      Boolean,
      10_000,
    )
  }

  private enter(): Person {
    const index = this.people.length
    const { hostname, port } = new URL(this.wire.address)
    const connection = connect({ host: hostname, port: Number(port) })
    const socket = new WebSocket(this.wire.address, [...this.wire.subprotocols], {
      perMessageDeflate: false,
      createConnection: () => connection,
    })
    const person: Person = { socket, connection, frames: [], state: 'opening' }
    this.people.push(person)
    let received = 0
    socket.on('open', () => {
      for (const message of this.wire.greeting) socket.send(message)
    })
    socket.on('message', (frame: Buffer) => {
      if (this.options.loses?.(index, received++)) return
      this.hear(person, index, frame)
    })
    socket.on('error', (error) => {
      if (!this.leaving) this.fault ??= `person ${index}: ${error.message}`
    })
    socket.on('close', (code, reason) => {
      person.state = 'gone'
      if (!this.leaving) this.fault ??= `person ${index} was shut out with ${code} ${reason.toString()}`
    })
    return person
  }

  private hear(person: Person, index: number, frame: Buffer): void {
    const number = this.log.recognise(frame)
    const content = this.log.content(number)
    if (content.kind === 'question') person.socket.send(this.wire.nothingNew)
    if (content.update === undefined) return
    if (content.strange !== undefined) this.fault ??= `person ${index}: ${content.strange}`
    person.frames.push(number)
    if (content.kind === 'state' && person.state === 'opening') person.state = 'has the state'
    if (content.hasSeed && person.state !== 'gone') person.state = 'ready'
    if (this.counting) this.ledger.received(index, content, performance.now())
    this.wake?.()
  }

  private merge(frames: readonly number[]): Y.Doc {
    const doc = new Y.Doc()
    doc.transact(() => {
      for (const frame of frames) {
        const { update } = this.log.content(frame)
        if (update !== undefined) Y.applyUpdate(doc, update)
      }
    })
    return doc
  }

  private async settled(what: string, holds: () => boolean, within: Deadline = 20_000): Promise<void> {
    await until(`${this.options.documentId}: ${what}`, () => this.look(holds), Boolean, within)
  }

  private look(holds: () => boolean): boolean {
    this.assertSound()
    return holds()
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, index) => number === b[index])
}
