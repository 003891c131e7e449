/** How large a trial is, what exactly happens in it, and how one is played again. */
import { randomFrom } from '../harness/random.ts'
import { BUSY_FAILPOINTS } from './failpoints.ts'
import { type Fault, scheduleFaults, type TrialSize } from './schedule.ts'
import { obstacleTo, type StageKind } from './stage.ts'

/** What a trial needs to be played again; all of it stands in a JSON file beside one that failed. */
export interface Plan {
  /** Of all choices but the faults. */
  readonly seed: number
  readonly stage: StageKind
  readonly documents: number
  readonly writers: number
  /** Words typed at least. */
  readonly edits: number
  readonly faults: readonly Fault[]
}

const PEOPLE = { writers: 6, documents: 3 } as const
const NOTHING = {
  writers: PEOPLE.writers,
  kills: 0,
  cuts: 0,
  failedSyncs: 0,
  freezes: 0,
  outages: 0,
  longFreezes: 0,
  longOutages: 0,
  fillings: 0,
  failpoints: [],
} satisfies Omit<TrialSize, 'edits'>

/** Faults that cannot be made on this machine are left out; `obstacleTo` says why. */
export function planTrial(stage: StageKind, size: TrialSize, seed: number): Plan {
  const { writers, edits } = size
  const faults = scheduleFaults(size, randomFrom(seed).fork()).filter(
    (fault) => obstacleTo(fault, stage) === undefined,
  )
  return { seed, stage, documents: PEOPLE.documents, writers, edits, faults }
}

/** Kills of the installed server, and what needs no disk of its own. @param long how many freezes, and how many outages, are long */
export function killing({
  kills,
  edits,
  long = 0,
}: {
  kills: number
  edits: number
  long?: number
}): TrialSize {
  const [freezes, outages] = [Math.round(kills / 4), Math.round(kills / 2)]
  return { ...NOTHING, kills, freezes, outages, longFreezes: long, longOutages: long, edits }
}

/** Cuts of the power and kills, half and all of them in the middle of something, with what else can happen to a disk. */
export function storageTrouble({ cuts, edits }: { cuts: number; edits: number }): TrialSize {
  const failpoints = BUSY_FAILPOINTS
  return {
    ...NOTHING,
    kills: Math.round((cuts * failpoints.length) / CI.cuts),
    cuts,
    failedSyncs: Math.round(cuts / 5),
    fillings: Math.round(cuts / 8),
    failpoints,
    edits,
  }
}

export function filling({ fillings, edits }: { fillings: number; edits: number }): TrialSize {
  return { ...NOTHING, kills: Math.round(fillings / 4), fillings, edits }
}

/** What every change has to pass. Longer runs are several of these, each with servers and a seed of their own. */
export const CI = {
  kills: 60,
  edits: 40_000,
  cuts: 40,
  storageEdits: 6_000,
  fillings: 20,
  fillingEdits: 8_000,
}

const randomSeed = (): number => Math.floor(Math.random() * 2 ** 31)
/** @returns that of the environment (`SEED`), or one that nobody chose */
export const seedOfRun = (): number => Number(process.env['SEED'] ?? randomSeed())
