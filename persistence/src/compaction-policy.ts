/** When a document's tail is worth a new snapshot. The work itself is done by whoever understands the bytes. */

export interface LogSizes {
  /** Bytes and number of the updates after the snapshot. */
  readonly tailBytes: number
  readonly tailRecords: number
  /** 0 when there is none. */
  readonly snapshotBytes: number
}

/** Below this a join stays cheap whatever the snapshot's size: about 10,000 keystrokes. */
const MIN_TAIL_BYTES = 256 * 1024
/** Beyond this, decoding the tail's records one by one is what a newcomer waits for. */
const MAX_TAIL_RECORDS = 500

/** While people write. A tail of half the snapshot's size: so each byte is rewritten a bounded number of times as a document grows. */
export function shouldCompact({ tailBytes, tailRecords, snapshotBytes }: LogSizes): boolean {
  return tailRecords > MAX_TAIL_RECORDS || tailBytes > Math.max(MIN_TAIL_BYTES, snapshotBytes / 2)
}
