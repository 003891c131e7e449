/** The ways of typing, round by round on all servers, each of which keeps running from the first to the last. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Contestant, RunningServer } from './contestants.ts'
import type { Crowd, CrowdOptions } from './crowd.ts'
import type { Measured } from './figures.ts'
import { measurePhase, type PhaseResult } from './phase.ts'
import { PHASES, type PhaseName, type Plan, seededRandom, writersIn } from './plan.ts'
import { memoryBytes } from './process-facts.ts'
import { milliseconds, whole } from './table.ts'
import { busySchedule, humanSchedule, type Typed, typeFlatOut, typeOnTime } from './typing.ts'

export type Rounds = Pick<Measured, 'contestant' | 'phases' | 'peakBytes'>

export interface RoundsOptions {
  readonly chosen: readonly Contestant[]
  readonly plan: Plan
  readonly loses?: CrowdOptions['loses']
  readonly say: (line: string) => void
}

interface Entry {
  readonly contestant: Contestant
  readonly server: RunningServer
  readonly phases: Record<PhaseName, PhaseResult[]>
}

type People = Pick<CrowdOptions, 'people' | 'loses'>
type Typing = (crowd: Crowd) => Promise<Typed>

/** @returns one of each server, in the order given */
export async function measureRounds({ chosen, plan, loses, say }: RoundsOptions): Promise<Rounds[]> {
  const people = { people: plan.people, ...(loses === undefined ? {} : { loses }) }
  const folders: string[] = []
  const entries: Entry[] = []
  try {
    for (const contestant of chosen) {
      const data = await mkdtemp(join(tmpdir(), `weft-bench-${contestant.name}-`))
      folders.push(data)
      const phases = { byHand: [], everyone: [], busy: [], flatOut: [] }
      entries.push({ contestant, server: await contestant.start(data), phases })
    }
    for (const entry of entries) {
      say(`warming up ${entry.contestant.title}`)
      await warmUp(entry, plan, people)
    }
    for (let round = 0; round < plan.rounds; round++) {
      const typing = typingOf(plan, round)
      for (let turn = 0; turn < entries.length; turn++) {
        const entry = entries[(round + turn) % entries.length]
        if (entry === undefined) continue
        const said = await measureRound(entry, round, plan, people, typing)
        say(`round ${round + 1} ${entry.contestant.title}: ${said}`)
      }
    }
    const measured = entries.map(({ contestant, server, phases }) => ({
      contestant,
      phases,
      peakBytes: memoryBytes(server.pid).peak,
    }))
    for (const { server } of entries) await server.stop()
    return measured
  } finally {
    for (const { server } of entries) await server.kill()
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  }
}

export const flatOutFor =
  (plan: Plan, measuredMs: number, rampMs = 0): Typing =>
  (crowd) =>
    typeFlatOut(crowd, { window: plan.window, rampMs, measuredMs })

/** The same keys for every server in a round, and others in the next. */
function typingOf(plan: Plan, round: number): Record<PhaseName, Typing> {
  const byHand = (phase: PhaseName, seed: number): Typing => {
    const keys = humanSchedule(writersIn(phase, plan), plan.byHandMs, seededRandom(seed))
    return (crowd) => typeOnTime(crowd, keys)
  }
  const crowded = busySchedule(plan.writers, plan.busyMs, plan.busyPerSecond, seededRandom(round + 101))
  return {
    byHand: byHand('byHand', round + 1),
    everyone: byHand('everyone', round + 51),
    busy: (crowd) => typeOnTime(crowd, crowded),
    flatOut: flatOutFor(plan, plan.flatOutMs, plan.rampMs),
  }
}

/** Code that has not run often is slow, in every one of them: a little of everything first. */
async function warmUp({ contestant, server }: Entry, plan: Plan, people: People): Promise<void> {
  const keys = busySchedule(plan.writers, plan.warmUpMs, 300, seededRandom(7))
  for (const [documentId, type] of [
    ['warm-up-by-hand', (crowd: Crowd) => typeOnTime(crowd, keys)],
    ['warm-up-flat-out', flatOutFor(plan, plan.warmUpMs)],
  ] as const)
    await measurePhase({
      contestant,
      server,
      documentId,
      people: { ...people, writers: plan.writers },
      type,
      settleMs: 0,
    })
}

/** @returns what there is to say of it */
async function measureRound(
  { contestant, server, phases }: Entry,
  round: number,
  plan: Plan,
  people: People,
  typing: Record<PhaseName, Typing>,
): Promise<string> {
  const said: string[] = []
  const chosen = PHASES.filter((phase) => plan.shapes.includes(phase))
  for (const phase of chosen) {
    const result = await measurePhase({
      contestant,
      server,
      documentId: `${phase}-${round}`,
      people: { ...people, writers: writersIn(phase, plan) },
      type: typing[phase],
      settleMs: phase === chosen.at(-1) ? plan.settleMs : 0,
    })
    phases[phase].push(result)
    said.push(
      `${phase} ${whole(result.deliveriesPerSecond)}/s ${result.cpuMicrosPerDelivery.toFixed(1)} µs ` +
        `p99 ${milliseconds(result.latencies.quantile(0.99))}`,
    )
  }
  return said.join(', ')
}
