/**
 * `npm run bench`: the same load on Weft, Hocuspocus and @y/websocket-server, in one run, round by round.
 *
 * Ends with 1 when anybody has not received everything, or when Weft lost an edit that others had seen. Figures
 * that miss an aim are printed, not failed. Only a whole run writes `docs/benchmarks.md`.
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Contestant, type ContestantName, contestants, type RunningServer } from './contestants.ts'
import type { Crowd, CrowdOptions } from './crowd.ts'
import { type Loss, measureLoss } from './loss.ts'
import { measurePhase, type PhaseResult } from './phase.ts'
import { FULL, PHASES, type PhaseName, type Plan, QUICK, seededRandom } from './plan.ts'
import { memoryBytes } from './process-facts.ts'
import { type Measured, markdownReport, type Surroundings, screenReport } from './report.ts'
import { busySchedule, humanSchedule, type Typed, typeFlatOut, typeOnTime } from './typing.ts'

const usage = `npm run bench -- [options]
  --quick                 one short round; writes no document
  --only <name,name>      of weft, hocuspocus, y-websocket
  --phase <name>          only byHand, busy or flatOut, and no killing: prints a line a round; for profiles
  --window <edits>        on their way for each writer when typing flat out
  --profile <folder>      CPU profiles of the servers' threads, for Chrome's developer tools; writes no document
  --from-source           Weft unbuilt, as it is being written; writes no document
  --lose-frames           loses frames on purpose: the benchmark must fail`

interface Entry {
  readonly contestant: Contestant
  readonly server: RunningServer
  readonly phases: Record<PhaseName, PhaseResult[]>
}

type Typing = (crowd: Crowd) => Promise<Typed>

const readFlags = () =>
  parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      phase: { type: 'string' },
      window: { type: 'string' },
      profile: { type: 'string' },
      'from-source': { type: 'boolean', default: false },
      'lose-frames': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values

async function measureAll(
  chosen: readonly Contestant[],
  plan: Plan,
  loses: CrowdOptions['loses'],
): Promise<Measured[]> {
  const people = { people: plan.people, writers: plan.writers, ...(loses === undefined ? {} : { loses }) }
  const folders: string[] = []
  const entries: Entry[] = []
  try {
    for (const contestant of chosen) {
      const data = await mkdtemp(join(tmpdir(), `weft-bench-${contestant.name}-`))
      folders.push(data)
      const phases = { byHand: [], busy: [], flatOut: [] }
      entries.push({ contestant, server: await contestant.start(data), phases })
    }
    for (const { contestant, server } of entries) {
      progress(`warming up ${contestant.title}`)
      await warmUp(contestant, server, plan, people)
    }
    for (let round = 0; round < plan.rounds; round++) {
      const typing = typingOf(plan, round)
      for (let turn = 0; turn < entries.length; turn++) {
        const entry = entries[(round + turn) % entries.length]
        if (entry !== undefined) await measureRound(entry, round, plan, people, typing)
      }
    }
    const peaks = entries.map(({ server }) => memoryBytes(server.pid).peak)
    for (const { server } of entries) await server.stop()
    if (plan.phases.length < PHASES.length) return []
    const all: Measured[] = []
    const lossKeys = humanSchedule(plan.writers, plan.lossByHandMs, seededRandom(99))
    for (const [index, { contestant, phases }] of entries.entries()) {
      progress(`killing ${contestant.title}`)
      const lossByHand = await measureLoss(contestant, people, (crowd) => typeOnTime(crowd, lossKeys))
      const lossFlatOut = await measureLoss(contestant, people, flatOutFor(plan, plan.lossFlatOutMs))
      all.push({ contestant, phases, lossByHand, lossFlatOut, peakBytes: peaks[index] ?? 0 })
    }
    return all
  } finally {
    for (const { server } of entries) await server.kill()
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  }
}

const flatOutFor =
  (plan: Plan, measuredMs: number, rampMs = 0): Typing =>
  (crowd) =>
    typeFlatOut(crowd, { window: plan.window, rampMs, measuredMs })

/** The same keys for every server in a round, and others in the next. */
function typingOf(plan: Plan, round: number): Record<PhaseName, Typing> {
  const keys = humanSchedule(plan.writers, plan.byHandMs, seededRandom(round + 1))
  const crowded = busySchedule(plan.writers, plan.busyMs, plan.busyPerSecond, seededRandom(round + 101))
  return {
    byHand: (crowd) => typeOnTime(crowd, keys),
    busy: (crowd) => typeOnTime(crowd, crowded),
    flatOut: flatOutFor(plan, plan.flatOutMs, plan.rampMs),
  }
}

