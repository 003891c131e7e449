/** What breaks when, by seed (pure): faults are placed among the edits, so a fast machine meets them where a slow one does. */
import type { NetworkState } from '../harness/loopback-proxy.ts'
import type { Random } from '../harness/random.ts'

/** How people come back from it. */
export interface Ending {
  /** Nobody who holds words comes back before a newcomer was shown what the disk has. */
  readonly heldOff: boolean
  /** Whose page crashes with it, if anybody's. */
  readonly crashes?: number
}

/** Of the server's process (-9), or of the power: then with everything that was not synced. */
interface Stroke extends Ending {
  readonly kind: 'kill' | 'power cut'
  /** Where the server is held for it (`failpoints.ts`); wherever it happens to be when left out. */
  readonly at?: string
}

/** A sync to the disk fails, and the server ends by itself. */
interface FailedSync extends Ending {
  readonly kind: 'failed sync'
  /** The how-manieth from then on, from 1. */
  readonly nth: number
  /** And every later one, as on a disk that is gone. */
  readonly andLater: boolean
}

/** SIGSTOP, and after a while SIGCONT. */
interface Freeze {
  readonly kind: 'freeze'
  readonly lastingMs: number
}

interface Network {
  readonly kind: 'network'
  readonly state: NetworkState
  /** The networks it happens to. */
  readonly networks: readonly number[]
  readonly lastingMs: number
}

/** Until it is freed again. */
interface DiskFull {
  readonly kind: 'disk full'
  readonly lastingMs: number
}

export type Fault = {
  /** As soon as so many words are settled: acknowledged, or gone with a page that crashed. */
  readonly afterSettled: number
  /** How much later, so that it strikes anywhere between two commits. */
  readonly delayMs: number
} & (Stroke | FailedSync | Freeze | Network | DiskFull)

export interface TrialSize {
  readonly kills: number
  /** Of the power of the disk, of a trial that has one whose power can be cut. */
  readonly cuts: number
  readonly failedSyncs: number
  /** Freezes of the server. */
  readonly freezes: number
  /** Times that a network is cut, stalls or slows down. */
  readonly outages: number
  /** Of these, those that last as long as a laptop's lid is shut or a train is in a tunnel (`isLong`). */
  readonly longFreezes: number
  readonly longOutages: number
  /** Times that the disk is full, of a trial that has one that can be filled. */
  readonly fillings: number
  /** Places to hold the server at, in turn, for every kill and every second cut; where there are none, all strike anywhere. */
  readonly failpoints: readonly string[]
  /** Words typed at least: people go on while a fault is to come. */
  readonly edits: number
  readonly writers: number
}

/** People reach the server over so many networks, which fail alone and together. */
export const NETWORKS = 2
/** Faults come while people type: none in the last hundredth of the edits. */
const BUSY_SHARE = 0.99
const MAX_DELAY_MS = 20
const FREEZE_MS = [20, 1_000] as const
const FULL_MS = [50, 600] as const
const OUTAGE_MS = [20, 700] as const
const LONG_FREEZE_MS = [5_000, 20_000] as const
const LONG_OUTAGE_MS = [10_000, 40_000] as const
/** A word takes some forty bytes on the wire. */
const SLOW_BYTES_PER_SECOND = 20_000
const MAX_SYNC = 20

/** Whether it is one of the long freezes or outages, by which clients take a connection for dead, or people give up on it. */
export function isLong(fault: Fault): boolean {
  if (fault.kind === 'freeze') return fault.lastingMs >= LONG_FREEZE_MS[0]
  return fault.kind === 'network' && fault.lastingMs >= LONG_OUTAGE_MS[0]
}

/** @returns them in the order in which they strike */
export function scheduleFaults(size: TrialSize, random: Random): Fault[] {
  const at = () => ({
    afterSettled: random.below(size.edits * BUSY_SHARE),
    delayMs: random.share() * MAX_DELAY_MS,
  })
  const within = ([least, most]: readonly [number, number]): number => least + random.share() * (most - least)
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index))
  const ending = (): Ending => {
    const heldOff = random.happens(0.5)
    return random.happens(0.5) ? { heldOff, crashes: random.below(size.writers) } : { heldOff }
  }
  const strokes = (kind: Stroke['kind'], count: number, each: number): Fault[] =>
    times(count, (index) => {
      const point = size.failpoints[(index / each) % size.failpoints.length]
      return { ...at(), kind, ...ending(), ...(point === undefined ? {} : { at: point }) }
    })
  const faults: Fault[] = [
    ...strokes('kill', size.kills, 1),
    ...times(size.freezes, (index) => ({
      ...at(),
      kind: 'freeze' as const,
      lastingMs: within(index < size.longFreezes ? LONG_FREEZE_MS : FREEZE_MS),
    })),
    ...times(size.fillings, () => ({ ...at(), kind: 'disk full' as const, lastingMs: within(FULL_MS) })),
    ...times(size.outages, (index) => ({
      ...at(),
      kind: 'network' as const,
      state: outage(random),
      networks: random.happens(0.4) ? [...Array(NETWORKS).keys()] : [random.below(NETWORKS)],
      lastingMs: within(index < size.longOutages ? LONG_OUTAGE_MS : OUTAGE_MS),
    })),
    ...strokes('power cut', size.cuts, 2),
    ...times(size.failedSyncs, () => ({
      ...at(),
      kind: 'failed sync' as const,
      ...ending(),
      nth: 1 + random.below(MAX_SYNC),
      andLater: random.happens(0.5),
    })),
  ]
  return faults.sort((one, other) => one.afterSettled - other.afterSettled)
}

function outage(random: Random): NetworkState {
  return random.of<NetworkState>([
    { kind: 'cut' },
    { kind: 'cut' },
    { kind: 'stalled', directions: ['to-server'] },
    { kind: 'stalled', directions: ['to-client'] },
    { kind: 'stalled', directions: ['to-server', 'to-client'] },
    { kind: 'slow', bytesPerSecond: SLOW_BYTES_PER_SECOND },
  ])
}
