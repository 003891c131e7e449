import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Moment, Planned } from './planned.ts'

let frames: Map<number, () => void>
let ran: number

function draw(): void {
  const drawn = [...frames.values()]
  frames.clear()
  for (const run of drawn) run()
}

function planned(...moments: readonly Moment[]): Planned {
  const one = new Planned(() => ran++)
  for (const moment of moments) one.plan(moment)
  return one
}

beforeEach(() => {
  vi.useFakeTimers()
  frames = new Map()
  ran = 0
  let handles = 0
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
    frames.set(++handles, run)
    return handles
  })
  vi.stubGlobal('cancelAnimationFrame', (handle: number) => frames.delete(handle))
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('what is planned', () => {
  it('runs in the next frame, behind it, or in a moment for which no frame is asked', () => {
    planned('in-frame')
    draw()
    expect(ran).toBe(1)
    planned('after-frame')
    draw()
    expect(ran).toBe(1)
    vi.advanceTimersByTime(0)
    expect(ran).toBe(2)
    planned('soon')
    expect(frames.size).toBe(0)
    vi.advanceTimersByTime(19)
    expect(ran).toBe(2)
    vi.advanceTimersByTime(1)
    expect(ran).toBe(3)
  })

  it('runs once, at the earliest of what was asked for', () => {
    for (const moments of [
      ['soon', 'after-frame', 'soon'],
      ['after-frame', 'in-frame', 'after-frame'],
      ['soon', 'in-frame', 'in-frame'],
    ] as const) {
      ran = 0
      const one = planned(...moments)
      vi.advanceTimersByTime(1_000)
      expect(ran).toBe(0)
      expect(one.isPlanned).toBe(true)
      draw()
      vi.advanceTimersByTime(0)
      expect([ran, one.isPlanned, frames.size]).toEqual([1, false, 0])
      vi.advanceTimersByTime(1_000)
      draw()
      expect(ran).toBe(1)
    }
  })

  it('can be planned again by what it runs', () => {
    const again = new Planned(() => {
      if (++ran < 3) again.plan('soon')
    })
    again.plan('soon')
    vi.advanceTimersByTime(1_000)
    expect(ran).toBe(3)
  })

  it('does not run once it is taken back', () => {
    const frame = planned('in-frame')
    frame.cancel()
    const behind = planned('after-frame')
    draw()
    behind.cancel()
    const moment = planned('soon')
    moment.cancel()
    vi.advanceTimersByTime(1_000)
    draw()
    expect([ran, moment.isPlanned, vi.getTimerCount()]).toEqual([0, false, 0])
  })
})
