/** What the fuzz has shown, in figures: on the screen, and as `docs/fuzz.md`. */
import { cpus } from 'node:os'
import type { Histogram } from '../load/histogram.ts'
import { print } from '../load/table.ts'
import { LAYERS, type Layer } from './case.ts'
import type { FuzzResult } from './fuzz.ts'
import { LIMITS } from './limits.ts'

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`
const waits = (histogram: Histogram): string => {
  const at = (share: number): string => `${histogram.quantile(share).toFixed(1)} ms`
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)}`
}

/** Each with its name, in the order in which they are to be read. */
export function figures({ tally, ...result }: FuzzResult): [what: string, figure: string][] {
  const overSockets = tally.cases() - tally.cases('rooms')
  const { before, after } = result
  return [
    ['cases', whole(tally.cases())],
    ['of these over sockets', `${whole(overSockets)} in ${Math.round(result.tookMs / 1_000)} s`],
    ['in the process', `${whole(tally.cases('rooms'))} in ${Math.round(result.roomsTookMs / 1_000)} s`],
    ['findings', whole(tally.findings.length)],
    ['honest words typed meanwhile', whole(result.typed)],
    ['honest word to acknowledgement', waits(result.beset.acks)],
    ['the same, with nobody hostile there', waits(result.idle.acks)],
    ['answer of /healthz', waits(result.beset.healthz)],
    ['the same, with nobody hostile there', waits(result.idle.healthz)],
    ['a thread waits for a processor, p99', `${result.beset.processorP99Ms.toFixed(1)} ms`],
    ['the machine stood still (not counted in the above)', `${Math.round(result.pausedMs)} ms`],
    ['resident memory', `${mebibytes(before.residentBytes)} to ${mebibytes(after.residentBytes)}`],
    ['heap after collection', `${mebibytes(before.heapBytes)} to ${mebibytes(after.heapBytes)}`],
    ['buffers outside it', `${mebibytes(before.bufferBytes)} to ${mebibytes(after.bufferBytes)}`],
    ['open files', `${before.openFiles} to ${after.openFiles}`],
    ['timers', `${before.timers} to ${after.timers}`],
    [
      'rooms with people in them that were compared',
      `${tally.rooms.compared}, ${tally.rooms.contradictory} of them not within every type`,
    ],
    [
      'groups in the process after which all were compared',
      `${whole(tally.compared)}, ${whole(tally.contradictory)} of them not within every type`,
    ],
  ]
}

/** A line for each layer: how many cases, and how many ended how. */
function outcomeTable({ tally }: FuzzResult): string {
  const rows = (Object.entries(LAYERS) as [Layer, string][]).map(([layer, title]) => {
    const counts = [...(tally.outcomes.get(layer) ?? [])].sort(([, a], [, b]) => b - a)
    return [
      title,
      whole(tally.cases(layer)),
      counts.map(([name, count]) => `${name}: ${whole(count)}`).join(', '),
    ]
  })
  const lines = [['layer', 'cases', 'outcomes'], ['---', '--:', '---'], ...rows]
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n')
}

/** The fuzz's chapter of `docs/fuzz.md`. @param revision that it ran on */
export function fuzzChapter(result: FuzzResult, revision: string): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`
  const found = result.tally.findings.map(({ what }) => `- ${what.replaceAll('\n', ' ')}`)
  return `# Hostile input

Written by \`npm run fuzz\`; not by hand. Bytes that no client would send, and some that only hostile ones would, are tried
by the hundred thousand on a server while honest people type into the same rooms. What must come of each is known from how it was made,
or from what Yjs, y-protocols and the standard of WebSocket make of it; never from what the server did.

- ${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}, this repository at ${revision}
- seed ${result.size.seed}

${print([['', ''], ...figures(result)])}

\`taken\` is a case that was legal, or that leaned on something nobody has, of which nothing is stored; \`cut\` a connection that ended
within a frame or a request; a number the close code. Honest people are to be acknowledged within ${LIMITS.ackP99Ms} ms, and \`/healthz\` is to answer
within ${LIMITS.healthzP99Ms}, 99 of 100 times, although the generator shares the processors with the server; on a machine that is slow by
itself, within ${LIMITS.timesIdle} times what it took with nobody hostile there, or what a processor is waited for.

${outcomeTable(result)}

${found.length === 0 ? 'Nothing was found in this run.' : `Found in this run:\n\n${found.join('\n')}`}

## How it is judged

- The process is the same in the end, answered \`/healthz\` throughout, wrote neither a warning nor an error into its log and ends with 0.
- No honest connection is lost. On every screen, for a newcomer, and for whoever opens a document after a restart, what was
  typed stands as it was typed; nothing is pending; of content whose sender was closed for it there is no trace.
- Whatever was let in, everybody has the same content: those who were there, who comes later, and who comes after a restart or a
  compaction. Where updates contradict the order of a type within a type (an item to the left of its own left neighbour, or around
  what its writer knew), as Yjs' own undo writes them, what is within that type is held to less: the same clocks. Of the rooms at least
  ${Math.round(LIMITS.comparedRooms * 100)} % must be compared whole, of the groups in the process ${Math.round(100 - LIMITS.contradictoryGroups * 100)} %.
- With the hostile gone: no session, room, socket, open file, timer or listener more than before, at most
  ${mebibytes(LIMITS.heapGrowth)} more of heap or of buffers and ${mebibytes(LIMITS.residentGrowth)} of resident memory, and no stranger among those who are shown as present.
- Case \`n\` of a layer is the same bytes wherever it is made: \`npm run fuzz -- --seed S --only layer:n\` plays its group again. What was
  found once is kept in \`e2e/fuzz/corpus\` and tried first.
`
}
