import { describe, expect, it } from 'vitest'
import { placeOf } from './popover.ts'

const room = { width: 390, height: 700 }
const panel = { width: 200, height: 180 }
const anchorAt = (left: number, top: number) => ({ left, right: left + 44, top, bottom: top + 44 })

describe('placeOf', () => {
  it('puts a panel below its button with right edges aligned', () => {
    expect(placeOf(anchorAt(330, 100), panel, room)).toEqual({ left: 174, top: 150 })
  })

  it('puts it above when only there is room', () => {
    expect(placeOf(anchorAt(330, 640), panel, room)).toEqual({ left: 174, top: 454 })
  })

  it('never leaves the window on either side', () => {
    expect(placeOf(anchorAt(10, 100), panel, room).left).toBe(8)
    expect(placeOf(anchorAt(370, 100), panel, room).left).toBe(182)
  })

  it('stays below, where it can be scrolled to, when there is room nowhere', () => {
    expect(placeOf(anchorAt(330, 100), { width: 200, height: 690 }, room).top).toBe(150)
  })
})
