/** What a soak has shown, in figures: on the screen, and as a chapter of `docs/fuzz.md`. */
import { cpus } from 'node:os'
import { print } from '../load/table.ts'
import { cycleOf, LIVED_IN, SLOW, VISITORS } from './plan.ts'
import type { SoakResult } from './soak.ts'
import { slope } from './verdict.ts'

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`

/** Each with its name, in the order in which they are to be read. */
export function figures({
  looks,
  life,
  kills,
  compactions,
  joins,
  plan,
  wrong,
}: SoakResult): [string, string][] {
  type Field = keyof (typeof looks)[number]
  const ends = (what: Field): [number, number] => [
    looks[0]?.[what] ?? Number.NaN,
    looks.at(-1)?.[what] ?? Number.NaN,
  ]
  const bytes = (what: Field): string => {
    const perHour = slope(looks.map((look) => [look.atMs, look[what]])) * 3_600_000
    return `${ends(what).map(mebibytes).join(' to ')}, ${mebibytes(perHour)} an hour`
  }
  const count = (what: Field): string => ends(what).join(' to ')
  return [
    ['minutes', String(plan.minutes)],
    ['looks after warming up', whole(looks.length)],
    ['anything wrong', whole(wrong.length)],
    [
      'visits',
      `${whole(life.visits)}, ${whole(life.returns)} of them with a reconnect, ${whole(life.drops)} without a goodbye`,
    ],
    ['initial states sent', whole(joins)],
    ['words', whole(life.words)],
    ['documents made and thrown away over HTTP', whole(life.papers)],
    ['times that a slow reader stopped', whole(life.pauses)],
    ['logs folded', whole(compactions)],
    ['resident memory', bytes('residentBytes')],
    ['heap after collection', bytes('heapBytes')],
    ['buffers outside it', bytes('bufferBytes')],
    ['open files', count('openFiles')],
    ['timers', count('timers')],
    ['freezes and broken networks', `${whole(life.freezes)}, ${whole(life.cuts)}`],
    ['visits that a broken network ended', whole(life.cutOff)],
    ['sockets and other handles', count('handles')],
    ['listeners on the process', count('listeners')],
    [
      'database, and updates that were committed to it',
      `${mebibytes(ends('storedBytes')[1])}, ${mebibytes(ends('committedBytes')[1])}`,
    ],
    ['kills of the other server', whole(kills?.kills ?? 0)],
    ['acknowledged there, and lost', `${whole(kills?.acknowledged ?? 0)}, ${whole(kills?.lost ?? 0)}`],
  ]
}

/** The soak's chapter of `docs/fuzz.md`. @param revision that it ran on */
export function soakChapter(result: SoakResult, revision: string): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`
  return `# A long day

Written by \`npm run soak\`; not by hand. People stay in ${LIVED_IN} documents and type, ${VISITORS} at a time come, write, lose their connection, come
back and leave, ${SLOW} read slowly, documents are made and thrown away, logs are folded. Every ${Math.round(cycleOf(result.plan).lastsMs / 1_000)} s all visitors leave, the rooms that nobody
has open must be gone, and the process is looked at after a collection. Meanwhile the process is frozen once, and the network between
it and everybody breaks once: who stays comes back with what they have. A second server is killed and started again
all the time.

- ${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}, this repository at ${revision}
- seed ${result.plan.seed}

${print([['', ''], ...figures(result)])}

What an hour adds is the median of the slopes between all looks, so in a short run it is mostly noise; what a run may add
stands in \`e2e/soak/verdict.ts\`. A listener that is never removed, a timer that is never cleared and objects that are
never let go are planted by \`e2e/soak/soak.test.ts\`, and found.
`
}
