/** Where a trial is played: a server, its disk, and what can be done to them there. */
import { noFailingCalls } from '../harness/failing-calls.ts'
import { mountPowerDisk, noPowerCuts, type PowerDisk } from '../harness/power-disk.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { canMount, mountSmallDisk, type SmallDisk } from '../harness/small-disk.ts'
import type { Edit } from '../mutation/plant.ts'
import { FAILPOINT_EDITS, Failpoints, MIDDLE_OF_CHECKPOINT } from './failpoints.ts'
import type { Fault } from './schedule.ts'

/**
 * - `installed`: the server as it is published, on whatever disk there is.
 * - `small disk`: the same, on a disk that can be filled.
 * - `storage`: a server that can be caught in the middle of things (`failpoints.ts`), on a disk that can be filled and
 *   whose power can be cut.
 */
export type StageKind = 'installed' | 'small disk' | 'storage'

export type Disk = SmallDisk & Partial<Pick<PowerDisk, 'cut' | 'restore'>>

export interface Stage {
  readonly server: ServerProcess
  readonly disk: Disk | undefined
  readonly failpoints: Failpoints | undefined
  close(): Promise<void>
}

/** Large enough for a trial's documents, small enough to be filled in a moment. */
const SMALL_MEBIBYTES = 32
const POWER_MEBIBYTES = 48

/** @param planted faults, and what gives them the occasion */
export async function openStage(kind: StageKind, planted: readonly Edit[]): Promise<Stage> {
  const disk = await diskOf(kind)
  const failpoints = kind === 'storage' ? await Failpoints.open() : undefined
  const edits = failpoints === undefined ? planted : [...FAILPOINT_EDITS, ...planted]
  const server = await startServerProcess({
    ...(disk === undefined ? {} : { data: disk.folder }),
    ...(failpoints === undefined ? {} : { env: failpoints.env }),
    ...(edits.length === 0 ? {} : { planted: edits }),
    flags: ['--rate-limit', 'off'],
  })
  return {
    server,
    disk,
    failpoints,
    async close() {
      await server.dispose()
      await disk?.close()
      await failpoints?.close()
    },
  }
}

async function diskOf(kind: StageKind): Promise<Disk | undefined> {
  switch (kind) {
    case 'installed':
      return undefined
    case 'small disk':
      return canMount ? mountSmallDisk(SMALL_MEBIBYTES) : undefined
    case 'storage':
      return noPowerCuts === undefined ? mountPowerDisk(POWER_MEBIBYTES) : undefined
  }
}

/** What stands in the way of a fault on this machine, in words; undefined when nothing does. */
export function obstacleTo(fault: Fault, stage: StageKind): string | undefined {
  switch (fault.kind) {
    case 'power cut':
      return stage === 'storage' ? (noPowerCuts ?? obstacleAt(fault.at)) : 'no disk for it'
    case 'disk full':
      if (stage === 'storage') return noPowerCuts
      return stage === 'small disk' && canMount ? undefined : 'no disk for it'
    case 'failed sync':
      return noFailingCalls
    case 'kill':
      return obstacleAt(fault.at)
    case 'freeze':
    case 'network':
      return undefined
  }
}

const obstacleAt = (place: string | undefined): string | undefined =>
  place === MIDDLE_OF_CHECKPOINT ? noFailingCalls : undefined
