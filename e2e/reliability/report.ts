/** What trials have shown, in figures: on the screen, and as a chapter of `docs/reliability.md`. */
import { cpus } from 'node:os'
import { Histogram } from '../load/histogram.ts'
import { print } from '../load/table.ts'
import { CI_SIZE } from './plan.ts'
import type { TrialResult } from './trial.ts'

/** How they are called, and by what they are counted. */
const FAULTS = [
  ['kill -9', 'kill'],
  ['server frozen', 'freeze'],
  ['network cut', 'network cut'],
  ['network stalled', 'network stalled'],
  ['network slow', 'network slow'],
] as const

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : whole(value)} ms`

/** Each with its name, in the order in which they are to be read. */
export function figures(results: readonly TrialResult[]): [what: string, figure: string][] {
  const sum = (value: (result: TrialResult) => number): string =>
    whole(results.reduce((total, result) => total + value(result), 0))
  const recovery = together(results.map((result) => result.recovery))
  const durable = together(results.map((result) => result.durable))
  return [
    ['trials', whole(results.length)],
    ...FAULTS.map(([name, kind]): [string, string] => [name, sum(({ faults }) => faults.get(kind) ?? 0)]),
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

/** `docs/reliability.md` whole. @param revision that the trials ran on */
export function markdownReport(results: readonly TrialResult[], revision: string): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`
  const seeds = results.map(({ seed }) => seed)
  const cells: string[][] = [['', ''], ...figures(results).map((line) => [...line])]
  return `# What survives

Written by \`npm run reliability\`; not by hand. People type while the server under them is killed again and again. Then every
place that holds a document is compared, word by word, with what was acknowledged and what others had seen.

- ${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}, this repository at ${revision}
- seeds ${Math.min(...seeds)} to ${Math.max(...seeds)}

${print(cells)}

## How it is judged

- In a trial ${CI_SIZE.writers} people type into ${CI_SIZE.documents} documents through Weft's own provider, and a stock client looks at each. Every word is
  numbered; that it was typed, acknowledged, and first seen by somebody else is written into a history as it happens.
- Acknowledged is what the provider counts as durable, from which people are told "Saved". Seen is what reached any other
  page, that of the same person after a crash too.
- The two people in a document come over different networks, which are cut, stalled in one direction or both, or slowed, one
  or both at a time; the server is frozen and goes on (SIGSTOP, SIGCONT).
- Faults strike by seed among the edits, while people type: with half of the kills (-9) somebody's page crashes and takes
  what was not acknowledged with it, and in half of them nobody who holds words may come back before newcomers have been
  shown every document. After every kill a newcomer must be shown all that was acknowledged or seen before it.
- In the end, on every screen, for a newcomer, in the snapshot with the records after it, and in a replay of all records:
  what was acknowledged or seen is there exactly once, what was not at most once, nothing else, and all texts are
  the same letter by letter. Each word is in exactly one record, and no server wrote an error into its log.
- Times count whatever was broken meanwhile: a word typed while the server is down waits until it is back.

## What it does not show

- kill -9 leaves the system's page cache alone: it says nothing of a power cut.
- A seed decides what breaks and among which edits, not when the system lets a thread run: a trial that failed may have to
  be played several times.
- Words are typed and never deleted, in plain text; what becomes of words that are deleted or formatted at once is
  \`docs/merge-report.md\`.
`
}
