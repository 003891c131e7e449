import { describe, expect, it } from 'vitest'
import { shouldCompact } from './compaction-policy.ts'

const KIB = 1024
const small = { tailBytes: 1, tailRecords: 1, snapshotBytes: 0 }

describe('shouldCompact', () => {
  it.each([
    ['a short tail while people write', small, false],
    ['no tail', { ...small, tailBytes: 0, tailRecords: 0 }, false],
    ['a tail of 256 KiB', { ...small, tailBytes: 256 * KIB }, false],
    ['a tail above 256 KiB', { ...small, tailBytes: 256 * KIB + 1 }, true],
    [
      'a tail of half a large snapshot',
      { ...small, tailBytes: 2_000 * KIB, snapshotBytes: 4_000 * KIB },
      false,
    ],
    ['a tail above that', { ...small, tailBytes: 2_000 * KIB + 1, snapshotBytes: 4_000 * KIB }, true],
    ['500 records', { ...small, tailRecords: 500 }, false],
    ['501 records, however small', { ...small, tailRecords: 501, snapshotBytes: 4_000 * KIB }, true],
  ])('answers for %s', (_what, sizes, expected) => {
    expect(shouldCompact(sizes)).toBe(expected)
  })

  it('rewrites a growing document a bounded number of times its size', () => {
    let snapshotBytes = 0
    let tailBytes = 0
    let written = 0
    for (let update = 0; update < 20_000; update += 1) {
      tailBytes += 4 * KIB
      if (!shouldCompact({ tailBytes, tailRecords: 1, snapshotBytes })) continue
      snapshotBytes += tailBytes
      tailBytes = 0
      written += snapshotBytes
    }
    expect(written).toBeLessThan(4 * snapshotBytes)
  })
})
