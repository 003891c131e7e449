import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packSegment, unpackSegment } from './history.ts'
import { testSeed } from './testing/random.ts'

const plain = (updates: readonly { bytes: Uint8Array }[]): unknown[] =>
  updates.map((update) => ({ ...update, bytes: [...update.bytes] }))

describe('a history segment', () => {
  it('gives back every update with its sequence, time, author and bytes', async () => {
    const update = fc.record({
      at: fc.nat({ max: 2 ** 42 }),
      principal: fc.string({ maxLength: 20 }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 100 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(update, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        async (facts, first) => {
          const updates = facts.map((fact, index) => ({ ...fact, seq: first + index }))
          const segment = await packSegment(updates)
          expect(segment).toMatchObject({ first, last: first + updates.length - 1 })
          expect(plain(await unpackSegment('a', segment))).toEqual(plain(updates))
        },
      ),
      { seed: testSeed() },
    )
  })

  it('takes fewer bytes than the keystrokes it holds', async () => {
    const updates = Array.from({ length: 1_000 }, (_, index) => ({
      seq: index + 1,
      at: 1_700_000_000_000 + index * 150,
      principal: 'person-with-a-long-identifier',
      bytes: new Uint8Array([
        1,
        1,
        0xa3,
        0x9f,
        0x02,
        index & 0x7f,
        0x84,
        0xa3,
        0x9f,
        0x02,
        97 + (index % 26),
        0,
      ]),
    }))
    expect((await packSegment(updates)).bytes.length).toBeLessThan(12_000 / 2)
  })

  it('that is no segment is called corrupt, not shown', async () => {
    await expect(
      unpackSegment('a', { first: 1, last: 2, bytes: new Uint8Array([1, 2, 3]) }),
    ).rejects.toMatchObject({
      code: 'corrupt',
      message: 'document a: history 1 to 2 cannot be unpacked',
    })
  })
})
