import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StoreError } from './error.ts'
import { checkRecord, type RecordIdentity, sealRecord } from './record.ts'
import { testSeed } from './testing/random.ts'

const identity: RecordIdentity = { kind: 'update', documentId: 'plan', seq: 7, facts: [1_234, 'ann'] }
const bytes = new TextEncoder().encode('what somebody typed')

describe('the seal of a record', () => {
  it('fits what it was made for', () => {
    const anything = fc.record({
      kind: fc.constantFrom('update', 'snapshot', 'segment'),
      documentId: fc.string(),
      seq: fc.nat(),
      facts: fc.array(fc.oneof(fc.string(), fc.nat())),
    })
    fc.assert(
      fc.property(anything, fc.array(fc.uint8Array({ maxLength: 300 })), (identity, parts) => {
        checkRecord(sealRecord(identity, ...parts), identity, ...parts)
      }),
      { seed: testSeed() },
    )
  })

  it('breaks with any single bit of the bytes or of itself', () => {
    const seal = sealRecord(identity, bytes)
    for (const original of [seal, bytes]) {
      for (let bit = 0; bit < original.length * 8; bit += 1) {
        const flipped = original.slice()
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const [itsSeal, itsBytes] = original === seal ? [flipped, bytes] : [seal, flipped]
        expect(() => checkRecord(itsSeal, identity, itsBytes), `bit ${bit}`).toThrow(StoreError)
      }
    }
  })

  it.each([
    { ...identity, documentId: 'plan2' },
    { ...identity, seq: 8 },
    { ...identity, facts: [1_235, 'ann'] },
    { ...identity, facts: [1_234, 'bob'] },
    { ...identity, kind: 'snapshot' as const },
  ])('breaks when the record is said to be %j', (other) => {
    expect(() => checkRecord(sealRecord(identity, bytes), other, bytes)).toThrow(/checksum differs/)
  })

  it('breaks when bytes move from one part to the next', () => {
    const seal = sealRecord(identity, bytes.subarray(0, 5), bytes.subarray(5))
    expect(() => checkRecord(seal, identity, bytes.subarray(0, 6), bytes.subarray(6))).toThrow(StoreError)
  })

  it('names document and sequence when it breaks', () => {
    expect(() => checkRecord(sealRecord(identity, bytes), identity, bytes.subarray(1))).toThrow(
      'document plan: update 7 is damaged: 18 bytes instead of 19',
    )
  })
})
