/**
 * What others wrote and where they stand, gathered for a while, then applied at once.
 *
 * Ten people who type send sixty updates a second; each applied by itself makes the page lay itself out sixty times. Whoever
 * types here comes first: the frame that shows a key shows nothing else, and others' words come some thirty times a second,
 * while somebody writes here right behind one of their keys.
 * Rules: the order is kept, and a place in the text never comes before the text that it is in. Whoever answers
 * the server, or lets go of the connection, applies first what has come before. What waits here is on the server's disk,
 * so a page that dies with it loses nothing. Where nothing is drawn, nothing waits.
 */
import * as Y from 'yjs'
import type { Clock } from './clock.ts'
import type { Frames } from './frames.ts'

/** Between two applications: nobody sees the difference, and half as many keys meet one. */
const PACE_MS = 32
/**
 * While somebody writes here: an application and its frame take as long as a key, and keys are what is waited for. Behind a
 * key's own frame the next key is farthest; a quick writer's comes within this time.
 */
const WRITING_PACE_MS = 120
/** So long after the last edit made here somebody counts as writing. */
const WRITING_MS = 1_000
/** So long after something was written here, the next frame is the one that shows it. */
const OWN_FRAME_MS = 16
/** Until so long after a key the next one is far; later than that, it is waited for. */
const BEHIND_KEY_MS = 40
/** Nothing waits longer for that, however fast somebody writes here. */
export const MOST_MS = 150

export interface ArrivalsOptions {
  readonly doc: Y.Doc
  /** Of the transaction that applies them. */
  readonly origin: unknown
  readonly frames: Frames
  readonly clock: Clock
  /** Called around every application: writes first what the editor holds. */
  readonly gate: { run(apply: () => void): void }
  readonly presence: (update: Uint8Array) => void
  /** Bytes that make no sense, or somebody's listener that threw. What came with them is applied all the same. */
  readonly failed: (cause: unknown) => void
}

export class Arrivals {
  readonly #options: ArrivalsOptions
  #updates: Uint8Array[] = []
  #presence: Uint8Array[] = []
  #cancel: (() => void) | undefined
  /** By the clock: when the oldest came of what waits, when some were last applied, when something was last written here. */
  #cameMs = 0
  #appliedMs = Number.NEGATIVE_INFINITY
  #wasBehindKey = false
  #wroteMs = Number.NEGATIVE_INFINITY

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  update(bytes: Uint8Array): void {
    this.#updates.push(bytes)
    this.#came()
  }

  /** Something was written here, and is about to be drawn. */
  wrote(): void {
    this.#wroteMs = this.#options.clock.now()
    if (this.#cancel === undefined) return
    this.#cancel()
    this.#wait()
  }

  /** Carets point into what others have just written, so they come with it. */
  presence(bytes: Uint8Array): void {
    this.#presence.push(bytes)
    this.#came()
  }

  #came(): void {
    if (this.#cancel !== undefined) return
    this.#cameMs = this.#options.clock.now()
    this.#wait()
  }

  /**
   * In a task of its own, so that all that is drawn because of it is in one frame. A frame is not asked for to wait for it:
   * one that draws nothing holds up the next for as long as a screen's takes, and that may be a key's.
   */
  #wait(): void {
    const { clock, frames } = this.#options
    if (!frames.isDrawn()) return this.settle()
    const waitMs = this.#dueMs() - clock.now()
    this.#cancel = clock.after(Math.max(0, waitMs), () => (waitMs > 0 ? this.#wait() : this.settle()))
  }

  #dueMs(): number {
    const now = this.#options.clock.now()
    const latestMs = this.#cameMs + MOST_MS
    const isWriting = now - this.#wroteMs < WRITING_MS
    // What came at another time holds nothing up behind the next key, or the next would come at another time, too.
    const paceMs = isWriting && this.#wasBehindKey ? WRITING_PACE_MS : PACE_MS
    const dueMs = Math.max(now, this.#appliedMs + paceMs, this.#wroteMs + OWN_FRAME_MS)
    const isBeforeKey = isWriting && dueMs - this.#wroteMs > BEHIND_KEY_MS
    return isBeforeKey ? latestMs : Math.min(dueMs, latestMs)
  }

  /** Applies what has come until now. */
  settle(): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#updates.length + this.#presence.length > 0) {
      this.#appliedMs = this.#options.clock.now()
      this.#wasBehindKey = this.#appliedMs - this.#wroteMs <= BEHIND_KEY_MS
    }
    const updates = this.#updates
    const presence = this.#presence
    this.#updates = []
    this.#presence = []
    if (updates.length > 0) this.#try(() => this.#options.gate.run(() => this.#apply(updates)))
    for (const bytes of presence) this.#try(() => this.#options.presence(bytes))
  }

  #apply(updates: readonly Uint8Array[]): void {
    const { doc, origin } = this.#options
    Y.transact(
      doc,
      () => {
        for (const bytes of updates) this.#try(() => Y.applyUpdate(doc, bytes, origin))
      },
      origin,
      false,
    )
  }

  #try(run: () => void): void {
    try {
      run()
    } catch (cause) {
      this.#options.failed(cause)
    }
  }
}
