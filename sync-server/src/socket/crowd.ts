/**
 * All sessions of the process: what waits for them in memory is bounded, and when the server stops they leave spread.
 *
 * Who has been behind the longest goes first; they come back, and what they missed is in the log.
 */
import { CLOSE } from '@weft/protocol'
import type { Clock } from '../room/clock.ts'
import type { Backlog } from './backlog.ts'
import type { Session } from './session.ts'

/** What is known here of a session. */
export type CrowdMember = Pick<
  Session,
  'documentId' | 'isClosed' | 'slowSince' | 'waitingBytes' | 'tick' | 'close'
>

export interface CrowdOptions {
  readonly clock: Clock
  /** What their sockets share. */
  readonly backlog: Pick<Backlog, 'sharedBytes'>
  /** Bytes that may wait in all sockets. */
  readonly maxTotalBufferedBytes: number
}

/** Sockets closed at a time by a drain, and the pause between: reconnects come spread, a thousand a second. */
const DRAIN_SLICE = 100
const DRAIN_PAUSE_MS = 100
/** Of the time that is left, what the pauses may take in all, however many sockets there are. */
const DRAIN_SHARE = 0.8

export class Crowd {
  readonly #options: CrowdOptions
  readonly #sessions = new Set<CrowdMember>()

  constructor(options: CrowdOptions) {
    this.#options = options
  }

  /** Those that are open. */
  get size(): number {
    return this.#open().length
  }

  /** Bytes that wait in all sockets, in memory. */
  get waitingBytes(): number {
    let bytes = -this.#options.backlog.sharedBytes
    for (const session of this.#sessions) bytes += session.waitingBytes
    return bytes
  }

  add(session: CrowdMember): void {
    this.#sessions.add(session)
  }

  /** Closes all of one document, also those that still wait for it to be loaded. */
  close(documentId: string, code: number, reason: string): void {
    for (const session of this.#sessions) if (session.documentId === documentId) session.close(code, reason)
  }

  /** Called about once a second. */
  tick(now: number): void {
    for (const session of this.#sessions) {
      if (session.isClosed) this.#sessions.delete(session)
      else session.tick(now)
    }
    this.#relieve()
  }

  /** Closes everybody in slices. @param endAt by the clock, ms, when the last one should be closed. */
  async drain(endAt: number): Promise<void> {
    const { clock } = this.#options
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve))
    const open = this.#open()
    const pauses = Math.ceil(open.length / DRAIN_SLICE) - 1
    const pauseMs = Math.min(DRAIN_PAUSE_MS, ((endAt - clock.now()) * DRAIN_SHARE) / Math.max(pauses, 1))
    for (let from = 0; from < open.length; from += DRAIN_SLICE) {
      for (const session of open.slice(from, from + DRAIN_SLICE))
        session.close(CLOSE.draining, 'the server is stopping')
      if (from + DRAIN_SLICE < open.length) await sleep(pauseMs)
    }
  }

  #open(): CrowdMember[] {
    return [...this.#sessions].filter((session) => !session.isClosed)
  }

  #relieve(): void {
    const { maxTotalBufferedBytes } = this.#options
    if (this.waitingBytes <= maxTotalBufferedBytes) return
    const behind = [...this.#sessions].filter(({ waitingBytes }) => waitingBytes > 0)
    const since = ({ slowSince }: CrowdMember): number => slowSince ?? Number.POSITIVE_INFINITY
    behind.sort((a, b) => (since(a) === since(b) ? b.waitingBytes - a.waitingBytes : since(a) - since(b)))
    for (const session of behind) {
      if (this.waitingBytes <= maxTotalBufferedBytes) return
      session.close(CLOSE.overloaded, 'too much waits for slow readers')
    }
  }
}
