import { describe, expect, it } from 'vitest'
import { Liveness, type Sign } from './liveness.ts'

const looks = (liveness: Liveness, count: number): Sign[] =>
  Array.from({ length: count }, () => liveness.look())

describe('Liveness', () => {
  it('asks who has been silent for twenty looks, again and again, and gives up after ninety', () => {
    const signs = looks(new Liveness(), 90)
    const asked = signs.flatMap((sign, index) => (sign === 'ask' ? [index + 1] : []))
    expect(asked).toEqual([20, 40, 60, 80])
    expect(signs.indexOf('gone')).toBe(89)
  })

  it('begins anew with every word', () => {
    const liveness = new Liveness()
    looks(liveness, 89)
    liveness.heard()
    expect(looks(liveness, 89)).not.toContain('gone')
    expect(liveness.look()).toBe('gone')
  })
})
