import { describe, expect, it } from 'vitest'
import { replaceRange } from './replace-range.ts'

describe('replaceRange', () => {
  it.for([0, 1, 3, 999, 1_000, 1_001, 200_000])(
    'says what slices put together say, with %i items',
    (count) => {
      const items = Array.from({ length: count }, (_, index) => index + 100)
      for (const [from, to] of [
        [0, 0],
        [0, 3],
        [2, 5],
        [4, 4],
        [0, 7],
        [7, 7],
      ] as const) {
        const list = [0, 1, 2, 3, 4, 5, 6]
        const wanted = [...list.slice(0, from), ...items, ...list.slice(to)]
        replaceRange(list, from, to, items)
        expect(list).toEqual(wanted)
      }
    },
  )
})
