import { describe, expect, it } from 'vitest'
import { GapAsking } from './gap-asking.ts'
import { Knowledge } from './knowledge.ts'

const missing = { client: 7, clock: 3 }

function knowing(clocks: Record<number, number>): Knowledge {
  const known = new Knowledge()
  for (const [client, clock] of Object.entries(clocks)) known.advance(Number(client), clock)
  return known
}

describe('GapAsking', () => {
  it('has one question open at a time', () => {
    const asking = new GapAsking()
    const known = knowing({ 1: 1 })
    asking.asked(known, 0)
    known.advance(1, 2)
    expect(asking.found(missing, true, known, 5_000)).toBe(false)
    asking.answered()
    expect(asking.found(missing, true, known, 5_000)).toBe(true)
  })

  it('does not ask about the same vector again while its answer had a gap', () => {
    const asking = new GapAsking()
    const known = knowing({ 1: 1 })
    asking.asked(known, 0)
    asking.answered()
    expect(asking.found(missing, true, known, 60_000)).toBe(false)
  })

  it('asks again about the same vector once its answer was taken whole: the client has learnt something since', () => {
    const asking = new GapAsking()
    const known = knowing({ 1: 1 })
    asking.asked(known, 0)
    asking.answered()
    asking.filled()
    expect(asking.found(missing, true, known, 500)).toBe(false)
    expect(asking.found(missing, true, known, 1_500)).toBe(true)
  })

  it('asks again once what was missing first has arrived, however much was missing after it', () => {
    const asking = new GapAsking()
    const known = knowing({ 1: 1 })
    asking.asked(known, 0)
    asking.answered()
    asking.found(missing, true, known, 1)
    asking.found({ client: 1, clock: 50 }, true, known, 2)
    known.advance(7, 3)
    expect(asking.learnt(known)).toBe(false)
    known.advance(7, 4)
    expect(asking.learnt(known)).toBe(true)
    expect(asking.learnt(known)).toBe(false)
  })

  it('believes a step 2 about what is missing', () => {
    const asking = new GapAsking()
    const known = knowing({ 1: 1 })
    asking.found(missing, true, known, 0)
    asking.found({ client: 8, clock: 0 }, false, known, 0)
    known.advance(7, 9)
    expect(asking.learnt(known)).toBe(false)
    known.advance(8, 1)
    expect(asking.learnt(known)).toBe(true)
  })
})
