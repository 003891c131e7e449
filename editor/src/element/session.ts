/**
 * One open document: the Yjs document, its copy on this device, the connection, and who is here.
 *
 * No DOM and no Lexical: what is drawn hangs on this and can be thrown away and built again without touching a word.
 */
import {
  type DocumentJson,
  flowOf,
  printMarkdown,
  printText,
  readDocument,
  SCHEMA_VERSION,
} from '@weft/document'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { ApplyGate } from '../apply-gate.ts'
import { LocalCopy } from '../sync/local-copy.ts'
import { WeftProvider } from '../sync/provider.ts'
import { describeSaveState } from '../sync/save-state-text.ts'
import type { Again } from '../sync/went-back.ts'
import type { Strings } from '../ui/strings.ts'
import type { DocumentAddress } from './address.ts'
import type { ConnectionFacts, DocumentFacts, Person, SaveStatus, WeftUser } from './api.ts'
import { readPeople, samePeople, userState } from './presence.ts'

/** Longest a removed element goes on trying to bring its last edits to a safe place. */
const CLOSE_PATIENCE_MS = 10_000

export interface SessionListener {
  onStatus(): void
  onFacts(): void
  /** Somebody came, left or changed their name. */
  onPeople(): void
  /** Carets may have moved. */
  onCarets(): void
  /** The text has changed, after the document was there. */
  onChange(source: 'local' | 'remote'): void
  onNotice(message: string): void
  /** This document cannot go on: another session is to take its place, with what this one had to write anew. */
  onWentBack(again: Again): void
}

export interface SessionOptions {
  /** Undefined: no server, and nothing kept. */
  readonly address: DocumentAddress | undefined
  readonly user: Required<WeftUser>
  readonly strings: Strings
  readonly listener: SessionListener
  /** What the session before had to write anew. */
  readonly again?: Again | undefined
}

export class Session {
  readonly doc = new Y.Doc()
  readonly gate = new ApplyGate()
  readonly awareness = new Awareness(this.doc)
  readonly provider: WeftProvider | undefined
  readonly #options: SessionOptions
  readonly #undo: (() => void)[] = []
  #copy: LocalCopy | undefined
  #people: readonly Person[] = []
  #facts: DocumentFacts | undefined
  #closed = false

  constructor(options: SessionOptions) {
    this.#options = options
    // Before any update is applied: Yjs must know that it is a text.
    flowOf(this.doc)
    this.setUser(options.user)
    if (options.address !== undefined) this.provider = this.#connect(options.address)
    this.#people = readPeople(this.awareness)
    const changed = () => this.#awarenessChanged()
    this.awareness.on('change', changed)
    this.#undo.push(() => this.awareness.off('change', changed))
    this.#watchText()
  }

  get people(): readonly Person[] {
    return this.#people
  }

  get facts(): DocumentFacts | undefined {
    return this.#facts
  }

  get status(): SaveStatus {
    if (this.provider === undefined) {
      const { local, localDetail } = this.#options.strings.status
      return { kind: 'local', label: local, detail: localDetail, tone: 'quiet', leavingLoses: false }
    }
    const state = this.provider.saveState
    const { label, detail, tone } = describeSaveState(state)
    return { kind: state.kind, label, detail, tone, leavingLoses: this.provider.leavingLoses }
  }

  get connection(): ConnectionFacts | undefined {
    const { address } = this.#options
    const info = this.provider?.connectionInfo
    if (info === undefined || address === undefined) return undefined
    return {
      server: address.server,
      transport: info.transport,
      connected: info.status === 'connected',
      roundTripMs: info.roundTripMs,
      lastAckAgoMs: info.lastAckAgoMs,
      editsWaiting: info.editsWaiting,
    }
  }

  /** As `printText`: a line for each block and for each row of a table. */
  text(): string {
    return printText(this.json())
  }

  markdown(): string {
    return printMarkdown(this.json())
  }

  json(): DocumentJson {
    return readDocument(flowOf(this.doc))
  }

  /** Resolves once there is something to show. @throws {SyncError} `refused`, `destroyed`. */
  async whenLoaded(): Promise<'server' | 'local-copy' | 'nothing'> {
    if (this.provider === undefined) return 'nothing'
    await this.provider.whenLoaded()
    const state = this.provider.saveState
    return state.kind === 'saved' && state.connected ? 'server' : 'local-copy'
  }

  setUser(user: Required<WeftUser>): void {
    this.awareness.setLocalStateField('user', userState(user))
  }

  setIdle(idle: boolean): void {
    if (this.awareness.getLocalState()?.['idle'] !== idle) this.awareness.setLocalStateField('idle', idle)
  }

  /**
   * Tells others that this person has left, brings what was typed to a safe place, then lets go of everything.
   *
   * Resolves when that is done, at the latest after 10 s. Safe to call twice.
   */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const undo of this.#undo) undo()
    this.awareness.setLocalState(null)
    if (this.provider !== undefined) {
      await settledWithin(this.provider.flush({ durable: false }), CLOSE_PATIENCE_MS)
      await this.provider.destroy()
    }
    this.awareness.destroy()
    this.doc.destroy()
  }

  #connect({ server, documentId }: DocumentAddress): WeftProvider {
    const { doc, gate, awareness } = this
    const { listener } = this.#options
    const { again } = this.#options
    // One that still holds what is not so would bring it back.
    const localCopy = again?.copyIsClean === false ? undefined : new LocalCopy({ server, documentId })
    this.#copy = localCopy
    const provider = new WeftProvider({
      server,
      documentId,
      doc,
      schema: SCHEMA_VERSION,
      gate,
      awareness,
      ...(localCopy === undefined ? {} : { localCopy }),
      ...(again?.seed === undefined ? {} : { seed: again.seed }),
      onWentBack: (next) => listener.onWentBack(next),
    })
    this.#undo.push(
      provider.onSaveState(() => {
        this.#readFacts()
        listener.onStatus()
      }),
      provider.onConnection(() => listener.onStatus()),
      provider.onNotice((notice) => {
        this.#readFacts()
        if (notice.kind === 'limit') listener.onNotice(notice.message)
        listener.onStatus()
      }),
    )
    return provider
  }

  #watchText(): void {
    const updated = (_update: Uint8Array, origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
      // Yjs tidies formats after remote changes in transactions without an origin: nobody typed those. The local
      // copy loads under its own origin.
      const typed = local && origin !== null && origin !== this.#copy?.origin
      this.#options.listener.onChange(typed ? 'local' : 'remote')
    }
    this.doc.on('update', updated)
    this.#undo.push(() => this.doc.off('update', updated))
  }

  #readFacts(): void {
    const hello = this.provider?.hello
    if (hello === undefined) return
    const { title, role, readOnly } = hello
    const before = this.#facts
    if (before?.title === title && before.role === role && before.readOnly === readOnly) return
    this.#facts = { title, role, readOnly }
    this.#options.listener.onFacts()
  }

  #awarenessChanged(): void {
    const people = readPeople(this.awareness)
    if (!samePeople(people, this.#people)) {
      this.#people = people
      this.#options.listener.onPeople()
    }
    this.#options.listener.onCarets()
  }
}

/** Waits for `work`, however it ends, but no longer than `ms`. */
async function settledWithin(work: Promise<void>, ms: number): Promise<void> {
  const patience = Promise.withResolvers<void>()
  const timer = setTimeout(patience.resolve, ms)
  await Promise.race([work.catch(() => undefined), patience.promise])
  clearTimeout(timer)
}
