/**
 * Weft's own drawings: the mark, a woven swatch for each document, and the cloth of the first page.
 *
 * The swatch is a function of the document's id, so a document is found again by its look, on every device.
 */
import { colorOf } from '@weft/editor'
import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit'
import { styleMap } from 'lit/directives/style-map.js'

export function mark(size: number): TemplateResult {
  return html`<svg width=${size} height=${size} viewBox="0 0 32 32" aria-hidden="true">
    <g fill="var(--weft-mark-warp, #6aa9ff)">
      <rect x="7" y="2" width="6" height="4" rx="1.5" />
      <rect x="7" y="15" width="6" height="15" rx="1.5" />
      <rect x="19" y="2" width="6" height="15" rx="1.5" />
      <rect x="19" y="26" width="6" height="4" rx="1.5" />
    </g>
    <g fill="var(--weft-mark-weft, #0b5fd3)">
      <rect x="2" y="7" width="15" height="6" rx="1.5" />
      <rect x="26" y="7" width="4" height="6" rx="1.5" />
      <rect x="2" y="19" width="4" height="6" rx="1.5" />
      <rect x="15" y="19" width="15" height="6" rx="1.5" />
    </g>
  </svg>`
}

/** Threads in each direction. 4 × 4 gives 2^16 patterns in each of the palette's colours. */
const THREADS = 4

/** Which crossings of the swatch have the weft on top, row by row. Pure, stable for an id for life. */
export function patternOf(id: string): readonly boolean[] {
  let state = 0x9e37_79b9
  for (const character of id)
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x85eb_ca6b) ^ (state >>> 13)
  return Array.from({ length: THREADS * THREADS }, (_, at) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) + at
    return ((state >>> 16) & 1) === 1
  })
}

export function swatch(id: string, size = 36): TemplateResult {
  const color = colorOf(id)
  const cell = 6
  const threads = patternOf(id).map((weftOnTop, at) => {
    const x = 6 + (at % THREADS) * cell
    const y = 6 + Math.floor(at / THREADS) * cell
    return weftOnTop
      ? svg`<rect x=${x} y=${y + 1} width=${cell} height=${cell - 2} />`
      : svg`<rect x=${x + 1} y=${y} width=${cell - 2} height=${cell} opacity="0.38" />`
  })
  return html`<svg
    class="thread"
    style=${styleMap({ '--thread': color })}
    width=${size}
    height=${size}
    viewBox="0 0 36 36"
    aria-hidden="true"
  >
    <rect width="36" height="36" rx="8" opacity="0.13" />
    ${threads}
  </svg>`
}

const HANDS = [
  { color: '#0a77cb', until: 300 },
  { color: '#ca4459', until: 300 },
  { color: '#0c8457', until: 300 },
  { color: '#a86508', until: 300 },
  { color: '#925ac9', until: 208 },
] as const

/** Warp threads of the page, weft threads of five people, the last one still being drawn in. */
export function cloth(): TemplateResult {
  const columns = Array.from({ length: 9 }, (_, column) => 22 + column * 32)
  const rows = HANDS.map((hand, row) => ({ ...hand, y: 30 + row * 33 }))
  const warp = columns.map(
    (x) => svg`<line x1=${x} y1="8" x2=${x} y2="192" stroke="var(--weft-line-strong)" stroke-width="3" />`,
  )
  const weft = rows.map(
    ({ color, until, y }) =>
      svg`<line x1="6" y1=${y} x2=${until} y2=${y} stroke=${color} stroke-width="10" stroke-linecap="round" />`,
  )
  // Where the warp passes over, it is drawn again with a gap of the background on either side.
  const over = rows.flatMap(({ y, until }, row) =>
    columns
      .filter((x, column) => (row + column) % 2 === 0 && x < until)
      .map(
        (x): SVGTemplateResult => svg`
          <line x1=${x} y1=${y - 8} x2=${x} y2=${y + 8} stroke="var(--weft-background)" stroke-width="8" />
          <line x1=${x} y1=${y - 9} x2=${x} y2=${y + 9} stroke="var(--weft-line-strong)" stroke-width="3" />`,
      ),
  )
  return html`<svg class="cloth" viewBox="0 0 306 200" aria-hidden="true">
    ${warp}${weft}${over}
    <g>
      <rect class="caret" x="215" y="139" width="3" height="33" fill="#925ac9" />
      <path d="M215 139h30a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-30Z" fill="#925ac9" />
      <text x="231" y="149.5" fill="#fff" font-size="10" font-weight="600" text-anchor="middle">You</text>
    </g>
  </svg>`
}
