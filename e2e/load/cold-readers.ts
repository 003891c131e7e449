/**
 * People who open a document that others wrote, timed until they hold all of it, letter by letter.
 *
 * What a person has is what the frames sent to them add up to in a real Y.Doc. A server sends many people the same
 * frames: each distinct row of frames is merged once, after the time of its arrival has been noted.
 */
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { type Deadline, until } from '../harness/wait.ts'
import { TEXT } from './script.ts'
import type { OpenWire, Wire } from './wire.ts'

interface Reader {
  readonly socket: WebSocket
  /** Numbers of the frames that held something, in the order in which they came. */
  readonly frames: number[]
  enteredMs: number
  lastFrameMs: number
  gone: boolean
}

export interface ColdReadersOptions {
  readonly server: string
  readonly documentId: string
  readonly openWire: OpenWire
  readonly people: number
  /** What each of them must find. */
  readonly text: string
  /** Loses frames on purpose, to see the check catch it. */
  readonly loses?: ((person: number, frame: number) => boolean) | undefined
  /** How long that may take. */
  readonly within?: Deadline | undefined
}

export class ColdReaders {
  private readonly wire: Wire
  private readonly options: ColdReadersOptions
  private readonly readers: Reader[] = []
  private readonly distinct: { readonly frame: Buffer; readonly update: Uint8Array }[] = []
  private readonly texts = new Map<string, string>()
  private leaving = false
  private fault: string | undefined

  private constructor(options: ColdReadersOptions) {
    this.options = options
    this.wire = options.openWire(options.server, options.documentId)
  }

  /**
   * All come at once; resolves when each has the whole text.
   * @throws when that takes longer than it may, saying who has what
   */
  static async open(options: ColdReadersOptions): Promise<ColdReaders> {
    const readers = new ColdReaders(options)
    while (readers.readers.length < options.people) readers.enter()
    try {
      await until(
        `${options.documentId}: all ${options.people} have the ${options.text.length} characters`,
        () => readers.lacking(),
        (lacking) => lacking.length === 0,
        options.within,
      )
    } catch (error) {
      readers.abandon()
      throw error
    }
    return readers
  }

  /** For each person the milliseconds from connecting to the last frame that the text needed. */
  get openMs(): number[] {
    return this.readers.map(({ enteredMs, lastFrameMs }) => lastFrameMs - enteredMs)
  }

  /** Who has another text than expected, and how much of one; throws when anybody was shut out. */
  lacking(): { readonly person: number; readonly characters: number }[] {
    if (this.fault !== undefined) throw new Error(`${this.options.documentId}: ${this.fault}`)
    return this.readers.flatMap(({ frames }, person) => {
      const text = this.textOf(frames)
      return text === this.options.text ? [] : [{ person, characters: text.length }]
    })
  }

  /** Sends one message of each person's own. */
  each(message: (wire: Wire, person: number) => Uint8Array): void {
    for (const [person, { socket }] of this.readers.entries()) socket.send(message(this.wire, person))
  }

  /** Resolves when every socket is closed. */
  async leave(): Promise<void> {
    this.leaving = true
    for (const { socket } of this.readers) socket.close()
    await until('all readers have left', () => this.readers.every(({ gone }) => gone))
  }

  /** Drops the sockets at once. */
  abandon(): void {
    this.leaving = true
    for (const { socket } of this.readers) socket.terminate()
  }

  private enter(): void {
    const person = this.readers.length
    const enteredMs = performance.now()
    const socket = new WebSocket(this.wire.address, [...this.wire.subprotocols], { perMessageDeflate: false })
    const reader: Reader = { socket, frames: [], enteredMs, lastFrameMs: enteredMs, gone: false }
    this.readers.push(reader)
    let received = 0
    socket.on('open', () => {
      for (const message of this.wire.greeting) socket.send(message)
    })
    socket.on('message', (frame: Buffer) => {
      const nowMs = performance.now()
      if (this.options.loses?.(person, received++)) return
      const incoming = this.wire.read(frame)
      if (incoming.kind === 'question') socket.send(this.wire.nothingNew)
      if (incoming.kind === 'question' || incoming.kind === 'other') return
      // An empty state is an answer too, but adds nothing to what the person has.
      if (incoming.update.length <= 2) return
      reader.frames.push(this.recognise(frame, incoming.update))
      reader.lastFrameMs = nowMs
    })
    socket.on('error', (error) => {
      if (!this.leaving) this.fault ??= `reader ${person}: ${error.message}`
    })
    socket.on('close', (code, reason) => {
      reader.gone = true
      if (!this.leaving) this.fault ??= `reader ${person} was shut out with ${code} ${reason.toString()}`
    })
  }

  private recognise(frame: Buffer, update: Uint8Array): number {
    const known = this.distinct.findIndex((other) => other.frame.equals(frame))
    return known >= 0 ? known : this.distinct.push({ frame, update }) - 1
  }

  private textOf(frames: readonly number[]): string {
    const row = frames.join()
    const known = this.texts.get(row)
    if (known !== undefined) return known
    const doc = new Y.Doc()
    for (const frame of frames) {
      const update = this.distinct[frame]?.update
      if (update !== undefined) Y.applyUpdate(doc, update)
    }
    const text = doc.getText(TEXT).toJSON()
    doc.destroy()
    this.texts.set(row, text)
    return text
  }
}
