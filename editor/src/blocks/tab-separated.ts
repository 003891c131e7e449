/** Cells as text, one line a row and tabs between, as spreadsheets copy and paste them. */

/** @returns rows of cells; undefined for text that is no grid: without a tab, or with lines of different lengths. */
export function parseTabSeparated(text: string): string[][] | undefined {
  if (!text.includes('\t')) return undefined
  const rows: string[][] = [['']]
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    const row = rows.at(-1) ?? []
    const cell = row.at(-1) ?? ''
    if (isQuoted && character === '"') {
      if (text.charAt(at + 1) === '"') {
        row[row.length - 1] = `${cell}"`
        at += 1
      } else isQuoted = false
    } else if (!isQuoted && character === '"' && cell === '' && text.indexOf('"', at + 1) > at)
      isQuoted = true
    else if (!isQuoted && character === '\t') row.push('')
    else if (!isQuoted && character === '\n') rows.push([''])
    else if (character !== '\r') row[row.length - 1] = cell + character
  }
  // A copied range ends with a line's end.
  if (rows.length > 1 && rows.at(-1)?.join('') === '') rows.pop()
  const width = rows[0]?.length ?? 0
  return rows.every((row) => row.length === width) ? rows : undefined
}

export function printTabSeparated(rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string): string => (/["\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
  return rows.map((row) => row.map(quoted).join('\t')).join('\n')
}
