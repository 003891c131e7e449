/**
 * The survival fuzz of the model, for as many seeds as wanted:
 *
 *   node --conditions=weft:source editor/document/test/main.ts --seeds 20000
 *   node --conditions=weft:source editor/document/test/main.ts --operations 10000000
 *   node --conditions=weft:source editor/document/test/main.ts --first 17 --seeds 1 --verbose
 *
 * Writes one JSON report to its standard output, failures shrunk; exits with 1 when a seed failed.
 */
import { parseArgs } from 'node:util'
import { runSeed, shrink } from './run.ts'

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20000' },
    steps: { type: 'string', default: '40' },
    /** Goes on beyond `seeds` until so many were done. */
    operations: { type: 'string', default: '0' },
    verbose: { type: 'boolean', default: false },
  },
})
const steps = Number(values.steps)
const first = Number(values.first)
const wanted = Number(values.operations)
const last = wanted > 0 ? Number.POSITIVE_INFINITY : first + Number(values.seeds) - 1
const started = performance.now()
const report = { first, seeds: 0, operations: 0, characters: 0, failed: 0, seconds: 0 }
const failures: { seed: number; steps: readonly number[]; failure: string }[] = []
const isDone = (): boolean => wanted > 0 && report.operations >= wanted
for (let seed = first; seed <= last && !isDone(); seed += 1) {
  const onStep = values.verbose ? (line: string): unknown => process.stderr.write(`${line}\n`) : undefined
  const result = runSeed(seed, { steps, ...(onStep === undefined ? {} : { onStep }) })
  report.seeds += 1
  report.operations += result.operations
  report.characters += result.characters
  if (result.failure === undefined) continue
  report.failed += 1
  if (failures.length < 5) failures.push({ seed, steps: shrink(seed, { steps }), failure: result.failure })
}
report.seconds = Math.round((performance.now() - started) / 100) / 10
process.stdout.write(`${JSON.stringify({ ...report, failures })}\n`)
process.exitCode = report.failed > 0 ? 1 : 0
