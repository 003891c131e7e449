/** What a run must keep, judged here and nowhere else: the test, and a run of any length, find the same. */
import type { FuzzResult } from './fuzz.ts'
import type { Memory, SocketsResult } from './sockets-run.ts'

const MEBIBYTE = 1_048_576

export const LIMITS = {
  /** What honest people may wait for "saved", 99 of 100 times. */
  ackP99Ms: 250,
  /** And whoever asks whether the process lives. */
  healthzP99Ms: 50,
  /**
   * Both hold where hostile people share two processors with the server. A machine on which it takes a twentieth of that
   * with nobody hostile there, or on which a thread that wants next to nothing waits as long for a processor meanwhile,
   * is a slow one or somebody else's: there this many times what that took is allowed.
   */
  timesIdle: 20,
  /** Moments in which the machine stood still are taken out of waits, unless they are more than this share of the run. */
  pausedShare: 0.2,
  heapGrowth: 8 * MEBIBYTE,
  bufferGrowth: 8 * MEBIBYTE,
  /** What the process has from the system, which allocators give back when they like. */
  residentGrowth: 64 * MEBIBYTE,
  /** Somebody asks for metrics and health: a socket more or less is theirs. */
  moreFiles: 3,
  /** Rooms with people in them that must be compared within every type, and groups in the process that may not be. */
  comparedRooms: 0.5,
  contradictoryGroups: 0.05,
} as const

/** What is more than it was, with everybody gone who was hostile; in words. */
export function memoryFaults(before: Memory, after: Memory): string[] {
  const faults: string[] = []
  const grew = (what: 'residentBytes' | 'heapBytes' | 'bufferBytes', most: number): void => {
    const growth = after[what] - before[what]
    if (growth > most) faults.push(`${what} grew by ${(growth / MEBIBYTE).toFixed(1)} MiB`)
  }
  grew('residentBytes', LIMITS.residentGrowth)
  grew('heapBytes', LIMITS.heapGrowth)
  grew('bufferBytes', LIMITS.bufferGrowth)
  if (after.listeners !== before.listeners)
    faults.push(`${before.listeners} listeners on the process became ${after.listeners}`)
  if (after.openFiles > before.openFiles + LIMITS.moreFiles)
    faults.push(`${before.openFiles} open files became ${after.openFiles}`)
  if (after.timers > before.timers + LIMITS.moreFiles)
    faults.push(`${before.timers} timers became ${after.timers}`)
  for (const [kind, count] of Object.entries(after.resources))
    if (count > (before.resources[kind] ?? 0) + LIMITS.moreFiles)
      faults.push(`${before.resources[kind] ?? 0} ${kind} became ${count}`)
  return faults
}

/** @param slowness p99s of this machine; NaN where it was not measured */
export const allowedMs = (floorMs: number, ...slowness: readonly number[]): number =>
  Math.max(floorMs, ...slowness.map((ms) => (Number.isNaN(ms) ? 0 : ms * LIMITS.timesIdle)))

/** Waits that were too long; in words. */
export function waitFaults({ idle, beset }: SocketsResult): string[] {
  const faults: string[] = []
  const judge = (what: string, which: 'acks' | 'healthz', floorMs: number): void => {
    const p99 = beset[which].quantile(0.99)
    const allowed = allowedMs(floorMs, idle[which].quantile(0.99), beset.processorP99Ms)
    if (!(p99 <= allowed))
      faults.push(`${what} took ${p99.toFixed(1)} ms, 99 of 100 times: more than ${allowed.toFixed(1)} ms`)
  }
  judge('honest words to their acknowledgement', 'acks', LIMITS.ackP99Ms)
  judge('answers of /healthz', 'healthz', LIMITS.healthzP99Ms)
  return faults
}

/** Comparing that has gone blind; in words. */
export function blindness({ tally, size }: Pick<FuzzResult, 'tally' | 'size'>): string[] {
  const { compared, contradictory, rooms } = tally
  const whole = rooms.compared - rooms.contradictory
  const faults: string[] = []
  if (rooms.compared === 0 || whole < rooms.compared * LIMITS.comparedRooms)
    faults.push(`of ${rooms.compared} rooms only ${whole} were compared within every type`)
  if (size.rooms > 0 && (compared === 0 || contradictory > compared * LIMITS.contradictoryGroups))
    faults.push(`of ${compared} groups in the process ${contradictory} were not compared within every type`)
  return faults
}
