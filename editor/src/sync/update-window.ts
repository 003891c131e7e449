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

export class UpdateWindow {
  readonly #ownClient: () => number
  #held: Uint8Array[] = []

  /** @param ownClient the client id under which this page writes now */
  constructor(ownClient: () => number) {
    this.#ownClient = ownClient
  }

  /** @returns whether `frame` waits now, as part of what the next `release` sends; what is not our own cannot */
  hold(frame: Uint8Array): boolean {
    const update = this.#holdable(frame)
    if (update !== undefined) this.#held.push(update)
    return update !== undefined
  }

  /** @returns the frames to send now, in this order, so that `frame` overtakes nothing */
  through(frame: Uint8Array): Uint8Array[] {
    return [...this.#take(), frame]
  }

  /** @returns what may go now that only so many are in flight */
  release(inFlight: number): Uint8Array[] {
    return inFlight < WINDOW_MESSAGES ? this.#take() : []
  }

  #take(): Uint8Array[] {
    const held = this.#held
    this.#held = []
    return held.length === 0 ? [] : [encodeUpdate(Y.mergeUpdates(held))]
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
