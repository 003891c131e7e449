/** Threads that try cases, so that honest people's clocks, in this one, measure the server and not the making of cases. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Layer, OutcomeName } from './case.ts'
import type { Planned } from './generate.ts'
import type { Finding } from './tally.ts'

/** What a thread is to do. */
export type Work =
  | {
      readonly kind: 'sockets'
      readonly seed: number
      readonly port: number
      readonly documentId: string
      readonly planned: readonly Planned[]
    }
  | {
      readonly kind: 'socket corpus'
      readonly seed: number
      readonly port: number
      readonly documentId: string
    }
  /** Groups `from` up to `to`, and every `step`-th only. */
  | {
      readonly kind: 'rooms'
      readonly seed: number
      readonly from: number
      readonly to: number
      readonly step: number
    }
  | { readonly kind: 'rooms corpus'; readonly seed: number }

export interface Report {
  readonly outcomes: ReadonlyMap<Layer, ReadonlyMap<OutcomeName, number>>
  readonly findings: readonly Finding[]
  /** Groups after which replicas were compared, and those whose updates contradicted themselves. */
  readonly compared: number
  readonly contradictory: number
  /** How far each recorded history had come, on which the rest was written. */
  readonly known: ReadonlyMap<number, number>
  /** Client ids that only refused cases brought. */
  readonly refused: readonly number[]
}

export class FuzzThread {
  readonly #worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), {
    execArgv: ['--conditions=weft:source', '--disable-warning=ExperimentalWarning'],
  })

  /** One thing after another. @throws whatever ended the thread */
  async do(work: Work): Promise<Report> {
    const answer = once(this.#worker, 'message')
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    this.#worker.postMessage(work)
    return ((await answer) as [Report])[0]
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
