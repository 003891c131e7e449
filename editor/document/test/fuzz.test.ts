/**
 * The survival fuzz: several people, offline spells, undo, reloads, a client of schema 1 in every third run. Every run
 * is the same run; `main.ts` replays one by its seed, prints what happened and runs as many as wanted.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createMarker } from '../src/flow.ts'
import { readSegments, writeSteps } from '../src/flow-internals.ts'
import { EDITS } from './actions.ts'
import { type RunOptions, runSeed, shrink } from './run.ts'

const SEEDS = 20_000
const STEPS = 30
/** That of the runs in `regressions.json`. */
const OLD_STEPS = 40

async function fuzz(first: number, seeds: number): Promise<{ seeds: number; failures: unknown[] }> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const numbers = ['--first', String(first), '--seeds', String(seeds), '--steps', String(STEPS)]
  const args = ['--conditions=weft:source', '--disable-warning=ExperimentalWarning', main, ...numbers]
  // A failing run exits with 1 and still says which seeds.
  const { stdout } = await promisify(execFile)(process.execPath, args).catch(
    (error: unknown) => error as { stdout: string },
  )
  return JSON.parse(stdout) as { seeds: number; failures: unknown[] }
}

describe('the model under several people', () => {
  it(`loses, doubles or moves no word in ${SEEDS} seeds, and everybody has the same in the end`, async () => {
    const half = SEEDS / 2
    const reports = await Promise.all([fuzz(1, half), fuzz(1 + half, half)])
    expect(reports.flatMap(({ failures }) => failures)).toEqual([])
    expect(reports.map(({ seeds }) => seeds)).toEqual([half, half])
  }, 300_000)

  it('fails in no way it has failed before', () => {
    const file = readFileSync(new URL('./regressions.json', import.meta.url), 'utf8')
    for (const { seed, steps, why } of JSON.parse(file) as { seed: number; steps: number[]; why: string }[])
      expect({ why, ...runSeed(seed, { steps: OLD_STEPS, only: new Set(steps) }) }).toMatchObject({
        why,
        failure: undefined,
      })
  })
})

const MUTANTS: { readonly [name: string]: Omit<RunOptions, 'steps'> } = {
  'a marker without id': {
    edits: {
      ...EDITS,
      createMarker: (shape, id) => {
        const marker = createMarker(shape, id)
        marker.delete('id')
        return marker
      },
    },
  },
  'an undo that spares nothing': { isFiltered: false },
  'a format that writes the text anew': {
    edits: {
      ...EDITS,
      format: (flow, transaction, at, { before, text, marks }) =>
        writeSteps(flow, transaction, at, [
          { kind: 'retain', length: before },
          { kind: 'delete', length: text.length },
          { kind: 'text', text, marks: marks.bold === true ? { bold: true } : {} },
        ]),
    },
  },
  'a moved block that is copied twice': {
    edits: {
      ...EDITS,
      moveBlocks: (flow, transaction, move) => {
        const isMoved = EDITS.moveBlocks(flow, transaction, move)
        if (!isMoved) return false
        const at = readSegments(flow)
        const again = move.before <= move.from ? move.before : move.before - (move.to - move.from)
        const segment = at[Math.max(again, 1)] ?? at.at(-1)
        if (segment !== undefined)
          writeSteps(flow, transaction, segment, [{ kind: 'text', text: segment.text, marks: {} }])
        return true
      },
    },
  },
}

describe('the fuzz', () => {
  for (const [name, options] of Object.entries(MUTANTS))
    it(`catches ${name}`, () => {
      let seed = 1
      while (seed <= 3_000 && runSeed(seed, { ...options, steps: STEPS }).failure === undefined) seed += 1
      expect(seed).toBeLessThan(3_000)
      const steps = shrink(seed, { ...options, steps: STEPS })
      expect(steps.length).toBeLessThanOrEqual(15)
      expect(runSeed(seed, { ...options, steps: STEPS, only: new Set(steps) }).failure).toBeDefined()
    })
})
