/**
 * `npm run bench`: the same load on Weft, Hocuspocus and @y/websocket-server, in one run, round by round.
 *
 * Ends with 1 when anybody has not received everything, or when Weft lost an edit that others had seen. Figures
 * that miss an aim are printed, not failed. Only a whole run writes `docs/benchmarks.md`.
 */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { aboutMachine, flagsOrUsage, loadNow, progress, runBenchmark } from '../harness/bench-command.ts'
import { measureColdOpens } from './cold-open.ts'
import { type Contestant, type ContestantName, contestants } from './contestants.ts'
import type { CrowdOptions } from './crowd.ts'
import { coldOpenRows, idleRows, ingestRows, type Measured, phaseRows } from './figures.ts'
import { type Idle, measureIdle } from './idle.ts'
import { type Loss, measureLoss } from './loss.ts'
import { FULL, PHASES, type Plan, QUICK, SHAPES, seededRandom } from './plan.ts'
import { markdownReport, type Surroundings, screenReport } from './report.ts'
import { flatOutFor, measureRounds } from './rounds.ts'
import { print, table } from './table.ts'
import { humanSchedule, typeOnTime } from './typing.ts'

const usage = `npm run bench -- [options]
  --quick                 one short round; writes no document
  --only <name,name>      of weft, hocuspocus, y-websocket
  --phase <name,name>     of byHand, everyone, busy, flatOut, coldOpen, idle, and no killing; writes no document
  --window <edits>        on their way for each writer when typing flat out
  --profile <folder>      CPU profiles of the servers' threads, for Chrome's developer tools; writes no document
  --from-source           Weft unbuilt, as it is being written; writes no document
  --lose-frames           loses frames on purpose: the benchmark must fail`

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

interface Asked {
  readonly chosen: readonly Contestant[]
  readonly plan: Plan
  readonly losing: boolean
}

/** @returns what each shape that was asked for measured, in the order of the contestants */
async function measureShapes({ chosen, plan, losing }: Asked) {
  const rounds = PHASES.some((phase) => plan.shapes.includes(phase))
    ? await measureRounds({ chosen, plan, say: progress, ...(losing ? { loses: loseSome } : {}) })
    : []
  const readers = losing ? { loses: loseFirst } : {}
  const opened = plan.shapes.includes('coldOpen')
    ? await measureColdOpens({ contestants: chosen, plan: plan.coldOpen, say: progress, ...readers })
    : []
  const idle: { contestant: Contestant; idle: Idle }[] = []
  for (const contestant of chosen) {
    if (!plan.shapes.includes('idle')) continue
    progress(`idle connections to ${contestant.title}`)
    idle.push({ contestant, idle: await measureIdle({ contestant, plan: plan.idle, ...readers }) })
  }
  const coldOpen = chosen.flatMap((contestant, index) => {
    const measured = opened[index]
    return measured === undefined ? [] : [{ contestant, coldOpen: measured }]
  })
  return { rounds, coldOpen, idle }
}

type Shapes = Awaited<ReturnType<typeof measureShapes>>

/** Prints what a run of some shapes only has to tell. */
function tellShapes({ rounds, coldOpen, idle }: Shapes, plan: Plan): void {
  for (const phase of PHASES)
    if (plan.shapes.includes(phase)) console.log(`\n${phase}\n${print(table(phaseRows(phase), rounds))}`)
  if (coldOpen.length > 0)
    console.log(`\ncoldOpen\n${print(table([...ingestRows, ...coldOpenRows], coldOpen))}`)
  if (idle.length > 0) console.log(`\nidle\n${print(table(idleRows, idle))}`)
}

/** People type and the server is killed; then all there is to know of each. */
async function withLoss({ rounds, coldOpen, idle }: Shapes, { plan }: Asked): Promise<Measured[]> {
  const people = { people: plan.people, writers: plan.writers }
  const keys = humanSchedule(plan.writers, plan.lossByHandMs, seededRandom(99))
  const all: Measured[] = []
  for (const [index, { contestant, ...round }] of rounds.entries()) {
    const cold = coldOpen[index]
    const quiet = idle[index]
    if (cold === undefined || quiet === undefined)
      throw new Error(`${contestant.title} was not measured wholly`)
    progress(`killing ${contestant.title}`)
    const lossByHand = await measureLoss(contestant, people, (crowd) => typeOnTime(crowd, keys))
    const lossFlatOut = await measureLoss(contestant, people, flatOutFor(plan, plan.lossFlatOutMs))
    all.push({ contestant, ...round, coldOpen: cold.coldOpen, idle: quiet.idle, lossByHand, lossFlatOut })
  }
  return all
}

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
  return { ...aboutMachine(), node: process.versions.node, fsyncMs: await fsyncMs(), loadBefore: loadNow() }
}

/** Every twentieth frame of one reader: a server that merges sends few. */
const loseSome: CrowdOptions['loses'] = (person, frame) => person === 27 && frame % 20 === 19
/** All that the first of those who open a document is sent: mostly it is one frame that matters. */
const loseFirst: CrowdOptions['loses'] = (person) => person === 0

async function main(): Promise<number> {
  const flags = flagsOrUsage(readFlags, usage)
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
  const phases: readonly string[] | undefined = flags.phase?.split(',')
  const plan: Plan = {
    ...base,
    window: flags.window === undefined ? base.window : Number(flags.window),
    shapes: flags.phase === undefined ? SHAPES : SHAPES.filter((shape) => phases?.includes(shape)),
  }
  const every = contestants({
    ...(flags.profile === undefined ? {} : { profiles: flags.profile }),
    weftFromSource: flags['from-source'],
  })
  const wanted: readonly string[] = flags.only?.split(',') ?? every.map(({ name }) => name)
  const chosen = every.filter(({ name }) => wanted.includes(name))
  const unknown = chosen.length !== wanted.length || plan.shapes.length !== (phases ?? SHAPES).length
  if (unknown || !(plan.window >= 1)) {
    console.error(usage)
    return 2
  }
  const where = await surroundings()
  const asked = { chosen, plan, losing: flags['lose-frames'] }
  const shapes = await measureShapes(asked)
  if (plan.shapes.length < SHAPES.length) {
    progress('done')
    tellShapes(shapes, plan)
    return 0
  }
  const all = await withLoss(shapes, asked)
  progress('done')
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

await runBenchmark(main)
