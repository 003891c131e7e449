/**
 * What the process does, in Prometheus' text format: its own health (CPU, memory, event loop) and that of its rooms.
 *
 * Rooms count for themselves; here their counts are only read, at the moment somebody asks.
 */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { RoomDurations, RoomStats } from '../room/room-stats.ts'
import type { Durations } from './durations.ts'

type NumberField = { [K in keyof RoomStats]: RoomStats[K] extends number ? K : never }[keyof RoomStats]

const gauges: readonly (readonly [field: NumberField, name: string, help: string])[] = [
  ['rooms', 'weft_rooms', 'Documents in memory'],
  ['roomsWithoutSessions', 'weft_rooms_without_sessions', 'Documents in memory that nobody has open'],
  ['roomsReleased', 'weft_rooms_released', 'Documents in memory without their stored part, for want of room'],
  ['sessions', 'weft_sessions', 'Open sockets that have joined a document'],
  ['slowSessions', 'weft_slow_sessions', 'Sessions that read more slowly than the document grows'],
  ['residentBytes', 'weft_resident_bytes', 'Bytes of snapshots and logs in memory'],
  ['waitingBytes', 'weft_waiting_bytes', 'Bytes in sockets that wait for their readers'],
  ['queuedBytes', 'weft_queued_bytes', 'Bytes accepted and not yet on disk'],
  ['heldSessions', 'weft_held_sessions', 'Sessions not read from because too much waits for the disk'],
  ['uncommitted', 'weft_uncommitted_updates', 'Updates accepted and not yet on disk'],
  ['roomsNotStoring', 'weft_rooms_not_storing', 'Documents whose storage refuses at the moment'],
]

const counters: readonly (readonly [field: NumberField, name: string, help: string])[] = [
  ['updatesCommitted', 'weft_updates_committed_total', 'Updates on disk'],
  ['bytesCommitted', 'weft_committed_bytes_total', 'Bytes of updates on disk'],
  ['framesIn', 'weft_frames_in_total', 'Frames received'],
  ['bytesIn', 'weft_in_bytes_total', 'Bytes received'],
  ['framesOut', 'weft_frames_out_total', 'Frames sent'],
  ['bytesOut', 'weft_out_bytes_total', 'Bytes sent'],
  ['acks', 'weft_acks_total', 'Acknowledgements sent'],
  ['joins', 'weft_joins_total', 'Initial states sent'],
  ['compactionFailures', 'weft_compaction_failures_total', 'Compactions that failed'],
  ['released', 'weft_releases_total', 'Times a document left its stored part to the store'],
  ['compactions', 'weft_compactions_total', 'Logs replaced by a snapshot'],
]

const histograms: readonly (readonly [field: keyof RoomDurations, name: string, help: string])[] = [
  ['commit', 'weft_commit_seconds', 'From handing a batch to the disk to its answer'],
  ['relay', 'weft_relay_seconds', 'From taking an update to having written it to the sockets of all readers'],
  ['ack', 'weft_ack_seconds', 'From receiving a message to telling its writer that it is on disk'],
  ['compaction', 'weft_compaction_seconds', 'From reading a log to having stored its snapshot'],
]

export interface Metrics {
  readonly contentType: string
  readonly text: () => Promise<string>
}

/** @param refusedUpgrades how many requests for a socket were refused, by the code of the answer; read when asked. */
export function createMetrics(
  stats: () => RoomStats,
  refusedUpgrades: ReadonlyMap<string, number> = new Map(),
): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })

  function gauge(name: string, help: string, read: () => number): void {
    const collect = function (this: Gauge) {
      this.set(read())
    }
    registry.registerMetric(new Gauge({ name, help, registers: [], collect }))
  }

  /** @param read the whole count by label; rooms count from the start of the process, as the format wants */
  function counter(
    name: string,
    help: string,
    read: () => readonly [Labels, number][],
    labelNames: string[] = [],
  ) {
    const collect = function (this: Counter) {
      this.reset()
      for (const [labels, count] of read()) this.inc(labels, count)
    }
    registry.registerMetric(new Counter({ name, help, labelNames, registers: [], collect }))
  }

  for (const [field, name, help] of gauges) gauge(name, help, () => stats()[field])
  for (const [field, name, help] of counters) counter(name, help, () => [[{}, stats()[field]]])
  gauge('weft_fenced_documents', 'Documents whose log could not be compacted', () => stats().fenced.length)
  counter(
    'weft_refusals_total',
    'Messages that were not taken, by reason',
    () => Object.entries(stats().refusals).map(([reason, count]) => [{ reason }, count]),
    ['reason'],
  )
  counter(
    'weft_refused_upgrades_total',
    'Requests for a socket that were refused, by the code of the answer',
    () => [...refusedUpgrades].map(([code, count]) => [{ code }, count]),
    ['code'],
  )
  counter(
    'weft_closes_total',
    'Sessions the server closed, by close code',
    () => [...stats().closes].map(([code, count]) => [{ code: String(code) }, count]),
    ['code'],
  )
  const text = async (): Promise<string> => {
    const { durations } = stats()
    const parts = histograms.map(([field, name, help]) => histogram(name, help, durations[field]))
    return [await registry.metrics(), ...parts].join('\n')
  }
  return { contentType: registry.contentType, text }
}

/** The registry's own histograms would count each observation a second time. */
function histogram(name: string, help: string, durations: Durations): string {
  const buckets = durations.cumulative().map(({ seconds, count }) => {
    const le = seconds === Number.POSITIVE_INFINITY ? '+Inf' : String(seconds)
    return `${name}_bucket{le="${le}"} ${count}`
  })
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...buckets]
  return [...lines, `${name}_sum ${durations.seconds}`, `${name}_count ${durations.count}`, ''].join('\n')
}

type Labels = Record<string, string>
