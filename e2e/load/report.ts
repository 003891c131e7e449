/** The figures as a table with ratios, on the screen and in `docs/benchmarks.md`. */
import type { Contestant, ContestantName } from './contestants.ts'
import { Histogram } from './histogram.ts'
import type { Loss } from './loss.ts'
import type { PhaseResult } from './phase.ts'
import type { PhaseName, Plan } from './plan.ts'

export interface Measured {
  readonly contestant: Contestant
  /** One of each round, in order. */
  readonly phases: Readonly<Record<PhaseName, readonly PhaseResult[]>>
  readonly lossFlatOut: Loss
  readonly lossByHand: Loss
  readonly peakBytes: number
}

interface Row {
  readonly label: string
  readonly value: (measured: Measured) => number
  readonly show: (value: number) => string
  /** What Weft is to reach beside Hocuspocus. */
  readonly aim?: string
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
/** Over all rounds together. */
function latency(results: readonly PhaseResult[], share: number): number {
  const all = new Histogram()
  for (const { latencies } of results) all.add(latencies)
  return all.quantile(share)
}

const whole = (value: number) => Math.round(value).toLocaleString('en')
const milliseconds = (value: number) => `${value < 100 ? value.toFixed(1) : whole(value)} ms`
const micros = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} µs`
const percent = (value: number) => `${Math.round(value * 100)} %`
const megabytes = (value: number) => `${whole(value / 1_048_576)} MiB`

interface Aims {
  readonly deliveries?: string
  readonly cpu?: string
  readonly p99?: string
}

const aims: Record<PhaseName, Aims> = {
  byHand: { cpu: '≤ 0.5×', p99: '≤ 1.5× or 25 ms' },
  busy: {},
  flatOut: { deliveries: '≥ 3×', cpu: '≤ 0.33×' },
}

/** In the reader's order: what it does, what it costs, how long people wait, and what explains it. */
function rowsOf(phase: PhaseName): Row[] {
  const { deliveries, cpu, p99 } = aims[phase]
  const results = (measured: Measured) => measured.phases[phase]
  const middle = (field: (result: PhaseResult) => number) => (measured: Measured) =>
    median(results(measured).map(field))
  const wait = (share: number) => (measured: Measured) => latency(results(measured), share)
  const aimed = (aim: string | undefined) => (aim === undefined ? {} : { aim })
  return [
    {
      label: 'deliveries a second',
      value: middle((result) => result.deliveriesPerSecond),
      show: whole,
      ...aimed(deliveries),
    },
    {
      label: 'server CPU a delivery',
      value: middle((result) => result.cpuMicrosPerDelivery),
      show: micros,
      ...aimed(cpu),
    },
    { label: 'key to reader, p50', value: wait(0.5), show: milliseconds },
    { label: 'key to reader, p95', value: wait(0.95), show: milliseconds },
    { label: 'key to reader, p99', value: wait(0.99), show: milliseconds, ...aimed(p99) },
    {
      label: 'edits in a frame',
      value: middle((result) => result.editsPerFrame),
      show: (value) => value.toFixed(1),
    },
    { label: 'server busy, of one core', value: middle((result) => result.serverBusy), show: percent },
    { label: 'generator busy, of one core', value: middle((result) => result.generatorBusy), show: percent },
    { label: 'server resident memory', value: middle((result) => result.residentBytes), show: megabytes },
    { label: 'last work after all had gone', value: middle((result) => result.restMs), show: milliseconds },
    {
      label: 'latest key of the generator',
      value: (measured) => Math.max(...results(measured).map((result) => result.latestKeyMs)),
      show: milliseconds,
    },
  ]
}

const memory: Row = { label: 'at its highest', value: ({ peakBytes }) => peakBytes, show: megabytes }

const ratio = (ours: number, theirs: number): string => {
  const value = ours / theirs
  return Number.isFinite(value) ? `${value >= 10 ? value.toFixed(0) : value.toFixed(2)}×` : '–'
}

function table(rows: readonly Row[], all: readonly Measured[]): string[][] {
  const ours = all.find(({ contestant }) => contestant.name === 'weft')
  const peers = all.filter((measured) => measured !== ours)
  const head = ['', ...all.map(({ contestant }) => contestant.title)]
  if (ours !== undefined) head.push(...peers.map(({ contestant }) => `to ${contestant.title}`), 'aim')
  return [
    head,
    ...rows.map(({ label, value, show, aim }) => {
      const line = [label, ...all.map((measured) => show(value(measured)))]
      if (ours !== undefined) line.push(...peers.map((peer) => ratio(value(ours), value(peer))), aim ?? '')
      return line
    }),
  ]
}

function lossTable(all: readonly Measured[]): string[][] {
  const show = ({ lost, seen }: Loss) => `${whole(lost)} of ${whole(seen)}`
  return [
    ['', ...all.map(({ contestant }) => contestant.title)],
    ['typing by hand', ...all.map(({ lossByHand }) => show(lossByHand))],
    ['typing flat out', ...all.map(({ lossFlatOut }) => show(lossFlatOut))],
  ]
}

function roundsTable(all: readonly Measured[]): string[][] {
  const line = (label: string, phase: PhaseName, show: (result: PhaseResult) => string) => [
    label,
    ...all.map(({ phases }) => phases[phase].map(show).join(' · ')),
  ]
  const cpu = (result: PhaseResult) => micros(result.cpuMicrosPerDelivery)
  const p99 = (result: PhaseResult) => milliseconds(result.latencies.quantile(0.99))
  return [
    ['', ...all.map(({ contestant }) => contestant.title)],
    line('by hand: CPU a delivery', 'byHand', cpu),
    line('by hand: p99', 'byHand', p99),
    line('busy: CPU a delivery', 'busy', cpu),
    line('busy: p99', 'busy', p99),
    line('flat out: deliveries a second', 'flatOut', (result) => whole(result.deliveriesPerSecond)),
    line('flat out: CPU a delivery', 'flatOut', cpu),
  ]
}

/** Columns padded for a terminal, and valid Markdown all the same. */
function print(cells: readonly (readonly string[])[]): string {
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)),
  )
  const row = (line: readonly string[]) =>
    `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const [head = [], ...body] = cells
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [row(head), rule, ...body.map(row)].join('\n')
}

