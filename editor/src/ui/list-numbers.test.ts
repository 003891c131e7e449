import { describe, expect, it } from 'vitest'
import { numberLabel } from './list-numbers.ts'

describe('a number beside an item', () => {
  it('is written in digits, letters and Roman numerals by turns', () => {
    const labels = [0, 1, 2, 3, 4, 5].map((depth) => numberLabel(4, depth))
    expect(labels).toEqual(['4', 'd', 'iv', '4', 'd', 'iv'])
  })

  it('goes on behind z, and in digits where Roman numerals end', () => {
    expect([26, 27, 52, 53, 702, 703].map((number) => numberLabel(number, 1))).toEqual([
      'z',
      'aa',
      'az',
      'ba',
      'zz',
      'aaa',
    ])
    expect([9, 49, 1_994, 3_999, 4_000].map((number) => numberLabel(number, 2))).toEqual([
      'ix',
      'xlix',
      'mcmxciv',
      'mmmcmxcix',
      '4000',
    ])
  })
})
