import { describe, expect, it } from 'vitest'
import { contestants } from './contestants.ts'
import { atLeast, atMost, atMostOr, type Row, table } from './table.ts'

const all = contestants().map((contestant, index) => ({ contestant, figure: [6, 10, 3][index] ?? 0 }))
const lineOf = (aim: Row<(typeof all)[number]>['aim']) =>
  table([{ label: 'figure', value: ({ figure }) => figure, show: String, aim }], all)[1]

describe('A table of figures', () => {
  it("holds Weft's figure against Hocuspocus', and nobody else's", () => {
    expect(lineOf(atMost(0.6))).toEqual(['figure', '6', '10', '3', '0.60×', '2.00×', '≤ 0.6×', 'met'])
    expect(lineOf(atMost(0.5))?.at(-1)).toBe('missed')
    expect(lineOf(atLeast(0.6))?.at(-1)).toBe('met')
    expect(lineOf(atLeast(0.7))?.at(-1)).toBe('missed')
  })

  it('takes either the ratio or the bound where an aim names both', () => {
    expect(lineOf(atMostOr(0.5, 6))?.at(-1)).toBe('met')
    expect(lineOf(atMostOr(0.6, 5))?.at(-1)).toBe('met')
    expect(lineOf(atMostOr(0.5, 5))?.at(-1)).toBe('missed')
  })

  it('judges nothing that is not aimed at, nor without the one to compare with', () => {
    expect(lineOf(undefined)?.slice(-2)).toEqual(['', ''])
    const alone = all.filter(({ contestant }) => contestant.name === 'weft')
    const [, line] = table(
      [{ label: 'figure', value: ({ figure }) => figure, show: String, aim: atMost(1) }],
      alone,
    )
    expect(line).toEqual(['figure', '6', '≤ 1×', ''])
  })
})
