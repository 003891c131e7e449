/**
 * Our updates that wait to be sent, grown together into one; and how many may be on their way at once.
 *
 * A server that answers in time never fills the window, and every keystroke leaves once it is shown. When it is slow, or
 * thousands of edits come from one paste or script, frames grow instead of multiplying, so that a fast
 * writer is not taken for a flood. Nothing is lost with the window: the document holds what it holds, and the
 * next handshake offers it.
 */
import { decodeMessage, encodeUpdate, MESSAGE, SYNC } from '@weft/protocol'
import * as Y from 'yjs'

/** At ten keystrokes a second this is three seconds of a server that does not answer. */
export const WINDOW_MESSAGES = 32

export interface Outgoing {
  readonly frame: Uint8Array
  /** Of the edits made on this page, the last that it or a frame before it holds. */
  readonly edits: number
}

export class UpdateWindow {
  readonly #ownClient: () => number
  #held: Uint8Array[] = []
  #heldEdits = 0

  /** @param ownClient the client id under which this page writes now */
  constructor(ownClient: () => number) {
    this.#ownClient = ownClient
  }

  /** @returns whether it waits now, as part of what the next `release` sends; what is not our own cannot */
  hold({ frame, edits }: Outgoing): boolean {
    const update = this.#holdable(frame)
    if (update === undefined) return false
    this.#held.push(update)
    this.#heldEdits = edits
    return true
  }

  /** @returns what to send now, in this order, so that `outgoing` overtakes nothing */
  through(outgoing: Outgoing): Outgoing[] {
    return [...this.#take(), outgoing]
  }

  /** @returns what may go now that only so many are in flight */
  release(inFlight: number): Outgoing[] {
    return inFlight < WINDOW_MESSAGES ? this.#take() : []
  }

  #take(): Outgoing[] {
    const held = this.#held
    this.#held = []
    if (held.length === 0) return []
    return [{ frame: encodeUpdate(Y.mergeUpdates(held)), edits: this.#heldEdits }]
  }

  /** Only our own client's updates follow each other without a gap, so only they merge into one without one. */
  #holdable(frame: Uint8Array): Uint8Array | undefined {
    if (frame[0] !== MESSAGE.sync || frame[1] !== SYNC.update) return undefined
    const message = decodeMessage(frame)
    if (message.kind !== 'update') return undefined
    const own = this.#ownClient()
    const foreign = [...Y.parseUpdateMeta(message.update).from.keys()].some((client) => client !== own)
    return foreign ? undefined : message.update
  }
}
