/** The figures as a table with ratios, on the screen and in `docs/benchmarks.md`. */
import type { Contestant, ContestantName } from './contestants.ts'
import { Histogram } from './histogram.ts'
import type { Loss } from './loss.ts'
import type { PhaseResult } from './phase.ts'
import type { Plan } from './plan.ts'

export interface Measured {
  readonly contestant: Contestant
  /** One of each round, in order. */
  readonly flatOut: readonly PhaseResult[]
  readonly byHand: readonly PhaseResult[]
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
const medianOf = (results: readonly PhaseResult[], field: (result: PhaseResult) => number) =>
  median(results.map(field))
/** Over all rounds together. */
function latency(results: readonly PhaseResult[], share: number): number {
  const all = new Histogram()
  for (const { latencies } of results) all.add(latencies)
  return all.quantile(share)
}

const whole = (value: number) => Math.round(value).toLocaleString('en')
const milliseconds = (value: number) => `${value < 100 ? value.toFixed(1) : whole(value)} ms`
const micros = (value: number) => `${value < 100 ? value.toFixed(1) : whole(value)} µs`
const percent = (value: number) => `${Math.round(value * 100)} %`
const megabytes = (value: number) => `${whole(value / 1_048_576)} MiB`

type Phase = (measured: Measured) => readonly PhaseResult[]

/** The rows that both ways of typing have, in the reader's order. */
const shared = (phase: Phase, aims: { cpu: string; p99?: string }): Row[] => [
  {
    label: 'server CPU a delivery',
    value: (measured) => medianOf(phase(measured), (result) => result.cpuMicrosPerDelivery),
    show: micros,
    aim: aims.cpu,
  },
  {
    label: 'key to reader, p50',
    value: (measured) => latency(phase(measured), 0.5),
    show: milliseconds,
  },
  {
    label: 'key to reader, p95',
    value: (measured) => latency(phase(measured), 0.95),
    show: milliseconds,
  },
  {
    label: 'key to reader, p99',
    value: (measured) => latency(phase(measured), 0.99),
    show: milliseconds,
    ...(aims.p99 === undefined ? {} : { aim: aims.p99 }),
  },
  {
    label: 'edits in a frame',
    value: (measured) => medianOf(phase(measured), (result) => result.editsPerFrame),
    show: (value) => value.toFixed(1),
  },
  {
    label: 'server busy, of one core',
    value: (measured) => medianOf(phase(measured), (result) => result.serverBusy),
    show: percent,
  },
  {
    label: 'server resident memory',
    value: (measured) => medianOf(phase(measured), (result) => result.residentBytes),
    show: megabytes,
  },
]

const flatOut: Row[] = [
  {
    label: 'deliveries a second',
    value: ({ flatOut }) => medianOf(flatOut, (result) => result.deliveriesPerSecond),
    show: whole,
    aim: '≥ 3×',
  },
  ...shared(({ flatOut }) => flatOut, { cpu: '≤ 0.33×' }),
  {
    label: 'generator busy, of one core',
    value: ({ flatOut }) => medianOf(flatOut, (result) => result.generatorBusy),
    show: percent,
  },
  {
    label: 'work left when all had gone',
    value: ({ flatOut }) => medianOf(flatOut, (result) => result.restMs),
    show: milliseconds,
  },
]

const byHand: Row[] = [
  ...shared(({ byHand }) => byHand, { cpu: '≤ 0.5×', p99: '≤ 1.5× or 25 ms' }),
  {
    label: 'latest key of the generator',
    value: ({ byHand }) => Math.max(...byHand.map((result) => result.latestKeyMs)),
    show: milliseconds,
  },
  { label: 'server memory at its highest', value: ({ peakBytes }) => peakBytes, show: megabytes },
]

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
  const each = (results: readonly PhaseResult[], show: (result: PhaseResult) => string) =>
    results.map(show).join(' · ')
  return [
    ['', ...all.map(({ contestant }) => contestant.title)],
    [
      'flat out: deliveries a second',
      ...all.map(({ flatOut }) => each(flatOut, (r) => whole(r.deliveriesPerSecond))),
    ],
    [
      'flat out: CPU a delivery',
      ...all.map(({ flatOut }) => each(flatOut, (r) => micros(r.cpuMicrosPerDelivery))),
    ],
    [
      'by hand: CPU a delivery',
      ...all.map(({ byHand }) => each(byHand, (r) => micros(r.cpuMicrosPerDelivery))),
    ],
    [
      'by hand: p99',
      ...all.map(({ byHand }) => each(byHand, (r) => milliseconds(r.latencies.quantile(0.99)))),
    ],
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

/** The tables alone, for the screen. */
export function screenReport(all: readonly Measured[], plan: Plan): string {
  return [
    `Flat out: ${plan.people} people in one document, ${plan.writers} typing, ${plan.window} edits of each on their way`,
    print(table(flatOut, all)),
    `\nAt human rate: the same people, bursts of 5 to 7 keys a second`,
    print(table(byHand, all)),
    `\nSeen by others and gone after kill -9`,
    print(lossTable(all)),
    `\nRound by round`,
    print(roundsTable(all)),
  ].join('\n')
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
  const order = all.map(({ contestant }) => contestant.title).join(', ')
  return `# Benchmarks

Written by \`npm run bench\`; not by hand. The same load on three servers, each in a process of its own, in one run.

- ${where.date}, ${where.machine}, Node ${where.node}; a write of 4 KiB with fsync takes ${milliseconds(where.fsyncMs)} here; load average before the run ${where.loadBefore.toFixed(2)}
${all.map(({ contestant }) => `- ${names[contestant.name](contestant.version, where.revision)}`).join('\n')}

## Flat out

${plan.people} people in one document, ${plan.writers} of them typing as fast as the server takes it: each keeps ${plan.window} edits on their way and
types the next when one has reached all the others. ${plan.rounds} rounds of ${plan.flatOutMs / 1_000} s.

${print(table(flatOut, all))}

## At human rate

The same people; the ${plan.writers} type in bursts of 5 to 7 keys a second with pauses to think, ${plan.rounds} rounds of ${plan.byHandMs / 1_000} s.
Keys are pressed by a timetable that waits for nobody, and time is counted from the timetable.

${print(table(byHand, all))}

## Seen by others and gone after kill -9

People type (${plan.lossByHandMs / 1_000} s by hand, ${plan.lossFlatOutMs / 1_000} s flat out), the server is killed, started again on its folder, and a newcomer reads the
document. An edit counts as lost when it had reached anybody but its writer and is not in that document.

${print(lossTable(all))}

## Round by round

The order of the servers turns with each round (${order}, and so on), so that a noisy minute meets all alike.

${print(roundsTable(all))}

## How it is measured

- A delivery is one edit (one character typed, or one taken back) that reaches one of the ${plan.people - 1} people who did not type
  it. Edits that arrive in one frame count as the edits they are.
- CPU is the server process's user and system time with all its threads, from the first key until the process is at
  rest after everybody has left: work put off is not work saved.
- Percentiles are over all deliveries of all rounds; other figures are the median of the rounds.
- The generator is one process of its own. It compares every frame of every person with those it has read, byte by
  byte; at the end of each phase every person's frames are merged into a Y.Doc, whose text must be exactly what was
  typed, or the benchmark fails (\`npm run bench -- --lose-frames\` loses some on purpose and must fail).
  Where the generator is as busy as a core, the server could have done more.
- No carets: awareness is not part of this load. Nothing leaves the loopback interface.
`
}
