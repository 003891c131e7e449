import { describe, expect, it } from 'vitest'
import { placeBeside } from './popover.ts'

const window = { width: 390, height: 800 }
const popup = { width: 240, height: 300 }

describe('placeBeside', () => {
  it('opens below, and above where below does not fit', () => {
    expect(placeBeside({ left: 20, top: 100, right: 60, bottom: 132 }, popup, window)).toEqual({
      left: 20,
      top: 138,
    })
    expect(placeBeside({ left: 20, top: 756, right: 60, bottom: 800 }, popup, window)).toEqual({
      left: 20,
      top: 450,
    })
  })

  it('stays inside the window on every side', () => {
    expect(placeBeside({ left: 370, top: 100, right: 390, bottom: 132 }, popup, window).left).toBe(142)
    expect(placeBeside({ left: -50, top: 100, right: 0, bottom: 132 }, popup, window).left).toBe(8)
    const low = placeBeside({ left: 0, top: 100, right: 9, bottom: 130 }, { width: 9, height: 700 }, window)
    expect(low.top).toBe(92)
  })
})
