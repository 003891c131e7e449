/**
 * `npm run soak`: people live with a server, and it stays as it is; see `soak.ts`.
 *
 *   npm run soak                       ten minutes, written to docs/fuzz.md
 *   npm run soak -- --minutes 480      as long as there is time for
 *
 * Ends with 1 when anything grew, or anything acknowledged was lost.
 */
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { writeChapter } from '../fuzz/chapters.ts'
import { DEFAULT_MINUTES } from './plan.ts'
import { figures, soakChapter } from './report.ts'
import { runSoak } from './soak.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: String(DEFAULT_MINUTES) },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
})
const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  process.stderr.write('--minutes is a number above 0, --seed a whole one.\n')
  process.exit(2)
}

const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim()
process.stderr.write(`seed ${seed}, ${minutes} minutes\n`)
const result = await runSoak({ minutes, seed })
for (const [what, figure] of figures(result)) process.stdout.write(`${what.padEnd(42)} ${figure}\n`)
for (const what of result.wrong) process.stderr.write(`  ${what}\n`)
if (result.wrong.length > 0) process.exitCode = 1
if (minutes >= DEFAULT_MINUTES) await writeChapter('soak', soakChapter(result, revision))
