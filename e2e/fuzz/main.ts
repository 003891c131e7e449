/**
 * `npm run fuzz`: hostile cases by the hundred thousand; see `fuzz.ts`.
 *
 *   npm run fuzz                                      the size of every change, written to docs/fuzz.md
 *   npm run fuzz -- --sockets 1000000 --rooms 0       as many as there is time for
 *   npm run fuzz -- --seed 7 --only updates:4711      one case again, with those beside it on its connection
 *
 * Ends with 1 when anything was found. What was found in the process is made as small as it gets and kept in the corpus.
 */
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { writeChapter } from './chapters.ts'
import { CI_SIZE, runFuzz } from './fuzz.ts'
import { replay } from './replay.ts'
import { figures, fuzzChapter } from './report.ts'
import { keepSmallest } from './shrink.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    sockets: { type: 'string', default: String(CI_SIZE.sockets) },
    rooms: { type: 'string', default: String(CI_SIZE.rooms) },
    /** `layer:number` */
    only: { type: 'string' },
  },
})

function wholeNumber(flag: 'seed' | 'sockets' | 'rooms'): number {
  const value = Number(values[flag])
  if (Number.isSafeInteger(value) && value >= 0) return value
  process.stderr.write(`--${flag} is a whole number from 0, not ${values[flag]}.\n`)
  process.exit(2)
}

const size = { seed: wholeNumber('seed'), sockets: wholeNumber('sockets'), rooms: wholeNumber('rooms') }
if (values.only !== undefined) {
  process.exitCode = await replay(size.seed, values.only)
} else {
  const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim()
  process.stderr.write(`seed ${size.seed}\n`)
  const result = await runFuzz(size)
  for (const [what, figure] of figures(result)) process.stdout.write(`${what.padEnd(48)} ${figure}\n`)
  for (const finding of result.tally.findings) {
    process.stderr.write(`  ${finding.what}\n`)
    if (finding.layer === 'rooms' && finding.group !== undefined)
      process.stderr.write(`    kept as ${await keepSmallest(size.seed, finding.group)}\n`)
  }
  if (result.tally.findings.length > 0) process.exitCode = 1
  if (size.sockets >= CI_SIZE.sockets && size.rooms >= CI_SIZE.rooms)
    await writeChapter('fuzz', fuzzChapter(result, revision))
}
// Threads that compact outlive what they were started for.
process.exit()