export interface Surroundings {
  readonly date: string
  readonly machine: string
  readonly node: string
  readonly revision: string
  /** Median time of writing and flushing 4 KiB where the servers keep their data. */
  readonly fsyncMs: number
  readonly loadBefore: number
}

function sections(
  all: readonly Measured[],
  plan: Plan,
): { title: string; text: string; cells: string[][] }[] {
  return [
    {
      title: 'At human rate',
      text: `${plan.people} people in one document. ${plan.writers} of them type in bursts of 5 to 7 keys a second with pauses to think, ${plan.rounds} × ${plan.byHandMs / 1_000} s.
Keys are pressed by a timetable that waits for nobody, and time is counted from the timetable.`,
      cells: table(rowsOf('byHand'), all),
    },
    {
      title: 'In a busy room',
      text: `The same people, also by a timetable, but ${whole(plan.busyPerSecond)} edits a second that come independently of each other,
as of some 350 people at human rate, ${plan.rounds} × ${plan.busyMs / 1_000} s.`,
      cells: table(rowsOf('busy'), all),
    },
    {
      title: 'Flat out',
      text: `The same people; each writer keeps ${plan.window} edits on their way and types the next when one has reached all the
others, ${plan.rounds} × ${plan.flatOutMs / 1_000} s. Edits come in volleys here, which every server that merges can merge well.`,
      cells: table(rowsOf('flatOut'), all),
    },
    { title: 'Memory of the server over the whole run', text: '', cells: table([memory], all) },
    {
      title: 'Seen by others and gone after kill -9',
      text: `People type (${plan.lossByHandMs / 1_000} s by hand, ${plan.lossFlatOutMs / 1_000} s flat out), the server is killed, started again on its folder, and a newcomer
reads the document. An edit is lost when it had reached anybody but its writer and is not in that document.`,
      cells: lossTable(all),
    },
    {
      title: 'Round by round',
      text: 'The order of the servers turns with each round, so that a noisy minute meets all alike.',
      cells: roundsTable(all),
    },
  ]
}

/** The tables alone, for the screen. */
export function screenReport(all: readonly Measured[], plan: Plan): string {
  return sections(all, plan)
    .map(({ title, cells }) => `${title}\n${print(cells)}`)
    .join('\n\n')
}

const names: Record<ContestantName, (version: string, revision: string) => string> = {
  weft: (version, revision) =>
    `Weft ${version} (${revision}): \`node sync-server/dist/cli.js serve --rate-limit off\`; every edit is on disk (fsync) before anybody sees it`,
  hocuspocus: (version) =>
    `@hocuspocus/server ${version} with its Database extension over \`node:sqlite\` in WAL mode, defaults otherwise: stores the whole document 2 s after the last edit, at the latest every 10 s (\`e2e/load/peers/hocuspocus.ts\`)`,
  'y-websocket': (version) =>
    `@y/websocket-server ${version} with its LevelDB persistence, on the same ws as Weft (\`e2e/load/peers/y-websocket.ts\`)`,
}

/** `docs/benchmarks.md` whole. */
export function markdownReport(all: readonly Measured[], plan: Plan, where: Surroundings): string {
  return `# Benchmarks

Written by \`npm run bench\`; not by hand. The same load on three servers, each in a process of its own, in one run.

- ${where.date}, ${where.machine}, Node ${where.node}; a write of 4 KiB with fsync takes ${milliseconds(where.fsyncMs)} here; load average before the run ${where.loadBefore.toFixed(2)}
${all.map(({ contestant }) => `- ${names[contestant.name](contestant.version, where.revision)}`).join('\n')}

${sections(all, plan)
  .map(({ title, text, cells }) => [`## ${title}`, text, print(cells)].filter(Boolean).join('\n\n'))
  .join('\n\n')}

## How it is measured

- A delivery is one edit (one character typed, or one taken back) that reaches one of the ${plan.people - 1} people who did not type
  it. Edits that arrive in one frame count as the edits they are.
- CPU is the server process's user and system time with all its threads, from the first key until the process is at
  rest after everybody has left: work put off is not work saved. After its turn in a round a server is watched for
  ${plan.settleMs / 1_000} s; what it still does then counts under the last way of typing.
- Percentiles are over all deliveries of all rounds; other figures are the median of the rounds.
- The generator is one process of its own. It compares every frame of every person with those it has read, byte by
  byte, each distinct one with what was typed, letter by letter, and counts without gaps what each person has; at the
  end it merges every reader's frames into a Y.Doc, whose text must be exactly what was typed. Otherwise the
  benchmark fails (\`npm run bench -- --lose-frames\` loses some on purpose and must fail).
  Where the generator is as busy as a core, the server could have done more.
- No carets: awareness is not part of this load. Nothing leaves the loopback interface.
`
}
