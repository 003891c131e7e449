/** One look at a server from inside and outside, at a moment when only those are there who stay. */
import { readdirSync } from 'node:fs'
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
  readonly timers: number
  /** Sockets, ports and the like. */
  readonly handles: number
  /** On the process. */
  readonly listeners: number
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
  const { heapBytes, bufferBytes, listeners, resources } = await server.selfReport()
  const { Timeout: timers = 0, ...others } = resources
  return {
    atMs: performance.now(),
    residentBytes: memoryBytes(server.pid).now,
    heapBytes,
    bufferBytes,
    openFiles: readdirSync(`/proc/${server.pid}/fd`).length,
    timers,
    handles: Object.values(others).reduce((sum, count) => sum + count, 0),
    listeners,
  }
}
