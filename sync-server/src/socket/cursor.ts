/**
 * Where a session stands in the log of its room: what has been written to its socket.
 *
 * A reader that is slow keeps its cursor and is written nothing; when its socket drains it gets everything since in
 * one merged update. So a session never holds more than its socket's bound, however much is written meanwhile.
 */
import type { JoinAnswer } from '../room/join.ts'
import type { Room } from '../room/room.ts'
import type { Outlet } from './outlet.ts'

export interface CursorOptions {
  readonly room: Pick<Room, 'restoreLog'> & { readonly log: Pick<Room['log'], 'head' | 'holds' | 'since'> }
  readonly outlet: Pick<Outlet, 'isSlow' | 'send'>
  /** The id of the session: it is not sent what it wrote itself. */
  readonly reader: number
  /** What was missed could not be read, or written: the session ends. */
  readonly failed: (error: unknown) => void
}

export class Cursor {
  readonly #options: CursorOptions
  /** A sequence; undefined before the client has said what it holds. */
  #at: number | undefined
  /** What lies between here and memory is being read. */
  #isRestoring = false
  #isOpen = true

  constructor(options: CursorOptions) {
    this.#options = options
  }

  /** Whether it is relayed to. */
  get isJoined(): boolean {
    return this.#at !== undefined
  }

  /** What answers the client's step 1: from there on it is relayed to. */
  join({ frames, cursor }: JoinAnswer): void {
    if (!this.#isOpen) return
    this.#at = cursor
    this.#options.outlet.send(frames)
  }

  /** Writes what the log has beyond the cursor, unless the reader is slow. */
  advance(): void {
    const { room, outlet, reader } = this.#options
    const from = this.#at
    if (from === undefined || outlet.isSlow || from >= room.log.head) return
    if (!room.log.holds(from)) {
      void this.#restore()
      return
    }
    const { frames, author } = room.log.since(from)
    this.#at = room.log.head
    if (author !== reader) outlet.send(frames)
  }

  /** Safe to call twice. */
  close(): void {
    this.#isOpen = false
    this.#at = undefined
  }

  /** What it missed has left memory meanwhile: it is read from the store again, once for all who wait for it. */
  async #restore(): Promise<void> {
    if (this.#isRestoring) return
    this.#isRestoring = true
    try {
      await this.#options.room.restoreLog()
      this.#isRestoring = false
      this.advance()
    } catch (error) {
      this.#options.failed(error)
    }
  }
}
