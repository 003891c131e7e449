/** One soak: people live with a server for a while, and in between, when only those are there who stay, it is looked at. */
import { LoopbackProxy } from '../harness/loopback-proxy.ts'
import { randomFrom } from '../harness/random.ts'
import { startServerProcess } from '../harness/server-process.ts'
import { pause } from '../load/typing.ts'
import { metric } from '../scale/figures.ts'
import { type KillCounts, killAllTheTime } from './kills.ts'
import { Life, type LifeCounts } from './life.ts'
import { type Look, look } from './look.ts'
import { cycleOf, FREEZE_MS, IDLE_ROOM_MS, OUTAGE_MS, type SoakPlan, WARM_UP_SHARE } from './plan.ts'
import { growth } from './verdict.ts'

export interface SoakResult {
  readonly plan: SoakPlan
  /** After warming up. */
  readonly looks: readonly Look[]
  readonly life: LifeCounts
  readonly kills: KillCounts | undefined
  readonly compactions: number
  readonly joins: number
  /** In words; empty when all is as it should be. */
  readonly wrong: readonly string[]
}

const NO_FEWER_THAN = 5

export async function runSoak(plan: SoakPlan): Promise<SoakResult> {
  const endsAt = performance.now() + plan.minutes * 60_000
  const isOver = (): boolean => performance.now() >= endsAt
  const [watched, kills] = await Promise.all([
    watch(plan, isOver),
    plan.isCalm === true ? undefined : killAllTheTime(isOver),
  ])
  const lost = kills === undefined || kills.lost === 0 ? [] : [`${kills.lost} acknowledged lines were lost`]
  return { ...watched, plan, kills, wrong: [...watched.wrong, ...lost] }
}

async function watch(plan: SoakPlan, isOver: () => boolean): Promise<Omit<SoakResult, 'kills' | 'plan'>> {
  const server = await startServerProcess({
    selfReport: true,
    // A process with a channel to its parent cannot put itself in its own place to set it, as the command does.
    env: { NODE_OPTIONS: '--max-semi-space-size=4' },
    flags: ['--idle-room-ms', String(IDLE_ROOM_MS)],
    ...(plan.planted === undefined ? {} : { planted: plan.planted }),
  })
  const network = await LoopbackProxy.open(server.port)
  const random = randomFrom(plan.seed)
  const life = new Life(server, network, random.fork())
  const { lastsMs, share } = cycleOf(plan)
  /** Neither in the first moments of a cycle nor in its last. */
  const disturb = async (): Promise<void> => {
    if (plan.isCalm === true) return
    const within = ({ least, most }: typeof FREEZE_MS | typeof OUTAGE_MS): number =>
      share * (least + random.below(most - least))
    await pause(0.1 * lastsMs * (1 + random.share()))
    await life.freeze(within(FREEZE_MS))
    await pause(0.1 * lastsMs * (1 + random.share()))
    await life.cut(within(OUTAGE_MS))
  }
  const all: Look[] = []
  const wrong: string[] = []
  try {
    await life.arrived()
    while (!isOver() || all.length < NO_FEWER_THAN) {
      await life.goOn(lastsMs, disturb)
      all.push(await look(server, life.stay))
    }
    const looks = all.slice(Math.floor(all.length * WARM_UP_SHARE))
    wrong.push(...growth(looks), ...complaints(server.output()))
    const compactions = await metric(server, 'weft_compactions_total')
    const failures = await metric(server, 'weft_compaction_failures_total')
    if (failures > 0) wrong.push(`${failures} compactions failed`)
    return { looks, life: life.counts, compactions, joins: await metric(server, 'weft_joins_total'), wrong }
  } finally {
    life.leave()
    await network.close()
    await server.dispose()
  }
}

/** Warnings and errors in a log. */
const complaints = (output: string): string[] =>
  output
    .split('\n')
    .filter((line) => /"level":(40|50|60)/.test(line))
    .slice(0, 5)
