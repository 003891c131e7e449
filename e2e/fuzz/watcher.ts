/**
 * Looks at the server and at the machine from a thread that does nothing else, so that neither the making of cases nor
 * honest people's typing stands between a question and its answer.
 *
 * A tick that comes late tells of a moment in which the whole machine stood still: this thread wants next to no time,
 * so it is given it before any that works. What passes then is nobody's slowness.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Span, Waits } from './waits.ts'

/** Since the last time it was asked. */
export interface Watched {
  /** In which the machine stood still. */
  readonly pauses: readonly Span[]
  readonly answers: readonly Span[]
  /** Questions without the right answer. */
  readonly failures: number
  readonly lastingMs: number
  /** How much later than it asked for this thread was woken, 99 of 100 times: what a processor was waited for. */
  readonly lateP99Ms: number
}

export class Watcher {
  readonly #worker: Worker

  constructor(server: string) {
    this.#worker = new Worker(new URL('./watcher-worker.ts', import.meta.url), { workerData: server })
  }

  async take(): Promise<Watched> {
    const answer = once(this.#worker, 'message')
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    this.#worker.postMessage('take')
    return ((await answer) as [Watched])[0]
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}

/** What was answered, as waits. */
export function waitsOf({ answers }: Watched): Waits {
  const waits = new Waits()
  for (const { from, to } of answers) waits.record(from, to)
  return waits
}
