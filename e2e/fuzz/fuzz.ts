/** One run of the fuzz: the corpus, the cases over sockets, then those in the process; nothing but a seed decides which. */

import { GROUP } from './case.ts'
import { blindness, memoryFaults, waitFaults } from './limits.ts'
import { runOverSockets, type SocketsResult, type Trial } from './sockets-run.ts'
import { Tally } from './tally.ts'
import { FuzzThread, type Report } from './threads.ts'

export interface FuzzSize {
  readonly seed: number
  /** Over real sockets. */
  readonly sockets: number
  /** In the process. */
  readonly rooms: number
  /** For a run that need only find what is planted. */
  readonly trial?: Trial
}

/** What every change has to pass: with the corpus and the warm-up 200,000 cases, 42,000 of them over sockets. */
export const CI_SIZE = { sockets: 36_000, rooms: 158_000 } as const

const THREADS = 2
const CASES_A_ROUND = 6_000

export interface FuzzResult extends SocketsResult {
  readonly size: FuzzSize
  readonly tally: Tally
  readonly roomsTookMs: number
}

export async function runFuzz(size: FuzzSize): Promise<FuzzResult> {
  const { seed } = size
  const tally = new Tally(seed)
  const sockets = await runOverSockets({
    seed,
    cases: size.sockets,
    rounds: Math.max(1, Math.round(size.sockets / CASES_A_ROUND)),
    tally,
    ...(size.trial === undefined ? {} : { trial: size.trial }),
  })
  const startedAt = performance.now()
  for (const report of await inProcess(size)) tally.merge(report)
  const result = { ...sockets, size, tally, roomsTookMs: performance.now() - startedAt }
  const faults = [
    ...memoryFaults(sockets.before, sockets.after),
    ...waitFaults(sockets),
    ...blindness(result),
  ]
  for (const fault of faults) tally.say(fault)
  return result
}

async function inProcess({ seed, rooms }: FuzzSize): Promise<Report[]> {
  const threads = Array.from({ length: THREADS }, () => new FuzzThread())
  const to = Math.ceil(rooms / GROUP)
  try {
    const [first] = threads
    const corpus = first === undefined ? [] : [await first.do({ kind: 'rooms corpus', seed })]
    const parts = threads.map((thread, from) => thread.do({ kind: 'rooms', seed, from, to, step: THREADS }))
    return [...corpus, ...(await Promise.all(parts))]
  } finally {
    for (const thread of threads) await thread.close()
  }
}
