import { COLORS } from '@weft/document'
import { describe, expect, it } from 'vitest'
import { HIGHLIGHT_SHADES, type Shades, TEXT_SHADES } from './palette.ts'

/** The page's own, from `theme.ts`. */
const BACKGROUND: Shades = { light: '#ffffff', dark: '#16181d' }
const TEXT: Shades = { light: '#1b1f24', dark: '#e6e8eb' }

/** As WCAG 2.2 measures it. */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
  it('every colour can be read on the page and on every highlight', () => {
    const hard = COLORS.flatMap((name) => {
      const behind = [BACKGROUND, ...COLORS.map((color) => HIGHLIGHT_SHADES[color])]
      return behind.filter((shades) => contrast(TEXT_SHADES[name][scheme], shades[scheme]) < 4.5)
    })
    expect(hard).toEqual([])
  })

  it('plain text can be read on every highlight', () => {
    expect(COLORS.filter((name) => contrast(TEXT[scheme], HIGHLIGHT_SHADES[name][scheme]) < 7)).toEqual([])
  })
})
