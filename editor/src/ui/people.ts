/**
 * How a person looks: colour and initials, the same on every screen and for life.
 *
 * Rule: the colour follows from the id alone, so nobody has to agree on it and a rename keeps it.
 */

/** Each has at least 4.5:1 against white. The order is part of the promise: never reorder, only append elsewhere. */
export const PALETTE = [
  '#ca4459',
  '#c94c18',
  '#a86508',
  '#897311',
  '#548007',
  '#0c8457',
  '#02837e',
  '#037f9a',
  '#0a77cb',
  '#5e6ada',
  '#925ac9',
  '#b84999',
] as const

/** Names beyond this are cut when shown. */
export const MAX_NAME_LENGTH = 80

export function colorOf(id: string): string {
  return PALETTE[fnv1a(id) % PALETTE.length] ?? PALETTE[0]
}

/**
 * A colour that came over the wire, when it can be drawn as it is: `#rgb`, `#rrggbb`, and at least 4.5:1 against
 * white. Anything else (another client's idea of a colour, or an attempt to write CSS) gives the palette's.
 */
export function shownColor(color: unknown, id: string): string {
  if (typeof color !== 'string') return colorOf(id)
  const hex = longHex(color)
  return hex !== undefined && contrastWithWhite(hex) >= 4.5 ? hex : colorOf(id)
}

/** One or two letters: of the first and the last word. `?` for a name without any. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s\-_.]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const first = words[0]
  const last = words.length > 1 ? words[words.length - 1] : undefined
  if (first === undefined) return '?'
  return (firstLetter(first) + (last === undefined ? '' : firstLetter(last))).toLocaleUpperCase()
}

/** WCAG's contrast of a `#rrggbb` colour against white, 1 to 21. */
export function contrastWithWhite(hex: string): number {
  return 1.05 / (luminance(hex) + 0.05)
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function longHex(color: string): string | undefined {
  if (/^#[0-9a-f]{6}$/i.test(color)) return color.toLowerCase()
  if (!/^#[0-9a-f]{3}$/i.test(color)) return undefined
  return color.replace(/[0-9a-f]/gi, (digit) => digit + digit).toLowerCase()
}

function firstLetter(word: string): string {
  return /[\p{L}\p{N}]\p{M}*/u.exec(word)?.[0] ?? ''
}

/** FNV-1a, 32 bit, over UTF-16 units: short, and spreads ids that differ in one character. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash ^= text.charCodeAt(at)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}
