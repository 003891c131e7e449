/**
 * Which rooms give memory back: those that nobody is in leave, and only then live ones release what they have stored.
 *
 * Who was needed longest ago goes first. Nothing is lost by either: it is in the store, and is read from there again.
 */
import type { RoomLimits } from './room-limits.ts'

export interface Resident {
  readonly residentBytes: number
  /** Of these, what a release gives back; 0 while somebody waits for what is made of it. */
  readonly releasableBytes: number
  /** Since when nobody is here; undefined while somebody is. */
  readonly idleSince: number | undefined
  /** When somebody last came, or the log was last read from the store. */
  readonly usedAt: number
  /** Whether nothing is under way that the room must see the end of. */
  readonly mayLeave: boolean
}

export interface Relief<R> {
  readonly leaving: readonly R[]
  readonly releasing: readonly R[]
}

/** @param residents all rooms of the process. */
export function relieve<R extends Resident>(
  residents: readonly R[],
  limits: Pick<RoomLimits, 'idleRoomMs' | 'idleRoomsBytes' | 'maxResidentBytes'>,
  now: number,
): Relief<R> {
  let total = residents.reduce((sum, { residentBytes }) => sum + residentBytes, 0)
  const idle = residents.filter(({ idleSince }) => idleSince !== undefined)
  let idleBytes = idle.reduce((sum, { residentBytes }) => sum + residentBytes, 0)
  const leaving: R[] = []
  for (const room of idle.sort((a, b) => (a.idleSince ?? 0) - (b.idleSince ?? 0))) {
    const isOver = idleBytes > limits.idleRoomsBytes || total > limits.maxResidentBytes
    if (!isOver && now - (room.idleSince ?? now) < limits.idleRoomMs) break
    if (!room.mayLeave) continue
    leaving.push(room)
    idleBytes -= room.residentBytes
    total -= room.residentBytes
  }
  if (total <= limits.maxResidentBytes) return { leaving, releasing: [] }
  const left = new Set(leaving)
  const releasing: R[] = []
  for (const room of residents.filter((one) => !left.has(one)).sort((a, b) => a.usedAt - b.usedAt)) {
    if (total <= limits.maxResidentBytes) break
    if (room.releasableBytes === 0) continue
    releasing.push(room)
    total -= room.releasableBytes
  }
  return { leaving, releasing }
}
