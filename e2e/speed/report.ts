/** The figures of the three editors: on the screen and, of a whole run, in `docs/editor-speed.md`. */
import type { Machine } from '../harness/bench-command.ts'
import { type Aim, median, megabytes, milliseconds, print, type Row, table, whole } from '../load/table.ts'
import type { EditorContestant } from './contestants.ts'
import { KEYS_PER_SECOND, type SpeedPlan } from './plan.ts'
import type { Gestures, Trial } from './trial.ts'

export interface Measured {
  readonly contestant: EditorContestant
  readonly trials: readonly Trial[]
  /** Of the document that is opened only. */
  readonly openManyMs: readonly number[]
}

export interface Surroundings extends Machine {
  readonly browser: string
  readonly loadBefore: number
  readonly loadAfter: number
}

type Company = 'alone' | 'among'

const FRAME_MS = 16

/** Fits into a frame of a usual screen, and no peer is faster. */
const aheadWithinFrame: Aim = {
  text: `< ${FRAME_MS} ms, ahead`,
  met: (ours, ...theirs) => ours < FRAME_MS && theirs.every((other) => ours < other),
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

type Gesture = Exclude<keyof Gestures, 'cpuMsPerLetter'>

const all = (trials: readonly Trial[], company: Company, gesture: Gesture): number[] =>
  trials.flatMap((trial) => [...trial[company][gesture]])

function keyRows(company: Company): Row<Measured>[] {
  const row = (label: string, gesture: Gesture, share: number, aim?: Aim): Row<Measured> => ({
    label: `${label}, p${share * 100}`,
    value: ({ trials }) => quantile(all(trials, company, gesture), share),
    show: milliseconds,
    aim,
  })
  return [
    row('a letter', 'type', 0.5),
    row('a letter', 'type', 0.95, aheadWithinFrame),
    row('a letter', 'type', 0.99),
    row('Enter', 'enter', 0.5),
    row('Enter', 'enter', 0.95),
    row('a word made bold', 'format', 0.5),
    row('a word made bold', 'format', 0.95),
    {
      label: "main thread's CPU, a letter",
      value: ({ trials }) => median(trials.map((trial) => trial[company].cpuMsPerLetter)),
      show: milliseconds,
    },
  ]
}

const lostRows: Row<Measured>[] = [
  {
    label: 'times the word stayed as it was',
    value: ({ trials }) => trials.reduce((sum, { formatsLost }) => sum + formatsLost, 0),
    show: whole,
    aim: { text: 'none', met: (ours) => ours === 0 },
  },
]

const openRows = (plan: SpeedPlan): Row<Measured>[] => [
  {
    label: `${whole(plan.blocks)} blocks`,
    value: ({ trials }) => median(trials.map(({ openMs }) => openMs)),
    show: milliseconds,
  },
  {
    label: `${whole(plan.manyBlocks)} blocks`,
    value: ({ openManyMs }) => median(openManyMs),
    show: milliseconds,
  },
]

const costRows: Row<Measured>[] = [
  {
    label: 'JavaScript heap',
    value: ({ trials }) => median(trials.map(({ heapBytes }) => heapBytes)),
    show: megabytes,
  },
  {
    label: 'sent a letter',
    value: ({ trials }) => median(trials.map(({ sentPerKey }) => sentPerKey)),
    show: (bytes) => `${whole(bytes)} B`,
  },
  {
    label: 'received a letter',
    value: ({ trials }) => median(trials.map(({ receivedPerKey }) => receivedPerKey)),
    show: (bytes) => `${whole(bytes)} B`,
  },
]

interface Section {
  readonly title: string
  readonly text: string
  readonly cells: string[][]
}

function sections(measured: readonly Measured[], bareMs: readonly number[], plan: SpeedPlan): Section[] {
  const cells = (rows: readonly Row<Measured>[]) => table(rows, measured, (name) => name !== 'weft')
  const each = `${plan.rounds} × ${plan.keys} letters, ${plan.enters} Enters, ${plan.formats} times a word made bold or plain again`
  return [
    {
      title: 'From a key to the frame that shows it, alone',
      text: `A document of ${whole(plan.blocks)} blocks, the caret in the middle of it; ${each}, ${KEYS_PER_SECOND} keys a second.
What there is to hold it against: the browser itself, in a bare \`contenteditable\` of the same text, with no editor, no document behind it and no
network, took ${milliseconds(quantile(bareMs, 0.5))} for a letter at p50 and **${milliseconds(quantile(bareMs, 0.95))} at p95**, in the same rounds.`,
      cells: cells(keyRows('alone')),
    },
    {
      title: `From a key to the frame that shows it, with ${plan.typists} people who type elsewhere in it`,
      text: `The same; the others are stock y-websocket clients in a process of their own that type in bursts of 5 to 7 keys a
second with pauses to think, each burst somewhere else in the document, at places looked for before, and say where their carets are.`,
      cells: cells(keyRows('among')),
    },
    {
      title: 'Keys without an effect',
      text: `Of ${plan.rounds * plan.formats * 2} times that a selected word was to be made bold or plain again, alone and among others.`,
      cells: cells(lostRows),
    },
    {
      title: 'Opening',
      text: `From the navigation to the frame in which the last block is there, nothing cached; the median of the rounds.
Weft lays out the blocks near the screen then, and the others when they come near it (ADR 13).`,
      cells: cells(openRows(plan)),
    },
    {
      title: 'Memory and traffic',
      text: `The heap after a garbage collection with ${whole(plan.blocks)} blocks open; what goes over the socket while one person types alone.`,
      cells: cells(costRows),
    },
    {
      title: 'Round by round',
      text: 'The order of the editors turns with each round, so that a noisy minute meets all alike.',
      cells: roundsTable(measured),
    },
  ]
}

function roundsTable(measured: readonly Measured[]): string[][] {
  const line = (label: string, value: (trial: Trial) => number) => [
    label,
    ...measured.map(({ trials }) => trials.map((trial) => milliseconds(value(trial))).join(' · ')),
  ]
  return [
    ['', ...measured.map(({ contestant }) => contestant.title)],
    line('alone: a letter, p50', ({ alone }) => quantile(alone.type, 0.5)),
    line('alone: a letter, p95', ({ alone }) => quantile(alone.type, 0.95)),
    line('among others: a letter, p50', ({ among }) => quantile(among.type, 0.5)),
    line('among others: a letter, p95', ({ among }) => quantile(among.type, 0.95)),
    line('opening', ({ openMs }) => openMs),
  ]
}

/** The tables alone, for the screen. */
export function screenReport(
  measured: readonly Measured[],
  bareMs: readonly number[],
  plan: SpeedPlan,
): string {
  return sections(measured, bareMs, plan)
    .map(({ title, text, cells }) => `${title}\n${text}\n${print(cells)}`)
    .join('\n\n')
}

/** `docs/editor-speed.md` whole. */
export function markdownReport(
  measured: readonly Measured[],
  bareMs: readonly number[],
  plan: SpeedPlan,
  where: Surroundings,
): string {
  const versions = Object.fromEntries(measured.map(({ contestant }) => [contestant.name, contestant.version]))
  return `# Speed of the editor

Written by \`npm run bench:editor\`; not by hand. The same text in three editors, one after the other in the same browser, all
three over the same Weft server.

- ${where.date}, ${where.machine}, ${where.browser}; load average ${where.loadBefore.toFixed(2)} before the run, ${where.loadAfter.toFixed(2)} after it
- Weft ${versions['weft']} (${where.revision}): \`<weft-editor>\` as every release has it, with its toolbar, its copy on the device and everybody's carets
- Lexical ${versions['lexical']}: the playground's collaboration set-up, \`CollaborationPluginV2__EXPERIMENTAL\` of @lexical/react with rich text, lists, links, code and tables, without its toolbar (\`e2e/speed/pages/lexical.ts\`)
- Tiptap ${versions['tiptap']}: starter kit and Collaboration over y-prosemirror, without a toolbar (\`e2e/speed/pages/tiptap.ts\`)

${sections(measured, bareMs, plan)
  .map(({ title, text, cells }) => `## ${title}\n\n${text}\n\n${print(cells)}`)
  .join('\n\n')}

## How it is measured

- Keys come by a timetable that waits for nobody, through Chrome's debugging protocol. A key's time runs from the timestamp
  of its \`keydown\` to the end of the frame that shows it: scripts, style, layout and paint of the main thread
  (\`e2e/speed/probe.ts\`, the same in all three pages). A key that waits behind others' edits is charged for waiting.
- The main thread's CPU is what it took for everything from the first to the last letter, so among others their edits are in it.
- The server and the other people, who have machines of their own in life, share the two cores with the page here.
- The browser's frames are not tied to a screen's 60 Hz here, so that nobody is charged for waiting for one; but for a frame
  behind one that drew nothing, which the browser holds back for 16 ms.
- Paragraphs, headings and lists, a third of the paragraphs with a bold word, a fifth with a link; by seed, the same for all.
- Percentiles are over all keys of all rounds. The first ${plan.warmUpKeys} letters of each window are not counted.
- In the end every key of everybody must be on the page and in the document that a newcomer gets, and nothing else may have
  changed; otherwise the benchmark fails. So it does when a letter or an Enter is not shown; a format
  that has done nothing by its frame is counted.
- "Met" needs Weft's figure to fit into a frame of ${FRAME_MS} ms and to be ahead of both peers', in this run, unrounded.
- Each editor's document is written by its own code before anybody opens it. Nothing leaves the loopback interface.
`
}
