/** What is told of each shape of load: the figures in the reader's order, and what Weft is to reach. */
import type { ColdOpen } from './cold-open.ts'
import type { Contestant } from './contestants.ts'
import { Histogram } from './histogram.ts'
import type { Idle } from './idle.ts'
import type { Loss } from './loss.ts'
import type { PhaseResult } from './phase.ts'
import type { PhaseName } from './plan.ts'
import {
  type Aim,
  atLeast,
  atMost,
  atMostOr,
  kilobytes,
  mean,
  median,
  megabytes,
  micros,
  milliseconds,
  percent,
  type Row,
  whole,
} from './table.ts'

/** All that was measured of one server. */
export interface Measured {
  readonly contestant: Contestant
  /** One of each round, in order. */
  readonly phases: Readonly<Record<PhaseName, readonly PhaseResult[]>>
  /** Over all rounds. */
  readonly peakBytes: number
  readonly coldOpen: ColdOpen
  readonly idle: Idle
  readonly lossFlatOut: Loss
  readonly lossByHand: Loss
}

/** Over all rounds together. */
function latency(results: readonly PhaseResult[], share: number): number {
  const all = new Histogram()
  for (const { latencies } of results) all.add(latencies)
  return all.quantile(share)
}

interface Aims {
  readonly deliveries?: Aim
  readonly cpu?: Aim
  readonly p99?: Aim
}

const aims: Record<PhaseName, Aims> = {
  byHand: { cpu: atMost(0.5), p99: atMostOr(1.5, 25) },
  everyone: { cpu: atMost(0.5), p99: atMostOr(1.5, 25) },
  busy: {},
  flatOut: { deliveries: atLeast(3), cpu: atMost(0.33) },
}

/** What it does, what it costs, how long people wait, and what explains it. */
export function phaseRows(phase: PhaseName): Row<Pick<Measured, 'contestant' | 'phases'>>[] {
  const { deliveries, cpu, p99 } = aims[phase]
  type Figures = Pick<Measured, 'phases'>
  const results = ({ phases }: Figures) => phases[phase]
  const middle = (field: (result: PhaseResult) => number) => (figures: Figures) =>
    median(results(figures).map(field))
  const wait = (share: number) => (figures: Figures) => latency(results(figures), share)
  return [
    {
      label: 'deliveries a second',
      value: middle((result) => result.deliveriesPerSecond),
      show: whole,
      aim: deliveries,
    },
    {
      label: 'server CPU a delivery',
      value: middle((result) => result.cpuMicrosPerDelivery),
      show: micros,
      aim: cpu,
    },
    { label: 'key to reader, p50', value: wait(0.5), show: milliseconds },
    { label: 'key to reader, p95', value: wait(0.95), show: milliseconds },
    { label: 'key to reader, p99', value: wait(0.99), show: milliseconds, aim: p99 },
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
      value: (figures) => Math.max(...results(figures).map((result) => result.latestKeyMs)),
      show: milliseconds,
    },
  ]
}

export const peakRows: Row<Measured>[] = [
  { label: 'at its highest', value: ({ peakBytes }) => peakBytes, show: megabytes },
]

type ColdFigures = Pick<Measured, 'contestant' | 'coldOpen'>

export const ingestRows: Row<ColdFigures>[] = [
  {
    label: 'server CPU an edit, one writer',
    value: ({ coldOpen }) => coldOpen.cpuMicrosPerEdit,
    show: micros,
    aim: atMost(0.5),
  },
  {
    label: 'server CPU an edit, ten writers',
    value: ({ coldOpen }) => coldOpen.cpuMicrosPerEditOfTen,
    show: micros,
    aim: atMost(0.5),
  },
  {
    label: 'edits read a second, one writer',
    value: ({ coldOpen }) => coldOpen.editsPerSecond,
    show: whole,
  },
]

export const coldOpenRows: Row<ColdFigures>[] = [
  {
    label: 'one person: until all is there',
    value: ({ coldOpen }) => median(coldOpen.openMs),
    show: milliseconds,
    aim: atMost(0.25),
  },
  {
    label: 'one person: the slowest time',
    value: ({ coldOpen }) => Math.max(...coldOpen.openMs),
    show: milliseconds,
  },
  {
    label: 'a crowd: server CPU each',
    // The kernel counts in hundredths of a second: a mean takes more of that out than a median.
    value: ({ coldOpen }) => mean(coldOpen.crowdCpuMs),
    show: (value) => `${value.toFixed(2)} ms`,
    aim: atMost(0.33),
  },
  {
    label: 'a crowd: until the last has all',
    value: ({ coldOpen }) => median(coldOpen.crowdMs),
    show: milliseconds,
  },
]

export const idleRows: Row<Pick<Measured, 'contestant' | 'idle'>>[] = [
  {
    label: 'memory a connection',
    value: ({ idle }) => (idle.connectedBytes - idle.emptyBytes) / idle.connections,
    show: kilobytes,
    aim: atMost(0.4),
  },
  { label: 'resident, just started', value: ({ idle }) => idle.emptyBytes, show: megabytes },
  { label: 'resident, all connected', value: ({ idle }) => idle.connectedBytes, show: megabytes },
  {
    label: 'server CPU a connection',
    value: ({ idle }) => idle.cpuMsEach,
    show: (value) => `${value.toFixed(2)} ms`,
  },
]
