/** What pasted HTML says of a table. Ragged rows, spans and stray content are put right in `table-shape.ts`. */

/** As many columns or rows as a cell may claim: more is a mistake, or an attempt to fill the page. */
const MOST_SPAN = 64

export function hasHeaderRow(table: HTMLElement): boolean {
  const first = table.querySelector('tr')
  const cells = first === null ? [] : [...first.children]
  if (cells.length > 0 && cells.every((cell) => cell.tagName === 'TH')) return true
  return table.querySelector('thead tr') !== null
}

export function readSpan(cell: HTMLElement, name: 'colspan' | 'rowspan'): number {
  const span = Number.parseInt(cell.getAttribute(name) ?? '', 10)
  return Number.isNaN(span) ? 1 : Math.min(Math.max(span, 1), MOST_SPAN)
}
