/** Icons drawn on a 20 px grid with one line weight. Decorative: the control that shows one carries the words. */
import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit'

const PATHS = {
  back: svg`<path d="M12 4.5 6.5 10l5.5 5.5"/>`,
  plus: svg`<path d="M10 4v12M4 10h12"/>`,
  search: svg`<circle cx="9" cy="9" r="5"/><path d="m13 13 4 4"/>`,
  more: svg`<g fill="currentColor" stroke="none"><circle cx="4" cy="10" r="1.6"/><circle cx="10" cy="10" r="1.6"/><circle cx="16" cy="10" r="1.6"/></g>`,
  trash: svg`<path d="M4 6h12M8 6V4h4v2M5.5 6l.8 10h7.4l.8-10M8.5 9v4.5M11.5 9v4.5"/>`,
  pencil: svg`<path d="m4 16 .8-3.2L13.2 4.400l2.4 2.400L7.2 15.2 4 16Z"/><path d="m11.5 6.1 2.4 2.4"/>`,
  restore: svg`<path d="M4.5 4.500v4h4"/><path d="M4.8 8.300A6 6 0 1 1 4 11.5"/>`,
  link: svg`<path d="M8.5 11.500a3 3 0 0 0 4.2 0l2.6-2.600a3 3 0 0 0-4.2-4.200l-1 1"/><path d="M11.5 8.500a3 3 0 0 0-4.2 0l-2.6 2.600a3 3 0 0 0 4.2 4.200l1-1"/>`,
  copy: svg`<rect x="7" y="7" width="9" height="9" rx="2"/><path d="M13 7V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v5a2 2 0 0 0 2 2h1"/>`,
  check: svg`<path d="m4.5 10.5 3.5 3.5 7.5-8"/>`,
  share: svg`<circle cx="8" cy="7" r="3"/><path d="M2.5 16.500c.4-3 2.6-4.5 5.5-4.5 1.3 0 2.5.3 3.4.9M15 11.500v5M12.5 14h5"/>`,
  person: svg`<circle cx="10" cy="7" r="3"/><path d="M4 16.500c.5-3 3-4.5 6-4.500s5.5 1.5 6 4.5"/>`,
  theme: svg`<circle cx="10" cy="10" r="6"/><path d="M10 4v12a6 6 0 0 0 0-12Z" fill="currentColor"/>`,
  warning: svg`<path d="M10 3.5 17.5 16.500h-15L10 3.500Z"/><path d="M10 8.500v3.500M10 14.200v.1"/>`,
  offline: svg`<path d="M3 3l14 14M6.3 6.500A4.5 4.5 0 0 0 5.5 15h9M9 5a4.5 4.5 0 0 1 5.2 3.7 3.2 3.2 0 0 1 2.6 4.8"/>`,
  close: svg`<path d="m5 5 10 10M15 5 5 15"/>`,
  code: svg`<path d="m7 6-4 4 4 4M13 6l4 4-4 4"/>`,
  people: svg`<circle cx="7" cy="7.5" r="2.5"/><path d="M2 15.500c.4-2.5 2.3-4 5-4s4.6 1.5 5 4"/><path d="M12.5 5.200a2.5 2.5 0 0 1 0 4.600M14.5 12c2 .4 3.2 1.6 3.5 3.5"/>`,
  disk: svg`<ellipse cx="10" cy="5.5" rx="6" ry="2.5"/><path d="M4 5.500v9c0 1.4 2.7 2.5 6 2.500s6-1.1 6-2.500v-9M4 10c0 1.4 2.7 2.5 6 2.500s6-1.1 6-2.5"/>`,
} satisfies Record<string, SVGTemplateResult>

export type IconName = keyof typeof PATHS

export function icon(name: IconName, size = 20): TemplateResult {
  return html`<svg
    width=${size}
    height=${size}
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.6"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${PATHS[name]}
  </svg>`
}
