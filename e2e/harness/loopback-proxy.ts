/**
 * A network between clients and a server on this machine, which can be cut, stalled and slowed.
 *
 * Its address outlives the server's restarts. Nothing is ever dropped, doubled or put in another order within a
 * connection, because TCP does not do that either: a network that fails ends connections or delivers late.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export type Direction = 'to-server' | 'to-client'

export type NetworkState =
  | { readonly kind: 'whole' }
  /** Every connection ends and none can be made. */
  | { readonly kind: 'cut' }
  /** Nothing moves this way, or no way; connections stay. */
  | { readonly kind: 'stalled'; readonly directions: readonly Direction[] }
  /** Each way of each connection. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }

const WHOLE: NetworkState = { kind: 'whole' }

export class LoopbackProxy {
  readonly #server: Server
  readonly #lanes = new Set<Lane>()
  #state: NetworkState = WHOLE

  /** @param port where the server listens, now or later */
  static async open(port: number): Promise<LoopbackProxy> {
    const proxy = new LoopbackProxy(port)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  private constructor(port: number) {
    this.#server = createServer((client) => this.#connected(client, port))
  }

  /** `http://127.0.0.1:port` */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  become(state: NetworkState): void {
    this.#state = state
    for (const lane of this.#lanes) {
      if (state.kind === 'cut') lane.end()
      else lane.become(state)
    }
  }

  heal(): void {
    this.become(WHOLE)
  }

  async close(): Promise<void> {
    this.become({ kind: 'cut' })
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #connected(client: Socket, port: number): void {
    if (this.#state.kind === 'cut') {
      client.resetAndDestroy()
      return
    }
    const server = connect(port, '127.0.0.1')
    const lanes = [new Lane(client, server, 'to-server'), new Lane(server, client, 'to-client')]
    for (const lane of lanes) {
      this.#lanes.add(lane)
      lane.become(this.#state)
      lane.source.once('close', () => {
        this.#lanes.delete(lane)
        // What was read before the end still arrives, unless the other side is gone too.
        lane.finish()
      })
    }
  }
}

/** One way of one connection. */
class Lane {
  readonly source: Socket
  readonly #sink: Socket
  readonly #direction: Direction
  #state: NetworkState = WHOLE
  #timer: NodeJS.Timeout | undefined

  constructor(source: Socket, sink: Socket, direction: Direction) {
    this.source = source
    this.#sink = sink
    this.#direction = direction
    source.on('data', (bytes) => this.#pass(bytes))
    // A close always follows.
    source.on('error', () => undefined)
    sink.on('drain', () => this.#go())
    source.setNoDelay(true)
  }

  become(state: NetworkState): void {
    this.#state = state
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#isStalled) this.source.pause()
    else this.#go()
  }

  /**
   * Not by a reset while it is ending by itself: that fails (EINVAL), and Node then neither closes the socket nor, at its own
   * end, stops waiting for it. Nor while it connects: Node would first wait until it has.
   */
  end(): void {
    if (this.source.writableEnded || this.source.connecting) this.source.destroy()
    else this.source.resetAndDestroy()
  }

  finish(): void {
    clearTimeout(this.#timer)
    this.#sink.end()
  }

  get #isStalled(): boolean {
    return this.#state.kind === 'stalled' && this.#state.directions.includes(this.#direction)
  }

  #pass(bytes: Uint8Array): void {
    const flows = this.#sink.write(bytes)
    if (this.#state.kind === 'slow') {
      this.source.pause()
      this.#timer = setTimeout(
        () => {
          this.#timer = undefined
          this.#go()
        },
        (bytes.length / this.#state.bytesPerSecond) * 1_000,
      )
    } else if (!flows) this.source.pause()
  }

  #go(): void {
    if (!this.#isStalled && this.#timer === undefined && !this.#sink.writableNeedDrain) this.source.resume()
  }
}
