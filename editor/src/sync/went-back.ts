/**
 * A page that went back to an earlier state of itself, as on a machine that is restored from its image: it has written
 * anew under clocks that the server knows otherwise.
 *
 * It shows when the server knows more of this page's client than the page has written, when it refuses what the page
 * says again (4409), or when Yjs takes another id. Then what nobody has confirmed is written anew under other client
 * ids (`rekey.ts`), and the document begins again with that: once, however often it shows.
 */
import { SYNC } from '@weft/protocol'
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding'
import * as Y from 'yjs'
import type { LocalCopy } from './local-copy.ts'
import { OwnEdits } from './own-edits.ts'
import { type Move, rekey } from './rekey.ts'

/** Origin of the transaction that adds what was written anew: an edit like any other. */
const SEED = Symbol('written anew')

/** What a document begins with that takes the place of one that went back. */
export interface Again {
  /** The edits that nobody has confirmed, under other client ids; undefined when there were none. */
  readonly seed: Uint8Array | undefined
  /** The local copy holds them, and nothing of how they were. */
  readonly copyIsClean: boolean
  /** Where what stood under the old ids is now. */
  readonly moves: readonly Move[]
}

export interface WentBackOptions {
  readonly doc: Y.Doc
  readonly gate: { run(apply: () => void): void }
  readonly localCopy?: Pick<LocalCopy, 'rewrite'>
  readonly seed?: Uint8Array
  readonly onWentBack?: (again: Again) => void
  readonly log?: (message: string, facts: Readonly<Record<string, unknown>>) => void
}

export class WentBack {
  readonly #options: WentBackOptions
  readonly #own: OwnEdits
  /** Under which this page began to write. */
  readonly #client: number
  /** From now on nothing may be sent. */
  readonly #begun: () => void
  #seed: Uint8Array | undefined
  #isBeginning = false
  #isClosed = false

  constructor(options: WentBackOptions, begun: () => void) {
    const { clientID, store } = options.doc
    this.#options = options
    this.#begun = begun
    this.#client = clientID
    this.#own = new OwnEdits(clientID, Y.getState(store, clientID))
    this.#seed = options.seed
  }

  /** Another document is to begin: this one is not connected any more. */
  get isBeginningAgain(): boolean {
    return this.#isBeginning
  }

  /** Something has changed the document, perhaps its client id. */
  changed(): void {
    // Yjs has seen its own id in what somebody else wrote, and took another one, of which awareness knows nothing.
    if (this.#options.doc.clientID !== this.#client) queueMicrotask(() => this.#beginAgain())
  }

  /** Edit number `edit` has been made here. */
  made(edit: number): void {
    const { doc } = this.#options
    this.#own.made(edit, doc.clientID, Y.getState(doc.store, doc.clientID))
  }

  /** Edits through this number are on the server's disk. */
  confirmed(through: number): void {
    this.#own.confirmed(through)
  }

  /**
   * The server's step 1 with what nobody has confirmed of this page in it, although the server may have it: only so
   * does it tell when it has something else there.
   *
   * @returns undefined when it shows that the document went back: it is not answered.
   */
  question(stateVector: Uint8Array): Uint8Array | undefined {
    const { doc } = this.#options
    const vector = Y.decodeStateVector(stateVector)
    const { unconfirmed } = this.#own
    if (
      unconfirmed.some(({ client }) => (vector.get(client) ?? 0) > Y.getState(doc.store, client)) &&
      this.#beginAgain()
    )
      return undefined
    for (const { client, from } of unconfirmed) if ((vector.get(client) ?? 0) > from) vector.set(client, from)
    const encoder = createEncoder()
    writeVarUint(encoder, SYNC.step1)
    writeVarUint8Array(encoder, Y.encodeStateVector(vector))
    return toUint8Array(encoder)
  }

  /** The server has something else under an id of this page. @returns false when that is for good */
  refused(): boolean {
    return this.#own.unconfirmed.length > 0 && this.#beginAgain()
  }

  /** There is a document: adds what the page before has written anew, the first time. */
  plant(): void {
    const seed = this.#seed
    this.#seed = undefined
    if (seed !== undefined) this.#options.gate.run(() => Y.applyUpdate(this.#options.doc, seed, SEED))
  }

  close(): void {
    this.#isClosed = true
  }

  /**
   * A listener that throws is told to the log, and without one to the page, as any uncaught error: nothing is sent any more. What
   * nobody has confirmed until then is in the local copy, if there is one, where the next page finds it; what is typed after
   * that is on this page alone.
   *
   * @returns false when nobody takes over
   */
  #beginAgain(): boolean {
    const { onWentBack, log } = this.#options
    if (onWentBack === undefined || this.#isClosed) return false
    if (this.#isBeginning) return true
    this.#isBeginning = true
    log?.('the document went back to an earlier state of itself', { clients: this.#own.unconfirmed })
    this.#begun()
    void this.#handOver(onWentBack).catch((cause: unknown) => {
      // Another try would write everything a second time, under yet other ids.
      if (log === undefined) throw cause
      log('nothing has taken the place of the document that went back', { cause })
    })
    return true
  }

  async #handOver(onWentBack: (again: Again) => void): Promise<void> {
    const { doc, gate, localCopy } = this.#options
    const ids = new Map<number, number>()
    const moves = (): readonly Move[] =>
      this.#own.unconfirmed.map(({ client, from, end }) => {
        const to = ids.get(client) ?? generateNewClientId()
        ids.set(client, to)
        // Only under an id that Yjs has given up has anybody else written here.
        return { client, from, end: client === doc.clientID ? Y.getState(doc.store, client) : end, to }
      })
    const first = moves()
    const copyIsClean = (await localCopy?.rewrite((update) => rekey(update, first))) ?? true
    if (this.#isClosed) return
    // What was typed meanwhile is the end of it.
    gate.run(() => {})
    const last = moves()
    onWentBack({ seed: rekey(Y.encodeStateAsUpdate(doc), last).rewritten, copyIsClean, moves: last })
  }
}

function generateNewClientId(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}
