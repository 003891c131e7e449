/** What the process ends with; supervisors act on these, so they do not change. */
export const EXIT = {
  ok: 0,
  /** It could not start, or a fault of ours ended it. */
  failed: 1,
  /** A setting or a command is wrong: starting it again will not help. */
  wrongSetting: 2,
  /** A sync to disk failed (EX_SOFTWARE): starting it again is safe and needed. */
  storageFailed: 70,
  /** Stopping took too long (EX_TEMPFAIL): what was acknowledged is on disk all the same. */
  stopTimedOut: 75,
} as const

/**
 * Ends the process although a thread of it hangs in the kernel. `process.exit` would wait for that thread, for as long
 * as the disk does not answer; a process that becomes another one leaves its threads behind.
 */
export function endAtOnce(code: number): never {
  // Where there is no such call, on Windows, the wait is all there is.
  process.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${code})`], {})
  process.exit(code)
}
