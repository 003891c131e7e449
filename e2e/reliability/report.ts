/** What trials have shown, in figures: on the screen, and as a chapter of `docs/reliability.md`. */
import { cpus } from 'node:os'
import { Histogram } from '../load/histogram.ts'
import { print } from '../load/table.ts'
import { BUSY_FAILPOINTS } from './failpoints.ts'
import { type Fault, isLong } from './schedule.ts'
import type { StruckStart } from './starting.ts'
import type { TrialResult } from './trial.ts'

/** How they are called, and by what they are counted. */
const FAULTS = [
  ['kill -9', 'kill'],
  ['power cut', 'power cut'],
  ['failed sync to disk', 'failed sync'],
  ['disk full', 'disk full'],
  ['server frozen', 'freeze'],
  ['network cut', 'network cut'],
  ['network stalled', 'network stalled'],
  ['network slow', 'network slow'],
] as const

/** One server that was struck while it started, and whether everything was there afterwards. */
export interface StartOutcome extends StruckStart {
  readonly isWell: boolean
}

/** One planted fault, and whether the checker found it. */
export interface MutantOutcome {
  readonly name: string
  readonly fault: string
  readonly isCaught: boolean
}

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : whole(value)} ms`

/** Each with its name, in the order in which they are to be read. */
export function figures(results: readonly TrialResult[]): [what: string, figure: string][] {
  const sum = (value: (result: TrialResult) => number): string =>
    whole(results.reduce((total, result) => total + value(result), 0))
  // A server run from source to be caught starts and compacts as no other does.
  const published = results.filter(({ plan }) => plan.stage !== 'storage')
  const timed = published.length > 0 ? published : results
  const recovery = together(timed.map((result) => result.recovery))
  const durable = together(timed.map((result) => result.durable))
  return [
    ['trials', whole(results.length)],
    ...FAULTS.map(([name, kind]): [string, string] => [name, sum(({ struck }) => struck.get(kind) ?? 0)]),
    ['server frozen for 5 to 20 s, of these', sum((result) => longOnes(result, 'freeze'))],
    ['network out for 10 to 40 s, of these', sum((result) => longOnes(result, 'network'))],
    ['server caught in the middle of something', sum(({ caught }) => total(caught))],
    ['storage of a document that began to refuse', sum(({ refusals }) => refusals)],
    ['words typed', sum(({ counts }) => counts.sent)],
    ['words acknowledged', sum(({ counts }) => counts.acked)],
    ['words seen by somebody else', sum(({ counts }) => counts.seen)],
    ['lost', sum(({ findings }) => findings.lost.size)],
    ['doubled', sum(({ findings }) => findings.doubled.size)],
    ['anything else wrong', sum(({ findings }) => (findings.isClean ? 0 : findings.wrong.length))],
    ['started to shown to a newcomer, p50', ms(recovery.quantile(0.5))],
    ['started to shown to a newcomer, longest', ms(recovery.quantile(1))],
    ['typed to acknowledged, p50', ms(durable.quantile(0.5))],
    ['typed to acknowledged, p95', ms(durable.quantile(0.95))],
    ['typed to acknowledged, p99', ms(durable.quantile(0.99))],
  ]
}

function together(all: readonly Histogram[]): Histogram {
  const sum = new Histogram()
  for (const one of all) sum.add(one)
  return sum
}

const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0)

/** A trial ends with its first finding: what was to come after it was not done. */
const longOnes = ({ plan, struck }: TrialResult, kind: Fault['kind']): number =>
  plan.faults.slice(0, total(struck)).filter((fault) => fault.kind === kind && isLong(fault)).length

/** How often the server was caught at each place, by kills and by power cuts. */
function places(results: readonly TrialResult[]): string[][] {
  const times = (kind: string, place: string): string =>
    whole(results.reduce((sum, { caught }) => sum + (caught.get(`${kind}, ${place}`) ?? 0), 0))
  const rows = BUSY_FAILPOINTS.map((place) => [place, times('kill', place), times('power cut', place)])
  return [['caught at', 'kill -9', 'power cut'], ...rows]
}

function startRows(starts: readonly StartOutcome[]): string[][] {
  const rows = starts.map(({ stroke, folder, place, isWell }) => [
    `${stroke === 'kill' ? 'kill -9' : stroke}, folder ${folder}`,
    place,
    isWell ? 'nothing lost' : 'LOST',
  ])
  return [['', 'struck at', ''], ...rows]
}

export interface Report {
  readonly results: readonly TrialResult[]
  readonly starts: readonly StartOutcome[]
  readonly mutants: readonly MutantOutcome[]
  /** That the trials ran on. */
  readonly revision: string
  /** What could not be done on this machine, in words. */
  readonly leftOut: readonly string[]
}

/** `docs/reliability.md` whole. */
export function markdownReport({ results, starts, mutants, revision, leftOut }: Report): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`
  const seeds = results.map(({ plan }) => plan.seed)
  const cells: string[][] = [['', ''], ...figures(results).map((line) => [...line])]
  const found = mutants.map(({ name, fault, isCaught }) => [name, fault, isCaught ? 'found' : 'MISSED'])
  return `# What survives

Written by \`npm run reliability\`; not by hand. People type while the server under them is killed again and again, the power of
its disk is cut, its syncs fail and its disk fills up. Then every place that holds a document is compared, word by word, with what
was acknowledged and what others had seen.

- ${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}, this repository at ${revision}
- seeds ${Math.min(...seeds)} to ${Math.max(...seeds)}
${leftOut.map((line) => `- ${line}\n`).join('')}
${print(cells)}

The server is caught in the middle of something by holding the thread that comes to a place in the source; then the process is killed
or the power is cut, while the rest of the server goes on:

${print(places(results))}

And so it is while it starts, on a new folder and on those that each storage format has left (that of format 1 by a server which was killed):

${print(startRows(starts))}

## What the checker finds

A checker is worth what it finds. Each of these faults was planted in a server, and the checker had to find it:

${print([['planted', 'fault', ''], ...found])}

## How it is judged

- In a trial 6 people type into 3 documents through Weft's own provider, and a stock client looks at each. Every word is numbered; that
  it was typed, acknowledged, and first seen by somebody else is written into a history as it happens.
- Acknowledged is what the provider counts as durable, from which people are told "Saved". Seen is what reached any other
  page, that of the same person after a crash too.
- A power cut is the shutdown of an ext4 file system that loses everything that was not synced, its journal too. The process is held
  still at the last moment before, so that every acknowledgement that anybody ever received was given before the cut, and counts;
  then it is killed, and the disk is mounted again.
- A failed sync is an EIO of \`fsync\`, once or from then on. The server has to end by itself with exit code 70.
- The two people in a document come over different networks, which are cut, stalled in one direction or both, or slowed, one
  or both at a time; the server is frozen and goes on (SIGSTOP, SIGCONT).
- Faults strike by seed among the edits, while people type: with half of those that end the server somebody's page crashes and takes
  what was not acknowledged with it, and in half of them nobody who holds words may come back before newcomers have been
  shown every document. After every such end a newcomer must be shown all that was acknowledged or seen before it.
- In the end, on every screen, for a newcomer, in the snapshot with the records after it, and in a replay of all records:
  what was acknowledged or seen is there exactly once, what was not at most once, nothing else, and all texts are
  the same letter by letter. Each word is in exactly one record, and no server wrote an error into its log.
- Trials with power cuts run a server from source in which compactions and checkpoints come every few dozen commits; all others run
  the server as it is published. Times are of the latter, and count whatever was broken meanwhile: a word typed while the server
  is down waits until it is back.

## What it does not show

- A disk that says it has synced and has not, and bits that rot where they lie.
- A seed decides what breaks and among which edits, not when the system lets a thread run: a trial that failed may have to
  be played several times.
- Words are typed and never deleted, in plain text; what becomes of words that are deleted or formatted at once is
  \`docs/merge-report.md\`.
`
}
