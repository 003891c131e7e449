import { describe, expect, it } from 'vitest'
import { OwnEdits } from './own-edits.ts'

describe('OwnEdits', () => {
  it('knows from where on nobody has confirmed what a client wrote', () => {
    const own = new OwnEdits(7, 0)
    expect(own.unconfirmed).toEqual([])
    own.made(1, 7, 3)
    own.made(2, 7, 5)
    expect(own.unconfirmed).toEqual([{ client: 7, from: 0, end: 5 }])
    own.confirmed(1)
    expect(own.unconfirmed).toEqual([{ client: 7, from: 3, end: 5 }])
    own.confirmed(1)
    own.confirmed(2)
    expect(own.unconfirmed).toEqual([])
  })

  it('keeps each of its clients apart, and what was there before it', () => {
    const own = new OwnEdits(7, 40)
    own.made(1, 7, 41)
    own.made(2, 9, 2)
    own.made(3, 9, 6)
    expect(own.unconfirmed).toEqual([
      { client: 7, from: 40, end: 41 },
      { client: 9, from: 0, end: 6 },
    ])
    own.confirmed(2)
    expect(own.unconfirmed).toEqual([{ client: 9, from: 2, end: 6 }])
  })
})
