/**
 * Calls into a worker thread that is started when it is needed and ended when it is not.
 *
 * A worker answers one call after the other, within a bound on its memory, and is handed one only when it has answered
 * the one before: what it is handed is copied, and a crowd asks about one large document many times. One that dies fails
 * the call it was at, and another takes over the rest: what kills it is one document's doing, and must not become another's.
 */
import { Worker } from 'node:worker_threads'
import type { Clock } from './clock.ts'

export interface WorkerReply<Result> {
  readonly id: number
  readonly result:
    | { readonly ok: true; readonly value: Result }
    | { readonly ok: false; readonly message: string }
}

interface Call<Request, Result> {
  readonly request: Request
  readonly resolve: (value: Result) => void
  readonly reject: (error: Error) => void
}

export interface WorkerCallsOptions {
  readonly url: URL
  readonly clock: Clock
  /** Bytes of JavaScript objects beyond which the worker is ended; a whole number of MiB. */
  readonly maxHeapBytes: number
  /** A call that takes longer fails, and its worker is ended. */
  readonly answersWithinMs: number
}

/** Starting another takes 0.1 s of CPU, and its code is slow at first; its memory is worth more than that after a while. */
const IDLE_MS = 30_000

export class WorkerCalls<Request, Result> {
  readonly #options: WorkerCallsOptions
  /** In the order in which the worker takes them; it has been handed the first. */
  readonly #calls = new Map<number, Call<Request, Result>>()
  #worker: Worker | undefined
  #lastId = 0
  #cancelEnd: (() => void) | undefined
  #cancelDeadline: (() => void) | undefined

  constructor(options: WorkerCallsOptions) {
    this.#options = options
  }

  /** @returns rejects when the worker died of it, or was closed. */
  call(request: Request): Promise<Result> {
    this.#cancelEnd?.()
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { request, resolve, reject })
      if (this.#calls.size === 1) this.#hand()
    })
  }

  /** The call that is first now, if there is one; one that cannot be copied fails alone. */
  #hand(): void {
    for (const [id, { request, reject }] of this.#calls) {
      try {
        const worker = this.#start()
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        worker.postMessage({ id, request })
        this.#expectAnswer(worker)
        return
      } catch (error) {
        this.#calls.delete(id)
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    }
  }

  #expectAnswer(worker: Worker): void {
    const { clock, answersWithinMs } = this.#options
    this.#cancelDeadline?.()
    this.#cancelDeadline = clock.after(answersWithinMs, () => {
      // It may be in a loop that never ends: only this ends it.
      void worker.terminate()
      this.#died(worker, new Error(`the worker has not answered for ${answersWithinMs} ms`))
    })
  }

  async close(): Promise<void> {
    this.#cancelEnd?.()
    this.#cancelDeadline?.()
    const worker = this.#worker
    this.#worker = undefined
    // Only what this worker held: a call that comes while it ends has another one.
    this.#fail(new Error('the worker was closed'))
    await worker?.terminate()
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const { url, maxHeapBytes } = this.#options
    const resourceLimits = { maxOldGenerationSizeMb: Math.ceil(maxHeapBytes / 1_048_576) }
    const worker = new Worker(url, { resourceLimits })
    this.#worker = worker
    // It never keeps the process alive: what it computes can be computed again.
    worker.unref()
    worker.on('message', (reply: WorkerReply<Result>) => this.#settle(reply))
    worker.on('error', (error) => this.#died(worker, error))
    worker.on('exit', (code) => this.#died(worker, new Error(`the worker ended with ${code}`)))
    return worker
  }

  #settle({ id, result }: WorkerReply<Result>): void {
    const call = this.#calls.get(id)
    // The last word of a worker that was closed.
    if (call === undefined) return
    this.#cancelDeadline?.()
    this.#calls.delete(id)
    if (result.ok) call.resolve(result.value)
    else call.reject(new Error(result.message))
    this.#hand()
    if (this.#calls.size === 0) this.#cancelEnd = this.#options.clock.after(IDLE_MS, () => void this.close())
  }

  #died(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#cancelDeadline?.()
    const [[id, culprit] = []] = this.#calls
    if (id === undefined) return
    this.#calls.delete(id)
    culprit?.reject(error instanceof Error ? error : new Error(String(error)))
    this.#hand()
  }

  #fail(error: Error): void {
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    for (const { reject } of calls) reject(error)
  }
}
