/** What the kernel says of a process: its CPU time with all threads, and its memory. Linux only. */
import { readFileSync } from 'node:fs'
import { pause } from './typing.ts'

/** The kernel's unit in `/proc/<pid>/stat`, on every Linux: a hundredth of a second. */
const TICK_MS = 10

/** User and system time of all its threads, those that ended included, in milliseconds. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field is the name in brackets, which may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Resident memory now and at its highest, in bytes. */
export function memoryBytes(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
  return { now: kilobytes('VmRSS') * 1_024, peak: kilobytes('VmHWM') * 1_024 }
}

/**
 * Resolves when the process has used next to no CPU for 0.4 s, and not before `atLeastMs`: work put off until then
 * is seen too.
 * @returns milliseconds until its last work; `withinMs` when it never came to rest
 */
export async function atRest(pid: number, atLeastMs: number, withinMs = 20_000): Promise<number> {
  const startMs = performance.now()
  let quiet = 0
  let before = cpuMs(pid)
  let busyUntilMs = 0
  while (quiet < 2 || performance.now() - startMs < atLeastMs) {
    if (performance.now() - startMs > withinMs) return withinMs
    await pause(200)
    const now = cpuMs(pid)
    if (now - before <= 2 * TICK_MS) quiet++
    else {
      quiet = 0
      busyUntilMs = performance.now() - startMs
    }
    before = now
  }
  return busyUntilMs
}
