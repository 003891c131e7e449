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
 * Resolves when the process has used next to no CPU for 0.4 s.
 * @returns milliseconds until it came to rest; `withinMs` when it did not
 */
export async function atRest(pid: number, withinMs = 20_000): Promise<number> {
  const startMs = performance.now()
  let quiet = 0
  let before = cpuMs(pid)
  let restMs = 0
  while (quiet < 2) {
    const elapsedMs = performance.now() - startMs
    if (elapsedMs > withinMs) return withinMs
    if (quiet === 0) restMs = elapsedMs
    await pause(200)
    const now = cpuMs(pid)
    quiet = now - before <= 2 * TICK_MS ? quiet + 1 : 0
    before = now
  }
  return restMs
}
