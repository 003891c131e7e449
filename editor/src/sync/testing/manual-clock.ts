/**
 * Time that passes only when the test says so.
 */
import type { Clock } from '../clock.ts'

export interface ManualClock extends Clock {
  /** Runs what is due on the way, in order of time. */
  advance(byMs: number): void
  /** When the next timer is due, from now; undefined without one. */
  nextInMs(): number | undefined
}

export function manualClock(): ManualClock {
  let nowMs = 1_000
  const timers = new Set<{ readonly atMs: number; readonly run: () => void }>()
  const next = () => [...timers].sort((a, b) => a.atMs - b.atMs)[0]
  return {
    now: () => nowMs,
    after(delayMs, run) {
      const timer = { atMs: nowMs + Math.max(0, delayMs), run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(byMs) {
      const untilMs = nowMs + byMs
      for (let due = next(); due !== undefined && due.atMs <= untilMs; due = next()) {
        timers.delete(due)
        nowMs = Math.max(nowMs, due.atMs)
        due.run()
      }
      nowMs = untilMs
    },
    nextInMs() {
      const due = next()
      return due === undefined ? undefined : due.atMs - nowMs
    },
  }
}
