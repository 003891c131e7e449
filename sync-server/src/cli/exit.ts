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
