import { describe, expect, it } from 'vitest'
import { colorOf, contrastWithWhite, initialsOf, PALETTE, shownColor } from './people.ts'

describe('the palette', () => {
  it('has at least 4.5:1 against white in every colour', () => {
    expect(contrastWithWhite('#000000')).toBeCloseTo(21, 5)
    expect(contrastWithWhite('#767676')).toBeCloseTo(4.54, 2)
    expect(PALETTE.filter((color) => contrastWithWhite(color) < 4.5)).toEqual([])
  })

  it('gives an id the same colour in every release', () => {
    expect(['', 'ann', 'cleo'].map(colorOf)).toEqual(['#c94c18', '#0a77cb', '#02837e'])
  })

  it('uses every colour, none of them more than twice as often as it should', () => {
    const counts = new Map<string, number>()
    for (let id = 0; id < 1_200; id++) {
      const color = colorOf(`g-${id.toString(36)}`)
      counts.set(color, (counts.get(color) ?? 0) + 1)
    }
    expect(counts.size).toBe(PALETTE.length)
    expect(Math.max(...counts.values())).toBeLessThan(200)
  })
})

describe('a colour from the wire', () => {
  it('is drawn when it is dark enough and nothing but a colour', () => {
    expect(shownColor('#b3261e', 'ann')).toBe('#b3261e')
    expect(shownColor('#0A0', 'ann')).toBe(colorOf('ann'))
    expect(shownColor('#080', 'ann')).toBe('#008800')
    for (const bad of ['#ffff00', 'red;background:url(//x)', 'var(--x)', '', 7, undefined])
      expect(shownColor(bad, 'ann')).toBe(colorOf('ann'))
  })
})

describe('initials', () => {
  it('are the first letters of the first and the last word', () => {
    expect(initialsOf('Ada Lovelace')).toBe('AL')
    expect(initialsOf('  grace   brewster hopper ')).toBe('GH')
    expect(initialsOf('örjan')).toBe('Ö')
    expect(initialsOf('张伟')).toBe('张')
    expect(initialsOf('Anna-Lena (work)')).toBe('AW')
    expect(initialsOf('!?')).toBe('?')
  })
})
