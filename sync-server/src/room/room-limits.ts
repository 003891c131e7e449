/** The bounds rooms and sessions keep, beyond those of the wire. Each default stands here and nowhere else. */
import { LIMITS, type Limits } from '@weft/protocol'

export interface RoomLimits extends Limits {
  /** Bytes waiting in a socket above which nothing more is written to it. */
  readonly slowBytes: number
  /** Bytes waiting in a socket above which it is closed; one first load may exceed it. */
  readonly maxBufferedBytes: number
  /** Bytes waiting in all sockets, above which those who have been slow longest are closed. */
  readonly maxTotalBufferedBytes: number
  /** Ms a slow reader has to take what waits for it, or longer at 256 KiB a second. */
  readonly maxSlowMs: number
  /** Ms without a message after which a session is sent an empty one. */
  readonly keepAliveMs: number
  /** Awareness messages a room sends in a second. */
  readonly awarenessPerSecond: number
  /** A room is busy when so many commits lie within so many ms; what a busy room is sent waits for `gatherMs`. */
  readonly busyCommits: number
  readonly busyWithinMs: number
  /** Ms that a busy room gathers updates, from the first one, before it commits and relays them together. */
  readonly gatherMs: number
  /** So many updates are not waited with: gathering more makes them hardly cheaper. */
  readonly gatherUpdates: number
  /** Step 1 messages of a session that are answered in a second; the others wait, and only the last of them counts. */
  readonly joinsPerSecond: number
  readonly joinBurst: number
  /** Bytes of a room that may wait for the store; what arrives beyond is asked for again later. */
  readonly maxQueuedBytes: number
  /** Bytes of all rooms that may wait for the store, above which who sends more is not read from. */
  readonly maxTotalQueuedBytes: number
  /** Ms after the last session has left until the tail is compacted, and until the room leaves memory. */
  readonly compactIdleMs: number
  /** Records and bytes of a tail up to which it is not worth that: opening it costs less than folding it once. */
  readonly idleTailRecords: number
  readonly idleTailBytes: number
  readonly idleRoomMs: number
  /** Bytes of all rooms without sessions that stay in memory; the ones idle longest leave first. */
  readonly idleRoomsBytes: number
  /** Bytes of all rooms that stay in memory; beyond it idle ones leave, then live ones release what is stored. */
  readonly maxResidentBytes: number
  /** Bytes of a snapshot up to which a difference is computed on the event loop. */
  readonly inlineDiffBytes: number
  /** Bytes of JavaScript objects of the thread that builds a whole document. */
  readonly maxWorkerBytes: number
  /** Ms until a storage that failed is tried again, at first and at most. */
  readonly minRetryMs: number
  readonly maxRetryMs: number
}

export const ROOM_LIMITS: RoomLimits = {
  ...LIMITS,
  // More than a busy room writes in the time a healthy browser needs to wake up.
  slowBytes: 1_048_576,
  maxBufferedBytes: 16 * 1_048_576,
  // Sixteen readers who are as far behind as one may be; they hold what nobody else needs.
  maxTotalBufferedBytes: 256 * 1_048_576,
  maxSlowMs: 30_000,
  // Stock clients hang up after 30 s of silence, and look every 3 s.
  keepAliveMs: 20_000,
  awarenessPerSecond: 20,
  // Two people at full speed are not busy, three are. With the commit and the way it stays below 25 ms, which
  // nobody sees: a screen shows a frame every 17.
  busyCommits: 8,
  busyWithinMs: 500,
  gatherMs: 18,
  gatherUpdates: 128,
  joinsPerSecond: 1,
  joinBurst: 6,
  maxQueuedBytes: 16 * 1_048_576,
  // Four rooms' worth: more than a disk that works takes in a second.
  maxTotalQueuedBytes: 64 * 1_048_576,
  compactIdleMs: 5_000,
  // Some 3 ms of a cold opening, against 60 ms and a few syncs for folding it.
  idleTailRecords: 500,
  idleTailBytes: 32_768,
  idleRoomMs: 60_000,
  // Some 6,000 documents of ten pages: whoever comes back within a minute finds theirs.
  idleRoomsBytes: 64 * 1_048_576,
  // A quarter of a small machine's memory; the runtime and the sockets share the rest.
  maxResidentBytes: 256 * 1_048_576,
  // About 3 ms.
  inlineDiffBytes: 256 * 1_024,
  // A Yjs document takes about 12 times its encoded size, and one may be stored that has 64 MiB.
  maxWorkerBytes: 1_024 * 1_048_576,
  minRetryMs: 200,
  maxRetryMs: 5_000,
}
