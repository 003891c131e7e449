/** `docs/merge-report.md`: what was played, by which rule it was judged, and the counts. */
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Contestant } from './contestant.ts'
import { addTotals, NOTHING, type Total } from './run.ts'

export interface Line {
  readonly scenario: string
  /** In the order of the contestants. */
  readonly totals: readonly Total[]
}

interface Played {
  readonly contestants: readonly Contestant[]
  readonly lines: readonly Line[]
}

/** What each contestant stands on. */
const PACKAGES: { readonly [name in Contestant['name']]: readonly string[] } = {
  weft: ['lexical'],
  'lexical-v1': ['@lexical/yjs', 'lexical'],
  'lexical-v2': ['@lexical/yjs', 'lexical'],
  'y-prosemirror': ['y-prosemirror', 'prosemirror-model', 'prosemirror-state', 'prosemirror-tables'],
}

export async function markdownReport(played: Played): Promise<string> {
  const { contestants, lines } = played
  const versions = await Promise.all(contestants.map(describe))
  const sums = contestants.map((_, index) =>
    lines.reduce((sum, { totals }) => addTotals(sum, totals[index] ?? NOTHING), NOTHING),
  )
  const totals = (label: string, show: (total: Total) => string): string[] => [label, ...sums.map(show)]
  return `# What becomes of words when two people write at once

Written by \`npm run merge-report\`; not by hand. The same scripts, key by key, on four editors with their bindings to Yjs,
without a browser.

- ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, yjs ${await versionOf('yjs')}
${versions.join('\n')}

## All scenarios together

${table([
  ['', ...contestants.map(({ title }) => title)],
  totals('runs', ({ runs }) => count(runs)),
  totals('words lost', ({ lost, due }) => share(lost, due)),
  totals('words doubled', ({ doubled, due }) => share(doubled, due)),
  totals('deleted words that came back', ({ returned }) => count(returned)),
  totals('runs whose screens differ', ({ differing, runs }) => share(differing, runs)),
  totals('runs with an exception', ({ failing, runs }) => share(failing, runs)),
])}

## Words lost

Of all words that had to be there: how many are not, wholly or in part.

${perScenario(played, ({ lost, due }) => share(lost, due))}

## Words doubled

${perScenario(played, ({ doubled, due }) => share(doubled, due))}

## Screens that differ

Runs after which the two people and somebody who opens the document then do not all see the same.

${perScenario(played, ({ differing, runs }) => share(differing, runs))}

## How it is judged

The rule is the same for all, and so is the code (\`editor/test/merge/words.ts\`).

- **A word has to be there, each character exactly once, unless** somebody who had it on their own screen selected and
  deleted it, or it left its own author's screen when that author pressed undo. Nothing else excuses a loss. What an
  undo brings back has to be there again.
- Words have three characters, and every character occurs once in a run. Lost: one of them is missing. Doubled: one is
  there more than once. Both are read from the screen of somebody who opens the document in the end, so a word that
  merely is not shown to one of the two counts as screens that differ.
- Who deletes a row or column of a table deletes what they see in its cells at that moment; what somebody else types there
  meanwhile has to be there, in whatever place.
- A screen is all its text with block kinds, nesting, indent, marks and links; not the caret.
- Each run has a seed that decides words, places, order and deliveries, and is the same script for every contestant. In
  about half the runs both are offline until they are done; in the others updates arrive late, one by one. Places are
  anywhere in a block, inside words too. A local edit is always committed before an update from others is applied.
- Everybody uses the editor's own commands for Enter, lists, links, marks, tables and undo. Undo steps are ended where the
  script says so, not by the clock.

## What it does not show

- Two people, a few acts each against typing; no long sessions. Not the DOM, clipboard formats, input methods or speed.
- v1 and v2 are put together as \`@lexical/react\` does it; **v2 is experimental** and says so in its names.
- y-prosemirror runs with its own sync and undo plugin, on a stand-in for ProseMirror's view that keeps the state and
  tells the plugins; nothing is painted. Its editor has blocks of other kinds and rules of its own, so compare what
  becomes of words, not how the outcome is shaped.
- Whether a change of kind, a format or a move itself survives is not counted, nor where a word ends up; only words and
  screens are.

One scenario alone: \`npm run merge-report -- --only weft,lexical-v1 --scenario heading --seeds 10\`; only a whole run with
the default seeds writes this file.
`
}

function perScenario({ contestants, lines }: Played, show: (total: Total) => string): string {
  return table([
    ['scenario', ...contestants.map(({ title }) => title)],
    ...lines.map(({ scenario, totals }) => [
      `${scenario} (${count(totals[0]?.runs ?? 0)} runs)`,
      ...totals.map(show),
    ]),
  ])
}

async function describe({ name, title }: Contestant): Promise<string> {
  const versions = await Promise.all(PACKAGES[name].map(async (of) => `${of} ${await versionOf(of)}`))
  const own = name === 'weft' ? [`this repository at ${revision()}`] : []
  return `- ${title}: ${[...own, ...versions].join(', ')}`
}

/** As installed for this package; not every package lets its own description be imported. */
async function versionOf(name: string): Promise<string> {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { version: string }
  return version
}

function revision(): string {
  return execFileSync('git', ['describe', '--always'], { encoding: 'utf8' }).trim()
}

const count = (value: number): string => value.toLocaleString('en')

/** A percentage with its counts; a bare 0 where there is none. */
function share(part: number, whole: number): string {
  if (part === 0) return `0 of ${count(whole)}`
  const percent = (100 * part) / whole
  const figure = percent < 0.1 ? '< 0.1' : percent.toFixed(percent < 10 ? 1 : 0)
  return `**${figure} %** (${count(part)} of ${count(whole)})`
}

function table([head = [], ...body]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...body].map((line) => line[column]?.length ?? 0)),
  )
  const row = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [row(head), rule, ...body.map(row)].join('\n')
}
