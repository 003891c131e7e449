import { describe, expect, it } from 'vitest'
import { scrollNeeded } from './keep-visible.ts'

const top = { top: 0, bottom: 44 }
const bottom = { top: 756, bottom: 800 }

describe('scrollNeeded', () => {
  it('brings a caret out from under either bar, with room to spare', () => {
    expect(scrollNeeded({ top: 770, bottom: 790 }, [bottom], 800)).toBe(46)
    expect(scrollNeeded({ top: 740, bottom: 752 }, [bottom], 800)).toBe(8)
    expect(scrollNeeded({ top: 30, bottom: 50 }, [top], 800)).toBe(-26)
  })

  it('leaves a caret that can be seen where it is', () => {
    expect(scrollNeeded({ top: 400, bottom: 420 }, [top, bottom], 800)).toBe(0)
    expect(scrollNeeded({ top: 400, bottom: 420 }, [], 800)).toBe(0)
  })
})
