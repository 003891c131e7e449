/** The limits that are asserted; what is measured stands beside them in the report. */
export const LIMITS = {
  /** What honest people may wait for "saved", 99 of 100 times, on a machine that does nothing else. */
  ackP99Ms: 250,
  /** On one that is shared; beyond it the server itself was held up. */
  slackedAckP99Ms: 2_500,
  growthBytes: 64 * 1_048_576,
  /** Somebody asks for metrics and health: a socket more or less is theirs. */
  moreFiles: 3,
} as const
