import { describe, expect, it } from 'vitest'
import { TokenBucket } from './rate-limit.ts'

describe('TokenBucket', () => {
  it('lets a burst of its capacity through, and then its rate', () => {
    const bucket = new TokenBucket({ perSecond: 10, capacity: 50 }, 0)
    for (let frame = 0; frame < 50; frame++) expect(bucket.take(1, 0)).toBe(0)
    expect(bucket.take(1, 0)).toBe(100)
    expect(bucket.take(1, 200)).toBe(0)
  })

  it('lets one large amount through and tells how long it takes to pay for it', () => {
    const bucket = new TokenBucket({ perSecond: 100, capacity: 500 }, 0)
    expect(bucket.take(1_500, 0)).toBe(10_000)
    expect(bucket.take(0, 10_000)).toBe(0)
  })

  it('never holds more than its capacity', () => {
    const bucket = new TokenBucket({ perSecond: 10, capacity: 5 }, 0)
    expect(bucket.take(6, 1_000_000)).toBe(100)
  })

  it('takes nothing when it tries in vain', () => {
    const bucket = new TokenBucket({ perSecond: 10, capacity: 1 }, 0)
    expect(bucket.tryTake(0)).toBe(0)
    expect(bucket.tryTake(0)).toBe(100)
    expect(bucket.tryTake(100)).toBe(0)
  })

  it('has a token for whoever waited as long as it was told, however often it was looked at meanwhile', () => {
    for (let perSecond = 1; perSecond < 100; perSecond++) {
      const bucket = new TokenBucket({ perSecond, capacity: 1 }, 0)
      bucket.tryTake(0)
      const due = bucket.tryTake(0)
      for (let now = 0; now < due; now += 0.7) bucket.take(0, now)
      expect(bucket.tryTake(due)).toBe(0)
    }
  })

  it('has no bound when its rate is infinite', () => {
    const bucket = new TokenBucket({ perSecond: Number.POSITIVE_INFINITY, capacity: 0 }, 0)
    expect([bucket.take(1e9, 0), bucket.tryTake(0)]).toEqual([0, 0])
  })
})
