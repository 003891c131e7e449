/**
 * Runs seeds of the fuzz in a process of its own, so that Lexical's production build can be chosen:
 *
 *   NODE_ENV=production node --conditions=weft:source editor/test/fuzz/main.ts --seeds 2000
 *   NODE_ENV=production node --conditions=weft:source editor/test/fuzz/main.ts --first 17 --seeds 1 --verbose --only 3,5,8
 *
 * Writes one JSON report to its standard output; exits with 1 when a seed failed.
 */
import { parseArgs } from 'node:util'
import { runSeed, shrink } from './run.ts'

export interface FuzzReport {
  readonly seeds: number
  readonly characters: number
  readonly failed: number
  /** The first few, each with its seed. */
  readonly failures: readonly string[]
  /** The same as entries of `regressions.json`, which lack only why. */
  readonly entries: readonly RecordedRun[]
  /** What was done, when it was one seed. */
  readonly did: readonly string[]
}

/** A run that can be played again, as long as its numbers mean what they meant. */
export interface RecordedRun {
  readonly seed: number
  readonly steps: readonly number[]
  /** What was done in these steps. A fuzz that does something else with them plays another run. */
  readonly did: readonly string[]
}

const { values } = parseArgs({
  options: {
    first: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '2000' },
    steps: { type: 'string', default: '60' },
    /** Ends after this many failures. */
    most: { type: 'string', default: '1000000' },
    /** Steps of the one seed, by comma; all when left out. */
    only: { type: 'string', default: '' },
    verbose: { type: 'boolean', default: false },
  },
})

/**
 * Lexical 0.52 warns (and throws in its development build) when it deletes from an empty block into text that
 * is followed by another run: `$getTextNodeOffset` is given an offset from before the merge. It then clamps.
 */
const KNOWN_WARNING = 'Lexical warning #284'

const complaints: string[] = []
for (const method of ['error', 'warn'] as const)
  Object.assign(globalThis.console, {
    [method]: (...line: unknown[]) => {
      const text = line.map(String).join(' ')
      if (!text.includes(KNOWN_WARNING)) complaints.push(text)
    },
  })

let characters = 0
let failed = 0
const failures: string[] = []
const entries: RecordedRun[] = []
let did: readonly string[] = []
const first = Number(values.first)
const seeds = Number(values.seeds)
let seed = first
for (; seed < first + seeds && failed < Number(values.most); seed += 1) {
  const onStep = values.verbose ? (line: string): unknown => process.stderr.write(`${line}\n`) : undefined
  const only = values.only === '' ? {} : { only: new Set(values.only.split(',').map(Number)) }
  const result = runSeed(seed, {
    steps: Number(values.steps),
    ...only,
    ...(onStep === undefined ? {} : { onStep }),
  })
  characters += result.characters
  did = result.did
  const failure = result.failure ?? complaints.splice(0)[0]
  if (failure === undefined) continue
  failed += 1
  if (failures.length >= 5) continue
  const needed = result.failure === undefined ? [] : shrink(seed, { steps: Number(values.steps) })
  failures.push(`SEED=${seed} [${needed.join(', ')}] ${failure}`)
  const again = runSeed(seed, { steps: Number(values.steps), only: new Set(needed) })
  entries.push({ seed, steps: needed, did: again.did })
}
const report: FuzzReport = {
  seeds: seed - first,
  characters,
  failed,
  failures,
  entries,
  did: seed - first === 1 ? did : [],
}
process.stdout.write(`${JSON.stringify(report)}\n`)
process.exitCode = failed > 0 ? 1 : 0
