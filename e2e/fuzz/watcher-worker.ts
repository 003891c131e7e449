/** The thread of `watcher.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { Histogram } from '../load/histogram.ts'
import { nowMs, type Span } from './waits.ts'

const ASK_EVERY_MS = 100
const TICK_MS = 10
/** A thread that only waits gets its turn far sooner on a machine that merely works. */
const LATE_MS = 100

let pauses: Span[] = []
let answers: Span[] = []
let failures = 0
let lateness = new Histogram()
let takenAt = nowMs()

const port = parentPort
port?.on('message', () => {
  const lateP99Ms = lateness.quantile(0.99)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  port.postMessage({ pauses, answers, failures, lateP99Ms, lastingMs: nowMs() - takenAt })
  lateness = new Histogram()
  takenAt = nowMs()
  pauses = []
  answers = []
  failures = 0
})

let lastTick = nowMs()
setInterval(() => {
  const now = nowMs()
  if (now - lastTick > LATE_MS) pauses.push({ from: lastTick, to: now })
  lateness.record(Math.max(0, now - lastTick - TICK_MS))
  lastTick = now
}, TICK_MS)

setInterval(() => void ask(), ASK_EVERY_MS)

async function ask(): Promise<void> {
  const from = nowMs()
  try {
    const { status } = await fetch(`${String(workerData)}/healthz`)
    if (status !== 200) failures++
  } catch {
    failures++
  }
  answers.push({ from, to: nowMs() })
}
