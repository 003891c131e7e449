/** The signs of menus, cards and handles, which come later than the page. They are drawn as those of `icons.ts`. */
import type { TemplateResult } from 'lit'
import { type Drawing, drawn, type IconName, icon } from './icons.ts'

const DRAWINGS = {
  divider: { lines: 'M3.5 12h17M8 6h8M8 18h8' },
  table: {
    lines:
      'M5.5 4.5h13a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2zM3.5 9.5h17M3.5 14.5h17M10 9.5v10',
  },
  'columns-2': { lines: 'M4.5 5h6v14h-6zM13.5 5h6v14h-6z' },
  'columns-3': { lines: 'M3.5 5h4v14h-4zM10 5h4v14h-4zM16.5 5h4v14h-4z' },
  'out-of-columns': {
    lines: 'M4.5 4.5h6v7h-6zM13.5 4.5h6v7h-6zM4 19.5h16M12 12v4.5M9.5 14.5l2.5 2.5 2.5-2.5',
  },
  'row-above': { lines: 'M4.5 13.5h15v6h-15zM12 3.5v6.5M8.75 6.75h6.5' },
  'row-below': { lines: 'M4.5 4.5h15v6h-15zM12 14v6.5M8.75 17.25h6.5' },
  'column-before': { lines: 'M13.5 4.5v15h6v-15zM3.5 12H10M6.75 8.75v6.5' },
  'column-after': { lines: 'M4.5 4.5v15h6v-15zM14 12h6.5M17.25 8.75v6.5' },
  'arrow-up': { lines: 'M12 19.5V5M6.5 10.5L12 5l5.5 5.5' },
  'arrow-down': { lines: 'M12 4.5V19M6.5 13.5L12 19l5.5-5.5' },
  'arrow-left': { lines: 'M19.5 12H5M10.5 6.5L5 12l5.5 5.5' },
  'arrow-right': { lines: 'M4.5 12H19M13.5 6.5L19 12l-5.5 5.5' },
  trash: {
    lines:
      'M4.5 6.5h15M9.5 6.5v-2h5v2M6.5 6.5l.8 11.6a1.5 1.5 0 0 0 1.5 1.4h6.4a1.5 1.5 0 0 0 1.5-1.4l.8-11.6',
  },
  image: {
    lines:
      'M5.5 4.5h13a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2zM4 16.5l4.5-4.5 4 4 3-3 4.5 4.5',
    dots: 'M15.5 8.8h.01',
  },
  file: { lines: 'M13.5 3.5H7a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V9zM13.5 3.5V9H19' },
  embed: {
    lines: 'M5.5 4.5h13a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2zM10 9l5 3-5 3z',
  },
  'inline-equation': { lines: 'M4 12.5h2.5l2.5 6 4-13H20M13.5 12l5 6M18.5 12l-5 6' },
  date: {
    lines:
      'M6 5.5h12a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-10a2 2 0 0 1 2-2zM4 10h16M8.5 3.5v4M15.5 3.5v4',
    dots: 'M12 14.6h.01',
  },
  mention: {
    lines:
      'M15.6 12a3.6 3.6 0 1 1-7.2 0 3.6 3.6 0 0 1 7.2 0zM15.6 8.4v5a2.4 2.4 0 0 0 4.9 0V12a8.5 8.5 0 1 0-3.4 6.8',
  },
  restart: { lines: 'M5 12a7 7 0 1 0 2.2-5.1M5 4.5v4h4M11 10.2l1.7-1V15' },
  equation: { lines: 'M17.5 7.5V5h-11l6 7-6 7h11v-2.5' },
  handle: { lines: '', dots: 'M9 6.5h.01M9 12h.01M9 17.5h.01M15 6.5h.01M15 12h.01M15 17.5h.01' },
  unlink: {
    lines:
      'M16.5 13.4l2.6-2.6a4.3 4.3 0 0 0-6.1-6.1l-2 2M7.5 10.6l-2.6 2.6a4.3 4.3 0 0 0 6.1 6.1l2-2M4.5 4.5l15 15',
  },
  check: { lines: 'M5 12.5l4.5 4.5L19 7.5' },
  close: { lines: 'M6.5 6.5l11 11M17.5 6.5l-11 11' },
  pencil: { lines: 'M4.5 19.5l.8-3.9L15.6 5.3a2 2 0 0 1 2.8 0l.3.3a2 2 0 0 1 0 2.8L8.4 18.7zM14 7l3 3' },
  open: {
    lines: 'M14 4.5h5.5V10M19.5 4.5l-8.5 8.5M17.5 14v3.5a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2H10',
  },
} as const satisfies Record<string, Drawing>

export type MenuIconName = keyof typeof DRAWINGS

export function menuIcon(name: MenuIconName | IconName): TemplateResult {
  return name in DRAWINGS ? drawn(DRAWINGS[name as MenuIconName]) : icon(name as IconName)
}
