/**
 * The signs on buttons: one grid of 24, one stroke of 1.75, round ends, no fills, all drawn here, and those that only later
 * parts show in `menu-icons.ts`.
 *
 * They never speak for themselves: whoever shows one gives the button a name.
 */
import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit'

export interface Drawing {
  readonly lines: string
  /** Points of a list or an exclamation mark, drawn as round dots. */
  readonly dots?: string
}

const DRAWINGS = {
  undo: { lines: 'M8.5 5.5l-4 4 4 4M4.5 9.5H14a5 5 0 0 1 0 10h-3.5' },
  redo: { lines: 'M15.5 5.5l4 4-4 4M19.5 9.5H10a5 5 0 0 0 0 10h3.5' },
  text: { lines: 'M5.5 7V5h13v2M12 5v14M9.5 19h5' },
  'heading-1': { lines: 'M4 6v12M12 6v12M4 12h8M16.8 11.3l2.7-1.8V18' },
  'heading-2': {
    lines:
      'M4 6v12M12 6v12M4 12h8M16.3 11.4c.2-1.2 1-1.9 2.1-1.9 1.2 0 2.1.8 2.1 2 0 2.3-4.2 3.6-4.2 6.5h4.4',
  },
  'heading-3': {
    lines:
      'M4 6v12M12 6v12M4 12h8M16.4 10.6c.4-.7 1.1-1.1 2-1.1 1.2 0 2.1.7 2.1 1.9 0 1.3-1 2-2.3 2 1.5 0 2.5.8 2.5 2.2 0 1.5-1.1 2.4-2.4 2.4-1 0-1.8-.4-2.2-1.2',
  },
  'heading-4': { lines: 'M4 6v12M12 6v12M4 12h8M19 18V9.5l-3.7 5.8h5.4' },
  'bullet-list': { lines: 'M9.5 6H20M9.5 12H20M9.5 18H20', dots: 'M4.75 6h.01M4.75 12h.01M4.75 18h.01' },
  'numbered-list': {
    lines:
      'M10.5 6.5H20M10.5 12H20M10.5 17.5H20M4 5.2l1.6-1V9.2M3.8 15.6c.2-.8.8-1.2 1.5-1.2.8 0 1.4.5 1.4 1.3 0 1.4-2.9 2.3-2.9 4.1h3',
  },
  'check-list': {
    lines:
      'M12.5 6.5H20M12.5 17.5H20M4.8 4h3.4a.8.8 0 0 1 .8.8v3.4a.8.8 0 0 1-.8.8H4.8a.8.8 0 0 1-.8-.8V4.8a.8.8 0 0 1 .8-.8zM3.8 17.6l2 2 3.6-4',
  },
  quote: { lines: 'M5 5v14M10 7h10M10 12h10M10 17h6' },
  callout: {
    lines: 'M5.5 4.5h13a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2zM12 11.5v4.5',
    dots: 'M12 8.2h.01',
  },
  toggle: { lines: 'M5 5.5l4.5 3.5L5 12.5zM13 9h7.5M9.5 16.5h11' },
  'code-block': {
    lines:
      'M5.5 4.5h13a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2zM9.7 9.3L7 12l2.7 2.7M14.3 9.3L17 12l-2.7 2.7',
  },
  plus: { lines: 'M12 5v14M5 12h14' },
  color: { lines: 'M6.5 15.5L12 4l5.5 11.5M8.4 11.5h7.2' },
  bold: { lines: 'M7.5 5h5.25a3.4 3.4 0 0 1 0 6.8H7.5zM7.5 11.8h6.15a3.6 3.6 0 0 1 0 7.2H7.5z' },
  italic: { lines: 'M18 5h-7M13 19H6M14.5 5l-5 14' },
  underline: { lines: 'M7 4v6.8a5 5 0 0 0 10 0V4M5.5 20h13' },
  strike: {
    lines:
      'M4.5 12h15M16.4 7.4C15.9 5.8 14.3 5 12.1 5c-2.6 0-4.4 1.2-4.4 3.1 0 .8.3 1.5.8 2M7.4 16.4c.5 1.7 2.2 2.6 4.6 2.6 2.7 0 4.6-1.2 4.6-3.2 0-.5-.1-.9-.3-1.3',
  },
  code: { lines: 'M8.5 7l-5 5 5 5M15.5 7l5 5-5 5' },
  link: {
    lines:
      'M10 13.8a4.3 4.3 0 0 0 6.1 0l3-3a4.3 4.3 0 0 0-6.1-6.1l-1.3 1.3M14 10.2a4.3 4.3 0 0 0-6.1 0l-3 3a4.3 4.3 0 0 0 6.1 6.1l1.3-1.3',
  },
  indent: { lines: 'M4 5h16M11.5 9.7H20M11.5 14.3H20M4 19h16M4.5 9.5L7 12l-2.5 2.5' },
  outdent: { lines: 'M4 5h16M11.5 9.7H20M11.5 14.3H20M4 19h16M7 9.5L4.5 12 7 14.5' },
  'chevron-down': { lines: 'M7.5 10l4.5 4.5 4.5-4.5' },
  saved: {
    lines: 'M7 18.5a4.3 4.3 0 0 1-.7-8.5A6 6 0 0 1 17.9 11 3.8 3.8 0 0 1 17.6 18.5zM9.2 13.8l2.1 2.1 3.7-3.9',
  },
  saving: {
    lines: 'M19.5 11A7.6 7.6 0 0 0 5.8 7.7M4.5 13a7.6 7.6 0 0 0 13.7 3.3M5.2 3.8v4.1h4.1M18.8 20.2v-4.1h-4.1',
  },
  device: { lines: 'M6.5 5h11a1.5 1.5 0 0 1 1.5 1.5V15H5V6.5A1.5 1.5 0 0 1 6.5 5zM2.8 18.8h18.4' },
  warning: { lines: 'M12 4.5L3.2 19.3h17.6zM12 10v4.2', dots: 'M12 16.9h.01' },
} as const satisfies Record<string, Drawing>

export type IconName = keyof typeof DRAWINGS

/** 20 px unless the style says otherwise; takes the colour of the text around it. */
export function icon(name: IconName): TemplateResult {
  return drawn(DRAWINGS[name])
}

export function drawn(drawing: Drawing): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor"
    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"
  >${lines(drawing.lines)}${drawing.dots === undefined ? '' : dots(drawing.dots)}</svg>`
}

function lines(path: string): SVGTemplateResult {
  return svg`<path d=${path} />`
}

function dots(path: string): SVGTemplateResult {
  return svg`<path d=${path} stroke-width="2.5" />`
}