/** Code that has not run often is slow, in every one of them: a little of everything first. */
async function warmUp(
  contestant: Contestant,
  server: RunningServer,
  plan: Plan,
  people: Pick<CrowdOptions, 'people' | 'writers' | 'loses'>,
): Promise<void> {
  const keys = busySchedule(plan.writers, plan.warmUpMs, 300, seededRandom(7))
  const flatOut = flatOutFor(plan, plan.warmUpMs)
  for (const [documentId, type] of [
    ['warm-up-by-hand', (crowd: Crowd) => typeOnTime(crowd, keys)],
    ['warm-up-flat-out', flatOut],
  ] as const)
    await measurePhase({ contestant, server, documentId, people, type, settleMs: 0 })
}

async function measureRound(
  { contestant, server, phases }: Entry,
  round: number,
  plan: Plan,
  people: Pick<CrowdOptions, 'people' | 'writers' | 'loses'>,
  typing: Record<PhaseName, Typing>,
): Promise<void> {
  const said: string[] = []
  for (const phase of plan.phases) {
    const result = await measurePhase({
      contestant,
      server,
      documentId: `${phase}-${round}`,
      people,
      type: typing[phase],
      settleMs: phase === plan.phases.at(-1) ? plan.settleMs : 0,
    })
    phases[phase].push(result)
    said.push(
      `${phase} ${whole(result.deliveriesPerSecond)}/s ${result.cpuMicrosPerDelivery.toFixed(1)} µs ` +
        `p99 ${result.latencies.quantile(0.99).toFixed(1)} ms`,
    )
  }
  progress(`round ${round + 1} ${contestant.title}: ${said.join(', ')}`)
}

const whole = (value: number): string => Math.round(value).toLocaleString('en')

/** How long a commit must take at least where the servers keep their data. */
async function fsyncMs(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-bench-fsync-'))
  const file = await open(join(folder, 'probe'), 'w')
  const times: number[] = []
  for (let i = 0; i < 21; i++) {
    const startMs = performance.now()
    await file.write(Buffer.alloc(4_096, i))
    await file.sync()
    times.push(performance.now() - startMs)
  }
  await file.close()
  await rm(folder, { recursive: true })
  return times.sort((a, b) => a - b)[10] ?? Number.NaN
}

async function surroundings(): Promise<Surroundings> {
  const processors = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${processors.length} cores (${processors[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 1_073_741_824)} GiB, Linux ${release().split('-')[0] ?? ''}`,
    node: process.versions.node,
    revision: execFileSync('git', ['describe', '--always'], { encoding: 'utf8' }).trim(),
    fsyncMs: await fsyncMs(),
    loadBefore: loadavg()[0] ?? 0,
  }
}

const startMs = performance.now()
function progress(line: string): void {
  console.log(`${((performance.now() - startMs) / 1_000).toFixed(0).padStart(4)} s  ${line}`)
}

/** Every twentieth frame of one reader: a server that merges sends few. */
const loseSome: CrowdOptions['loses'] = (person, frame) => person === 27 && frame % 20 === 19

function flagsOrUsage(): ReturnType<typeof readFlags> | undefined {
  try {
    return readFlags()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return undefined
  }
}

async function main(): Promise<number> {
  const flags = flagsOrUsage()
  if (flags === undefined) return 2
  if (flags.help) {
    console.log(usage)
    return 0
  }
  if (process.platform !== 'linux') {
    console.error('The benchmark reads CPU and memory from /proc, which only Linux has.')
    return 2
  }
  const base = flags.quick ? QUICK : FULL
  const plan: Plan = {
    ...base,
    window: flags.window === undefined ? base.window : Number(flags.window),
    phases: flags.phase === undefined ? PHASES : PHASES.filter((phase) => phase === flags.phase),
  }
  const every = contestants({
    ...(flags.profile === undefined ? {} : { profiles: flags.profile }),
    weftFromSource: flags['from-source'],
  })
  const wanted: readonly string[] = flags.only?.split(',') ?? every.map(({ name }) => name)
  const chosen = every.filter(({ name }) => wanted.includes(name))
  if (chosen.length !== wanted.length || !(plan.window >= 1) || plan.phases.length === 0) {
    console.error(usage)
    return 2
  }
  const where = await surroundings()
  const all = await measureAll(chosen, plan, flags['lose-frames'] ? loseSome : undefined)
  progress('done')
  if (all.length === 0) return 0
  console.log(`\n${screenReport(all, plan)}`)
  const loss = (name: ContestantName): readonly Loss[] =>
    all
      .filter(({ contestant }) => contestant.name === name)
      .flatMap(({ lossByHand, lossFlatOut }) => [lossByHand, lossFlatOut])
  if (loss('weft').some(({ lost, seen }) => lost > 0 || seen === 0)) {
    console.error('\nWeft lost edits that others had seen, or none were seen.')
    return 1
  }
  const asUsual = flags.window === undefined && flags.profile === undefined && !flags['from-source']
  if (base === FULL && chosen.length === every.length && asUsual) {
    await writeFile(
      fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url)),
      markdownReport(all, plan, where),
    )
    console.log('\nWritten to docs/benchmarks.md.')
  }
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? `\nThe benchmark failed: ${error.message}` : error)
  process.exitCode = 1
}
