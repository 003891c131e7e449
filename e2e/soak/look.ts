/** One look at a server from inside and outside, at a moment when only those are there who stay. */
import { readdirSync, statSync } from 'node:fs'
import { databaseFile } from '@weft/persistence'
import type { ServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'
import { memoryBytes } from '../load/process-facts.ts'
import { metric } from '../scale/figures.ts'

export interface Look {
  readonly atMs: number
  readonly residentBytes: number
  readonly heapBytes: number
  readonly bufferBytes: number
  readonly openFiles: number
  /** Also those that keep no event loop alive. */
  readonly timers: number
  /** Sockets, ports and the like. */
  readonly handles: number
  /** On the process. */
  readonly listeners: number
  /** Of the database with its log file. */
  readonly storedBytes: number
  /** Of all updates that were ever committed. */
  readonly committedBytes: number
}

/** @throws when sessions, or rooms that nobody has open, stay */
export async function look(server: ServerProcess, stay: { rooms: number; sessions: number }): Promise<Look> {
  const becomes = (name: string, wanted: number): Promise<number> =>
    until(
      `${name} is ${wanted}`,
      () => metric(server, name),
      (count) => count === wanted,
      60_000,
    )
  await becomes('weft_sessions', stay.sessions)
  await becomes('weft_rooms', stay.rooms)
  await becomes('weft_uncommitted_updates', 0)
  const { heapBytes, bufferBytes, listeners, resources, timers } = await server.selfReport()
  // They are among the timers.
  const { Timeout: _, ...others } = resources
  return {
    atMs: performance.now(),
    residentBytes: memoryBytes(server.pid).now,
    heapBytes,
    bufferBytes,
    openFiles: readdirSync(`/proc/${server.pid}/fd`).length,
    timers,
    handles: Object.values(others).reduce((sum, count) => sum + count, 0),
    listeners,
    storedBytes: sizeOf(server.data),
    committedBytes: await metric(server, 'weft_committed_bytes_total'),
  }
}

const sizeOf = (data: string): number =>
  ['', '-wal'].reduce((sum, ending) => {
    const file = statSync(`${databaseFile(data)}${ending}`, { throwIfNoEntry: false })
    return sum + (file?.size ?? 0)
  }, 0)
