import { afterEach, describe, expect, it, vi } from 'vitest'
import { LATEST_MS, pageFrames } from './frames.ts'
import { manualClock } from './testing/manual-clock.ts'

afterEach(() => vi.unstubAllGlobals())

function start({ visibility = 'visible' } = {}) {
  const asked = new Map<number, () => void>()
  let ids = 0
  vi.stubGlobal('document', { visibilityState: visibility })
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
    asked.set(++ids, run)
    return ids
  })
  vi.stubGlobal('cancelAnimationFrame', (id: number) => asked.delete(id))
  const clock = manualClock()
  let ran = 0
  const undo = pageFrames(clock).next(() => ran++)
  return { asked, clock, undo, ran: () => ran }
}

describe('A page’s frames', () => {
  it('run with the next one, once', () => {
    const { asked, clock, ran } = start()
    for (const run of asked.values()) run()
    expect(ran()).toBe(1)
    clock.advance(LATEST_MS)
    expect(ran()).toBe(1)
  })

  it('do not wait for one that is never drawn', () => {
    const { asked, clock, ran } = start()
    clock.advance(LATEST_MS - 1)
    expect(ran()).toBe(0)
    clock.advance(1)
    expect(ran()).toBe(1)
    expect(asked.size).toBe(0)
  })

  it('leave nothing behind when they are not wanted any more', () => {
    const { asked, clock, ran, undo } = start()
    undo?.()
    expect(asked.size).toBe(0)
    expect(clock.nextInMs()).toBeUndefined()
    expect(ran()).toBe(0)
  })

  it('are none in a hidden page, and none in Node', () => {
    expect(start({ visibility: 'hidden' }).undo).toBeUndefined()
    vi.unstubAllGlobals()
    expect(pageFrames(manualClock()).next(() => {})).toBeUndefined()
  })
})
