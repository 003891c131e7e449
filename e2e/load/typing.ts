/** Typing as people do, as many people do, and as fast as the server takes it. */
import type { Crowd } from './crowd.ts'
import { Histogram } from './histogram.ts'

export interface Typed {
  readonly latencies: Histogram
  /** Within the measured time. */
  readonly deliveries: number
  readonly measuredMs: number
  /** How late, at most, the generator pressed a key: its own share of the latencies. */
  readonly latestKeyMs: number
}

/**
 * Every writer keeps `window` edits on their way: as soon as one has reached everybody the next is typed.
 * What is typed in the first `rampMs` is not measured.
 */
export async function typeFlatOut(
  crowd: Crowd,
  { window, rampMs, measuredMs }: { window: number; rampMs: number; measuredMs: number },
): Promise<Typed> {
  const { ledger, script } = crowd
  const latencies = new Histogram()
  let pumping = false
  function pump(): void {
    pumping = false
    crowd.inOneVolley(() => {
      for (let typed = true; typed; ) {
        typed = false
        for (let writer = 0; writer < script.writers; writer++) {
          if (ledger.outstanding(writer) >= window) continue
          crowd.type(writer, performance.now())
          typed = true
        }
      }
    })
  }
  // Once a turn of the event loop: what came in one read is answered in one go.
  const stop = crowd.onArrival(() => {
    if (pumping) return
    pumping = true
    setImmediate(pump)
  })
  try {
    pump()
    await pause(rampMs)
    crowd.assertSound()
    const before = ledger.deliveries
    const startMs = performance.now()
    ledger.latencies = latencies
    await pause(measuredMs)
    const deliveries = ledger.deliveries - before
    return { latencies, deliveries, measuredMs: performance.now() - startMs, latestKeyMs: 0 }
  } finally {
    ledger.latencies = undefined
    stop()
    crowd.assertSound()
  }
}

export interface Key {
  readonly atMs: number
  readonly writer: number
}

/**
 * When people press keys: bursts of 4 to 20 keys, 5 to 7 a second, with a thought of 0.3 to 1.5 s between them.
 * @param random 0 to 1, by seed, so that every server is typed at alike
 */
export function humanSchedule(writers: number, lastingMs: number, random: () => number): Key[] {
  const keys: Key[] = []
  const between = (low: number, high: number) => low + random() * (high - low)
  for (let writer = 0; writer < writers; writer++) {
    let atMs = between(0, 1_000)
    while (atMs < lastingMs) {
      const perKeyMs = 1_000 / between(5, 7)
      for (let left = Math.floor(between(4, 21)); left > 0 && atMs < lastingMs; left--) {
        keys.push({ atMs, writer })
        atMs += perKeyMs * between(0.7, 1.3)
      }
      atMs += between(300, 1_500)
    }
  }
  return keys.sort((a, b) => a.atMs - b.atMs)
}

/** Keys that come independently of each other, as those of a crowd do: so many a second on average. */
export function busySchedule(
  writers: number,
  lastingMs: number,
  perSecond: number,
  random: () => number,
): Key[] {
  const keys: Key[] = []
  for (let atMs = 0; atMs < lastingMs; atMs += (-Math.log(1 - random()) * 1_000) / perSecond)
    keys.push({ atMs, writer: Math.floor(random() * writers) })
  return keys
}

/**
 * Presses every key at its time, however slow the server is, and measures from that time, so that a server that
 * stalls is charged for all that people would have typed meanwhile.
 */
export async function typeOnTime(crowd: Crowd, schedule: readonly Key[]): Promise<Typed> {
  const latencies = new Histogram()
  crowd.ledger.latencies = latencies
  const before = crowd.ledger.deliveries
  const startMs = performance.now() + 20
  let latestKeyMs = 0
  for (const { atMs, writer } of schedule) {
    const keyMs = startMs + atMs
    const waitMs = keyMs - performance.now()
    if (waitMs > 0) await pause(waitMs)
    crowd.assertSound()
    latestKeyMs = Math.max(latestKeyMs, performance.now() - keyMs)
    crowd.type(writer, keyMs)
  }
  await crowd.drained(20_000)
  crowd.ledger.latencies = undefined
  return {
    latencies,
    deliveries: crowd.ledger.deliveries - before,
    measuredMs: performance.now() - startMs,
    latestKeyMs,
  }
}

/** Time passing is what these measure; nothing is waited for by it. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
