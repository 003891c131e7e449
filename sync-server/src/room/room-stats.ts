/** What the rooms of a process have done and hold, for metrics: counters only rise, gauges are of now. */
import { Durations } from '../observe/durations.ts'

/** Why something a client sent was not taken. */
export type Refusal =
  | 'malformed'
  | 'gap'
  | 'read-only'
  | 'rate'
  | 'queue-full'
  | 'too-large'
  | 'foreign-client'
  | 'schema'
  | 'client-too-old'

export interface RoomDurations {
  /** From handing a batch to the store to its answer. */
  readonly commit: Durations
  /** From taking the first update of a batch to having written it to everybody's socket. */
  readonly relay: Durations
  /** From receiving a message to saying that it is on disk; of what one ack covers, the message that came first. */
  readonly ack: Durations
  /** From reading the log to having stored the snapshot. */
  readonly compaction: Durations
}

export interface RoomStats {
  // Gauges.
  readonly rooms: number
  readonly roomsWithoutSessions: number
  /** Of which the stored part is not in memory, for want of room. */
  readonly roomsReleased: number
  readonly sessions: number
  readonly slowSessions: number
  /** Bytes of snapshots and tails in memory. */
  readonly residentBytes: number
  /** Bytes that wait in sockets for their readers; a frame that many wait for counts once. */
  readonly waitingBytes: number
  /** Bytes accepted and not yet on disk. */
  readonly queuedBytes: number
  /** Sessions that are not read from because too much waits for the store. */
  readonly heldSessions: number
  /** Updates accepted and not yet on disk. */
  readonly uncommitted: number
  /** Rooms whose storage refuses at the moment. */
  readonly roomsNotStoring: number
  /** Documents whose compaction failed; they take edits, their log grows. */
  readonly fenced: readonly string[]
  // Counters.
  readonly updatesCommitted: number
  readonly bytesCommitted: number
  readonly durations: RoomDurations
  readonly framesIn: number
  readonly bytesIn: number
  readonly framesOut: number
  readonly bytesOut: number
  readonly acks: number
  readonly joins: number
  readonly compactions: number
  readonly compactionFailures: number
  /** Times that a live room left its stored part to the store. */
  readonly released: number
  readonly refusals: Readonly<Record<Refusal, number>>
  /** Sessions closed by us, by close code. */
  readonly closes: ReadonlyMap<number, number>
}

/** The counters while they run; one for all rooms of a process. */
export class RoomCounters {
  updatesCommitted = 0
  bytesCommitted = 0
  readonly durations: RoomDurations = {
    commit: new Durations(),
    relay: new Durations(),
    ack: new Durations(),
    compaction: new Durations(),
  }
  framesIn = 0
  bytesIn = 0
  framesOut = 0
  bytesOut = 0
  acks = 0
  joins = 0
  compactions = 0
  compactionFailures = 0
  released = 0
  slowSessions = 0
  readonly refusals: Record<Refusal, number> = {
    malformed: 0,
    gap: 0,
    'read-only': 0,
    schema: 0,
    'client-too-old': 0,
    rate: 0,
    'queue-full': 0,
    'too-large': 0,
    'foreign-client': 0,
  }
  readonly closes = new Map<number, number>()

  closed(code: number): void {
    this.closes.set(code, (this.closes.get(code) ?? 0) + 1)
  }
}
