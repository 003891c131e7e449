/** One run of the fuzz: the corpus, the cases over sockets, then those in the process; nothing but a seed decides which. */

import { GROUP } from './case.ts'
import { LIMITS } from './limits.ts'
import { runOverSockets, type SocketsResult } from './sockets-run.ts'
import { Tally } from './tally.ts'
import { FuzzThread, type Report } from './threads.ts'

export interface FuzzSize {
  readonly seed: number
  /** Over real sockets. */
  readonly sockets: number
  /** In the process. */
  readonly rooms: number
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
  })
  const startedAt = performance.now()
  for (const report of await inProcess(size)) tally.merge(report)
  judgeMemory(tally, sockets)
  return { ...sockets, size, tally, roomsTookMs: performance.now() - startedAt }
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

/** Back where it was, with everybody gone who was hostile. */
function judgeMemory(tally: Tally, { before, after }: SocketsResult): void {
  const grew = (what: 'residentBytes' | 'heapBytes' | 'bufferBytes'): void => {
    const growth = after[what] - before[what]
    if (growth > LIMITS.growthBytes) tally.say(`${what} grew by ${Math.round(growth / 1_048_576)} MiB`)
  }
  grew('residentBytes')
  grew('heapBytes')
  grew('bufferBytes')
  if (after.listeners !== before.listeners)
    tally.say(`${before.listeners} listeners on the process became ${after.listeners}`)
  if (after.openFiles > before.openFiles + LIMITS.moreFiles)
    tally.say(`${before.openFiles} open files became ${after.openFiles}`)
  for (const [kind, count] of Object.entries(after.resources))
    if (count > (before.resources[kind] ?? 0) + LIMITS.moreFiles)
      tally.say(`${before.resources[kind] ?? 0} ${kind} became ${count}`)
}
