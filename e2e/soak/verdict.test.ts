import { describe, expect, it } from 'vitest'
import type { Look } from './look.ts'
import { growth, slope } from './verdict.ts'

const MEBIBYTE = 1_048_576

function looks(change: (at: number) => Partial<Look>): Look[] {
  return Array.from({ length: 10 }, (_, at) => ({
    atMs: at * 20_000,
    residentBytes: 200 * MEBIBYTE,
    heapBytes: 30 * MEBIBYTE,
    bufferBytes: 10 * MEBIBYTE,
    openFiles: 40,
    timers: 3,
    handles: 9,
    listeners: 15,
    storedBytes: (20 + at) * MEBIBYTE,
    committedBytes: (10 + at) * MEBIBYTE,
    ...change(at),
  }))
}

describe('growth', () => {
  it('finds nothing in what breathes', () => {
    const breath = (at: number): number => (at % 3) - 1
    const breathing = looks((at) => ({
      residentBytes: (200 + 10 * breath(at)) * MEBIBYTE,
      heapBytes: (30 + breath(at)) * MEBIBYTE,
      openFiles: 40 + breath(at),
      timers: 3 + breath(at),
    }))
    expect(growth(breathing)).toEqual([])
  })

  it.each<[string, (at: number) => Partial<Look>]>([
    ['heapBytes', (at) => ({ heapBytes: (30 + 0.4 * at) * MEBIBYTE })],
    ['bufferBytes', (at) => ({ bufferBytes: (10 + at) * MEBIBYTE })],
    ['residentBytes', (at) => ({ residentBytes: (200 + 10 * at) * MEBIBYTE })],
    ['listeners', (at) => ({ listeners: 15 + Math.floor(at / 5) })],
    ['openFiles', (at) => ({ openFiles: 40 + at })],
    ['timers', (at) => ({ timers: 3 + at })],
    ['storedBytes', (at) => ({ storedBytes: (20 + 10 * at) * MEBIBYTE })],
  ])('finds %s that grow', (what, change) => {
    expect(growth(looks(change))).toEqual([expect.stringContaining(what)])
  })

  it('knows nothing from too few looks', () => {
    expect(growth(looks(() => ({})).slice(0, 2))).toEqual([expect.stringContaining('2 looks')])
  })
})

describe('slope', () => {
  it('is that of the line, whatever one point says', () => {
    const points = [
      [0, 1],
      [1, 3],
      [2, 500],
      [3, 7],
      [4, 9],
    ] as const
    expect(slope(points)).toBe(2)
  })
})
