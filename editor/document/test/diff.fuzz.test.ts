/**
 * What has changed and who wrote it, told of states that many people came to: with moves, undo, tables, offline spells.
 *
 * Held against what the run itself knows: the text of both states, and the ledger of who wrote which character.
 */
import { describe, expect, it } from 'vitest'
import type * as Y from 'yjs'
import { authorsOf, unitsOf } from '../src/authorship.ts'
import { type DiffBlock, type DiffRun, diffFlows } from '../src/diff.ts'
import { flowOf } from '../src/flow.ts'
import { readSegments, type Segment } from '../src/flow-internals.ts'
import { sameMarks } from '../src/marks.ts'
import { readDocument } from '../src/read-document.ts'
import { sameShape } from '../src/schema.ts'
import { cellFlow } from '../src/table.ts'
import type { Ledger } from './ledger.ts'
import { runSeed } from './run.ts'

const SEEDS = 300
const STEPS = 40

/** The document's own flow, and that of each cell that is shown in the later state. */
function flowsOf(before: Y.Doc, after: Y.Doc): { readonly was: Y.Text; readonly is: Y.Text }[] {
  const cells = readDocument(flowOf(after)).blocks.flatMap(({ table }) =>
    (table?.rows ?? []).flatMap(({ id: row }) =>
      (table?.columns ?? []).map(({ id: column }) => ({ table: table?.id ?? '', place: { row, column } })),
    ),
  )
  return [
    { was: flowOf(before), is: flowOf(after) },
    ...cells.map(({ table, place }) => ({
      was: cellFlow(before, table, place),
      is: cellFlow(after, table, place),
    })),
  ]
}

function textOf(runs: readonly { readonly text: string }[]): string {
  return runs.map(({ text }) => text).join('')
}

function shapesOf(segments: readonly Segment[]): { readonly id: string; readonly type: string }[] {
  return segments.map(({ id, shape }) => ({ id, type: shape.type }))
}

/** The earlier and the later state, each read out of the difference of the two. */
function expectBothStates(blocks: readonly DiffBlock[], was: Y.Text, is: Y.Text): void {
  const runs = blocks.flatMap((block) => block.runs)
  const later = blocks.filter(({ kind }) => kind !== 'deleted')
  expect(later.map(({ id, shape }) => ({ id, type: shape.type }))).toEqual(shapesOf(readSegments(is)))
  expect(textOf(runs.filter(({ kind }) => kind !== 'deleted'))).toBe(textOf(readSegments(is)))
  const earlier = blocks.filter(({ kind }) => kind !== 'inserted')
  expect(earlier.map(({ id, shape, before = shape }) => ({ id, type: before.type }))).toEqual(
    shapesOf(readSegments(was)),
  )
  expect(textOf(runs.filter(({ kind }) => kind !== 'inserted'))).toBe(textOf(readSegments(was)))
}

/** What is there in both is `formatted` when it looks otherwise, and `same` when it does not. */
function expectFormats(blocks: readonly DiffBlock[], was: Y.Text, is: Y.Text): void {
  const old = new Map(unitsOf(was).map((unit) => [unit.key, unit]))
  const kinds = unitsOf(is).map((unit) => {
    const earlier = old.get(unit.key)
    if (earlier === undefined) return 'inserted'
    const isSame =
      unit.text === ''
        ? sameShape(earlier.segment.shape, unit.segment.shape)
        : sameMarks(earlier.marks, unit.marks)
    return isSame ? 'same' : 'formatted'
  })
  const told = blocks.flatMap(({ kind, runs }) => [
    ...(kind === 'deleted' ? [] : [kind]),
    ...runs.flatMap((run) => (run.kind === 'deleted' ? [] : Array.from(run.text, () => run.kind))),
  ])
  expect(told).toEqual(kinds)
}

/** Whoever moves something, or brings it back by an undo, has not written it. */
function strangersIn(runs: readonly Pick<DiffRun, 'text' | 'client'>[], ledger: Ledger): string[] {
  return runs.flatMap(({ text, client }) =>
    Array.from(text).flatMap((character) => {
      const writer = ledger.writerOf(character)
      return writer === undefined || writer === (client % 100) - 1
        ? []
        : [`${character} of ${writer} by ${client}`]
    }),
  )
}

describe('between two states of what many people wrote', () => {
  it(`everything is told once, as it was and as it is, with who wrote it, in ${SEEDS} seeds`, () => {
    const seen = { inserted: 0, deleted: 0, formatted: 0, same: 0, moved: 0, cells: 0 }
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { failure } = runSeed(seed, {
        steps: STEPS,
        watch: {
          at: 1 + (seed % STEPS),
          done: (before, after, ledger) => {
            for (const { was, is } of flowsOf(before, after)) {
              const blocks = diffFlows(was, is)
              const runs = blocks.flatMap((block) => block.runs)
              expectBothStates(blocks, was, is)
              expectFormats(blocks, was, is)
              expect(strangersIn(runs, ledger)).toEqual([])
              expect(
                strangersIn(
                  authorsOf(is).flatMap((each) => each.runs),
                  ledger,
                ),
              ).toEqual([])
              for (const { kind, text } of runs) {
                seen[kind] += text.length
                if (kind === 'inserted' && ledger.isMoved(text)) seen.moved += 1
                if (is !== flowOf(after)) seen.cells += 1
              }
            }
          },
        },
      })
      expect({ seed, failure }).toEqual({ seed, failure: undefined })
    }
    // Where nothing was moved, deleted or written in a cell, nothing would be shown.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(SEEDS / 5)
  })
})
