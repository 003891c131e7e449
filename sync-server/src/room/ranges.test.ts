import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRange, addRanges, eachMissing, type Ranges } from './ranges.ts'

if (process.env['SEED'] !== undefined) fc.configureGlobal({ seed: Number(process.env['SEED']) })

const range = fc
  .tuple(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 12 }))
  .map(([start, length]) => ({ start, end: start + length }))

function filled(added: readonly { start: number; end: number }[]): { ranges: Ranges; clocks: Set<number> } {
  const ranges: Ranges = []
  const clocks = new Set<number>()
  for (const { start, end } of added) {
    addRange(ranges, start, end)
    for (let clock = start; clock < end; clock++) clocks.add(clock)
  }
  return { ranges, clocks }
}

describe('ranges', () => {
  it('hold the clocks that were added, sorted, neither touching nor overlapping', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), (added) => {
        const { ranges, clocks } = filled(added)
        const held: number[] = []
        for (let index = 0; index < ranges.length; index += 2)
          for (let clock = ranges[index] ?? 0; clock < (ranges[index + 1] ?? 0); clock++) held.push(clock)
        expect(held).toEqual([...clocks].sort((a, b) => a - b))
        for (let index = 2; index < ranges.length; index += 2)
          expect(ranges[index]).toBeGreaterThan(ranges[index - 1] ?? 0)
      }),
    )
  })

  it('are the same whether many are added at once or one by one', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 40 }), fc.array(range, { maxLength: 40 }), (before, added) => {
        const { ranges } = filled(before)
        const sorted = [...added].sort((a, b) => a.start - b.start)
        addRanges(
          ranges,
          sorted.flatMap(({ start, end }) => [start, end]),
        )
        expect(ranges).toEqual(filled([...before, ...added]).ranges)
      }),
    )
  })

  it('take three hundred thousand between as many others without moving the others each time', () => {
    const every = (first: number): number[] =>
      Array.from({ length: 600_000 }, (_, at) => first + 4 * (at >> 1) + (at & 1))
    const ranges = every(0)
    addRanges(ranges, every(2))
    expect(ranges.length).toBe(1_200_000)
  })

  it('name exactly the part of a range that they lack', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 20 }), range, (added, asked) => {
        const { ranges, clocks } = filled(added)
        const missing: number[] = []
        eachMissing(ranges, asked.start, asked.end, (start, end) => {
          for (let clock = start; clock < end; clock++) missing.push(clock)
        })
        const expected: number[] = []
        for (let clock = asked.start; clock < asked.end; clock++) if (!clocks.has(clock)) expected.push(clock)
        expect(missing).toEqual(expected)
      }),
    )
  })
})
