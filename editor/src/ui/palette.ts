/**
 * The nine colours of text and of what is behind it, by the names that a document stores.
 *
 * Rule: each can be read on the page and on each of the nine backgrounds, in light and in dark; the test beside this
 * file measures it. A page may override them: `--weft-color-red`, `--weft-highlight-red`.
 */
import { COLORS, type Color } from '@weft/document'
import { type CSSResult, unsafeCSS } from 'lit'

export interface Shades {
  readonly light: string
  readonly dark: string
}

export const TEXT_SHADES: { readonly [name in Color]: Shades } = {
  gray: { light: '#545e68', dark: '#a8b1bb' },
  brown: { light: '#774824', dark: '#d2a588' },
  red: { light: '#a8201a', dark: '#ff9d96' },
  orange: { light: '#8a4300', dark: '#f5ab6e' },
  yellow: { light: '#6b5200', dark: '#e5c453' },
  green: { light: '#0f6630', dark: '#74d092' },
  blue: { light: '#1850ab', dark: '#8ab9ff' },
  purple: { light: '#6f36b6', dark: '#c8a3ff' },
  pink: { light: '#9d2266', dark: '#ff9bcb' },
}

export const HIGHLIGHT_SHADES: { readonly [name in Color]: Shades } = {
  gray: { light: '#e6e8eb', dark: '#353a42' },
  brown: { light: '#f0e2d7', dark: '#463426' },
  red: { light: '#fde0dd', dark: '#542523' },
  orange: { light: '#ffe5cd', dark: '#4e300f' },
  yellow: { light: '#fdf0b0', dark: '#453b10' },
  green: { light: '#d6f2de', dark: '#1b3f26' },
  blue: { light: '#d9e8fd', dark: '#1c385d' },
  purple: { light: '#eae0fb', dark: '#3e285b' },
  pink: { light: '#fce0ee', dark: '#502339' },
}

/** For a `css` template: the colour as this page has it. */
export function textColor(name: Color): CSSResult {
  const { light, dark } = TEXT_SHADES[name]
  return unsafeCSS(`var(--weft-color-${name}, light-dark(${light}, ${dark}))`)
}

export function highlightColor(name: Color): CSSResult {
  const { light, dark } = HIGHLIGHT_SHADES[name]
  return unsafeCSS(`var(--weft-highlight-${name}, light-dark(${light}, ${dark}))`)
}

/** One rule for each colour; `within` is a selector that they are bound to. */
export function colorRules(within: string): CSSResult {
  const rules = COLORS.map(
    (name) =>
      `${within} [data-color='${name}'] { color: ${textColor(name).cssText}; }
       ${within} [data-highlight='${name}'] { background: ${highlightColor(name).cssText}; }`,
  )
  return unsafeCSS(rules.join('\n'))
}
