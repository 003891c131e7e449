/** Figures of several contestants side by side: shown, set against each other, and held against what is aimed at. */

export interface Aim {
  readonly text: string
  /** @param ours Weft's figure @param theirs those of its rivals, at least one */
  met(ours: number, ...theirs: [number, ...number[]]): boolean
}

export const atMost = (times: number): Aim => ({
  text: `≤ ${times}×`,
  met: (ours, theirs) => ours <= times * theirs,
})
export const atLeast = (times: number): Aim => ({
  text: `≥ ${times}×`,
  met: (ours, theirs) => ours >= times * theirs,
})
export const atMostOr = (times: number, milliseconds: number): Aim => ({
  text: `≤ ${times}× or ${milliseconds} ms`,
  met: (ours, theirs) => ours <= times * theirs || ours <= milliseconds,
})

export interface Row<Figures> {
  readonly label: string
  readonly value: (figures: Figures) => number
  readonly show: (value: number) => string
  /** What Weft is to reach beside its rivals. */
  readonly aim?: Aim | undefined
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

export const whole = (value: number) => Math.round(value).toLocaleString('en')
export const milliseconds = (value: number) => `${value < 100 ? value.toFixed(1) : whole(value)} ms`
export const micros = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} µs`
export const percent = (value: number) => `${Math.round(value * 100)} %`
export const kilobytes = (value: number) => `${(value / 1_024).toFixed(1)} KiB`
export const megabytes = (value: number) => `${whole(value / 1_048_576)} MiB`

const ratio = (ours: number, theirs: number): string => {
  const value = ours / theirs
  return Number.isFinite(value) ? `${value >= 10 ? value.toFixed(0) : value.toFixed(2)}×` : '–'
}

interface Side {
  readonly contestant: { readonly name: string; readonly title: string }
}

/**
 * A line of cells for each row: everybody's figure, Weft's ratio to each peer, the aim and whether it is met.
 *
 * @param isRival whom the aims are about; of the servers it is Hocuspocus
 */
export function table<Figures extends Side>(
  rows: readonly Row<Figures>[],
  all: readonly Figures[],
  isRival = (name: string): boolean => name === 'hocuspocus',
): string[][] {
  const ours = all.find(({ contestant }) => contestant.name === 'weft')
  const rivals = all.filter(({ contestant }) => isRival(contestant.name))
  const peers = all.filter((figures) => figures !== ours)
  const head = ['', ...all.map(({ contestant }) => contestant.title)]
  if (ours !== undefined) head.push(...peers.map(({ contestant }) => `to ${contestant.title}`), 'aim', 'is')
  return [
    head,
    ...rows.map(({ label, value, show, aim }) => {
      const line = [label, ...all.map((figures) => show(value(figures)))]
      if (ours === undefined) return line
      const [first, ...others] = rivals.map(value)
      const met =
        aim === undefined || first === undefined
          ? ''
          : aim.met(value(ours), first, ...others)
            ? 'met'
            : 'missed'
      line.push(...peers.map((peer) => ratio(value(ours), value(peer))), aim?.text ?? '', met)
      return line
    }),
  ]
}

/** Columns padded for a terminal, and valid Markdown all the same. */
export function print(cells: readonly (readonly string[])[]): string {
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)),
  )
  const row = (line: readonly string[]) =>
    `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const [head = [], ...body] = cells
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [row(head), rule, ...body.map(row)].join('\n')
}
