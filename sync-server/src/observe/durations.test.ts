import { describe, expect, it } from 'vitest'
import { Durations } from './durations.ts'

describe('Durations', () => {
  it('counts each once, in the first bound that it does not exceed', () => {
    const durations = new Durations()
    for (const seconds of [0, 0.0005, 0.001, 0.2, 100]) durations.observe(seconds)
    const counts = new Map(durations.cumulative().map(({ seconds, count }) => [seconds, count]))
    expect([0.0005, 0.001, 0.1, 0.25, 10, Infinity].map((bound) => counts.get(bound))).toEqual([
      2, 3, 3, 4, 4, 5,
    ])
    expect([durations.count, durations.seconds]).toEqual([5, 100.2015])
  })

  it('costs less than a microsecond, whatever it counts', () => {
    const durations = new Durations()
    const calls = 5_000
    // The fastest of many rounds: somebody else may have the processor in any of them.
    let leastMs = Number.POSITIVE_INFINITY
    for (let round = 0; round < 50; round++) {
      const startedAt = performance.now()
      for (let index = 0; index < calls; index++) durations.observe((index % 20) / 2)
      leastMs = Math.min(leastMs, performance.now() - startedAt)
    }
    expect(leastMs / calls).toBeLessThan(0.001)
  })
})
