/**
 * The figures of the status panel: what the connection is, and how fast the server answers and stores.
 */
import type { Hello } from '@weft/protocol'
import type { Clock } from './clock.ts'
import type { CopyState } from './save-state.ts'

/**
 * `off`: by wish, no attempt is made. `waiting`: the next attempt is planned. `connected`: the socket is open.
 * `refused`: the server closed for good; only `connect()` tries again.
 */
export type ConnectionStatus = 'off' | 'connecting' | 'connected' | 'waiting' | 'refused'

export interface ConnectionInfo {
  readonly transport: 'websocket'
  readonly url: string
  readonly status: ConnectionStatus
  /** Attempts that failed in a row. */
  readonly failures: number
  /** From opening to the end of the first exchange, on the latest connection that got so far. */
  readonly roundTripMs: number | undefined
  /** From sending an edit to its being on the server's disk, the latest measured. */
  readonly durableMs: number | undefined
  /** How long ago the server last called something durable. */
  readonly lastAckAgoMs: number | undefined
  /** Messages sent on this connection that are not durable yet. */
  readonly queue: number
  readonly editsWaiting: number
  readonly localCopy: CopyState
  readonly epoch: string | undefined
  readonly lastClose: { readonly code: number; readonly words: string } | undefined
}

type Known = Pick<ConnectionInfo, 'url' | 'status' | 'failures' | 'editsWaiting' | 'localCopy'>

export class ConnectionMeter {
  readonly #clock: Clock
  #openedAtMs: number | undefined
  #roundTripMs: number | undefined
  #durableMs: number | undefined
  #ackedAtMs: number | undefined
  #probe: { readonly message: number; readonly atMs: number } | undefined
  #sent = 0
  #durable = 0
  #epoch: string | undefined
  #lastClose: ConnectionInfo['lastClose']

  constructor(clock: Clock) {
    this.#clock = clock
  }

  opened(): void {
    this.#openedAtMs = this.#clock.now()
    this.#sent = 0
    this.#durable = 0
    this.#probe = undefined
  }

  synced(): void {
    if (this.#openedAtMs !== undefined) this.#roundTripMs = this.#clock.now() - this.#openedAtMs
  }

  sent(message: number): void {
    this.#sent = message
    this.#probe ??= { message, atMs: this.#clock.now() }
  }

  durable(count: number): void {
    this.#durable = count
    this.#ackedAtMs = this.#clock.now()
    if (this.#probe === undefined || count < this.#probe.message) return
    this.#durableMs = this.#ackedAtMs - this.#probe.atMs
    this.#probe = undefined
  }

  greeted(hello: Hello): void {
    this.#epoch = hello.epoch
  }

  /** @returns for how long the connection had been open, in milliseconds; 0 when it never was. */
  closed(code: number, words: string): number {
    const livedMs = this.#openedAtMs === undefined ? 0 : this.#clock.now() - this.#openedAtMs
    this.#openedAtMs = undefined
    this.#sent = 0
    this.#durable = 0
    this.#lastClose = { code, words }
    return livedMs
  }

  info(known: Known): ConnectionInfo {
    return {
      transport: 'websocket',
      ...known,
      roundTripMs: this.#roundTripMs,
      durableMs: this.#durableMs,
      lastAckAgoMs: this.#ackedAtMs === undefined ? undefined : this.#clock.now() - this.#ackedAtMs,
      queue: this.#sent - this.#durable,
      epoch: this.#epoch,
      lastClose: this.#lastClose,
    }
  }
}
