import { expect, it } from 'vitest'
import { columnRowsOf, holdersOf } from './groups.ts'
import type { BlockShape } from './schema.ts'

function paragraph(indent: number, column?: number): { shape: BlockShape; column?: number } {
  return { shape: { type: 'paragraph', indent }, ...(column === undefined ? {} : { column }) }
}

function toggle(indent: number): { shape: BlockShape } {
  return { shape: { type: 'toggle', indent, collapsed: false } }
}

it('gives a toggle what is deeper behind it, up to the first block that is not', () => {
  const blocks = [paragraph(0), toggle(0), paragraph(1), toggle(1), paragraph(3), paragraph(1), paragraph(0)]
  expect(holdersOf([...blocks, paragraph(1)])).toEqual([-1, -1, 1, 1, 3, 1, -1, -1])
})

it('puts growing column numbers side by side and starts another row when they fall', () => {
  const blocks = [1, 1, 2, 4, 1, 2, undefined, 2].map((column) => paragraph(0, column))
  expect(columnRowsOf(blocks).map(({ columns }) => columns.map(({ from, to }) => [from, to]))).toEqual([
    [
      [0, 2],
      [2, 3],
      [3, 4],
    ],
    [
      [4, 5],
      [5, 6],
    ],
    [[7, 8]],
  ])
})
