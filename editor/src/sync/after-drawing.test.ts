import { describe, expect, it } from 'vitest'
import { AfterDrawing } from './after-drawing.ts'
import { manualClock } from './testing/manual-clock.ts'
import { manualFrames } from './testing/manual-frames.ts'

function start() {
  const frames = manualFrames()
  const clock = manualClock()
  const ran: string[] = []
  const drawing = new AfterDrawing(frames, clock)
  const plan = (name: string): void => drawing.plan(() => ran.push(name))
  return { frames, clock, ran, drawing, plan }
}

describe('work that waits for what is drawn', () => {
  it('comes once the frame is drawn, not within it, and once for all that was planned', () => {
    const { frames, clock, ran, plan } = start()
    plan('first')
    plan('second')
    frames.draw()
    expect(ran).toEqual([])
    clock.advance(0)
    expect(ran).toEqual(['second'])
    frames.draw()
    clock.advance(1_000)
    expect(ran).toEqual(['second'])
    plan('third')
    frames.draw()
    clock.advance(0)
    expect(ran).toEqual(['second', 'third'])
  })

  it('comes at once where nothing is drawn', () => {
    const { frames, ran, plan } = start()
    frames.visible = false
    plan('first')
    plan('second')
    expect(ran).toEqual(['first', 'second'])
  })

  it('comes at once, and once, for whoever cannot wait', () => {
    const { frames, clock, ran, drawing, plan } = start()
    plan('before the frame')
    drawing.settle()
    expect(ran).toEqual(['before the frame'])
    expect(frames.waiting).toBe(0)
    plan('dropped')
    drawing.drop()
    drawing.settle()
    plan('behind the frame')
    frames.draw()
    drawing.settle()
    expect(ran).toEqual(['before the frame', 'behind the frame'])
    expect(clock.nextInMs()).toBeUndefined()
  })
})
