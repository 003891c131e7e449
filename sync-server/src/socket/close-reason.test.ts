import { describe, expect, it } from 'vitest'
import { closeReason } from './close-reason.ts'

describe('a close reason', () => {
  it('that fits is left as it is', () => {
    for (const reason of ['', 'too many frames', 'x'.repeat(123)]) expect(closeReason(reason)).toBe(reason)
  })

  it('that is too long ends before the character that does not fit', () => {
    expect(closeReason('x'.repeat(200))).toBe('x'.repeat(123))
    expect(closeReason('ж'.repeat(64))).toBe('ж'.repeat(61))
    expect(closeReason(`a${'🧵'.repeat(40)}`)).toBe(`a${'🧵'.repeat(30)}`)
  })
})
