/** The report: each shape of load in words with its figures, on the screen and in `docs/benchmarks.md`. */
import type { Machine } from '../harness/bench-command.ts'
import type { ContestantName } from './contestants.ts'
import { coldOpenRows, idleRows, ingestRows, type Measured, peakRows, phaseRows } from './figures.ts'
import type { Loss } from './loss.ts'
import type { PhaseResult } from './phase.ts'
import type { PhaseName, Plan } from './plan.ts'
import { micros, milliseconds, print, table, whole } from './table.ts'

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
    line('everyone: CPU a delivery', 'everyone', cpu),
    line('everyone: p99', 'everyone', p99),
    line('busy: CPU a delivery', 'busy', cpu),
    line('busy: p99', 'busy', p99),
    line('flat out: deliveries a second', 'flatOut', (result) => whole(result.deliveriesPerSecond)),
    line('flat out: CPU a delivery', 'flatOut', cpu),
    ['opened by one person', ...all.map(({ coldOpen }) => coldOpen.openMs.map(milliseconds).join(' · '))],
    [
      'opened by a crowd: CPU each',
      ...all.map(({ coldOpen }) => coldOpen.crowdCpuMs.map((ms) => `${ms.toFixed(2)} ms`).join(' · ')),
    ],
  ]
}

export interface Surroundings extends Machine {
  readonly node: string
  /** Median time of writing and flushing 4 KiB where the servers keep their data. */
  readonly fsyncMs: number
  readonly loadBefore: number
}

function sections(
  all: readonly Measured[],
  plan: Plan,
): { title: string; text: string; cells: string[][] }[] {
  const { coldOpen, idle } = plan
  return [
    {
      title: 'At human rate, everyone typing',
      text: `${plan.people} people in one document, and all ${plan.people} type, in bursts of 5 to 7 keys a second with pauses to think, ${plan.rounds} × ${plan.byHandMs / 1_000} s.
Keys are pressed by a timetable that waits for nobody, and time is counted from the timetable.`,
      cells: table(phaseRows('everyone'), all),
    },
    {
      title: `At human rate, ${plan.writers} of ${plan.people} typing`,
      text: `The same people and the same way of typing, but only ${plan.writers} of them type; the others read.`,
      cells: table(phaseRows('byHand'), all),
    },
    {
      title: 'In a busy room',
      text: `The same people, also by a timetable, but ${whole(plan.busyPerSecond)} edits a second that come independently of each other,
as of some 350 people at human rate, ${plan.rounds} × ${plan.busyMs / 1_000} s.`,
      cells: table(phaseRows('busy'), all),
    },
    {
      title: 'Flat out',
      text: `The same people; each writer keeps ${plan.window} edits on their way and types the next when one has reached all the
others, ${plan.rounds} × ${plan.flatOutMs / 1_000} s. Edits come in volleys here, a write for each writer, which every server that merges can merge well.`,
      cells: table(phaseRows('flatOut'), all),
    },
    { title: 'Memory of the server over all of that', text: '', cells: table(peakRows, all) },
    {
      title: 'Taking in edits',
      text: `Nobody reads. One writer sends the first ${whole(coldOpen.keystrokes)} keystrokes of \`automerge-paper\`, a recorded editing history, each in a
frame of its own, as fast as the server reads them; then ten writers send the first ${whole(coldOpen.shortKeystrokes)} into a document each.
CPU until the server is at rest, watched for ${coldOpen.settleMs / 1_000} s after the last edit: storing and compaction are in it.`,
      cells: table(ingestRows, all),
    },
    {
      title: 'Opening a long document cold',
      text: `That document of ${whole(coldOpen.keystrokes)} keystrokes, on a server stopped with SIGTERM, started again and at rest. One person, ${coldOpen.restarts} times,
each on a fresh start: time from connecting to the last byte of the whole text. Then ${coldOpen.crowdPeople} people at once, ${coldOpen.crowds} times:
server CPU until ${coldOpen.settleMs / 1_000} s after they have left. Each person's text is compared letter by letter.`,
      cells: table(coldOpenRows, all),
    },
    {
      title: 'Idle connections',
      text: `${whole(idle.documents)} documents of ${whole(idle.characters)} characters with ${idle.peopleEach} people each, on a server started anew: ${whole(idle.documents * idle.peopleEach)} connections, all with the whole
document, each with a name and a colour in its awareness. Resident memory beyond that of the process just started, at its least
in ${idle.watchMs / 1_000} s, ${idle.settleMs / 1_000} s after the last has come, shared out among the connections.`,
      cells: table(idleRows, all),
    },
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
  ${plan.settleMs / 1_000} s; what it still does then counts under the last way of typing, and what one way puts off may fall into
  the next. Weft tidies up five seconds after the last person has left, Hocuspocus stores as soon as they have.
- Percentiles are over all deliveries of all rounds; other figures are the median of the rounds, and of a crowd's CPU the
  mean, because the kernel counts in hundredths of a second.
- The generator is one process of its own. It compares every frame of every person with those it has read, byte by
  byte, each distinct one with what was typed, letter by letter, and counts without gaps what each person has; at the
  end it merges every reader's frames into a Y.Doc, whose text must be exactly what was typed. Otherwise the
  benchmark fails (\`npm run bench -- --lose-frames\` loses some on purpose and must fail).
  Where the generator is as busy as a core, the server could have done more.
- "Met" and "missed" compare Weft with Hocuspocus in this run, unrounded.
- No carets while people type: awareness is part of the idle connections alone. Nothing leaves the loopback interface.
- One shape alone: \`npm run bench -- --phase coldOpen\`, or byHand, everyone, busy, flatOut, idle, or several with commas.
`
}
