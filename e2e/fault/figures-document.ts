/** `docs/fault-figures.md`: a section for each row that was ever run, of which a run replaces its own unless that held in a larger size. */
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { ROWS, type Row } from './rows.ts'

const FILE = fileURLToPath(new URL('../../docs/fault-figures.md', import.meta.url))

export interface Found {
  /** In which it ran: that of the row, or a share of it. */
  readonly size: number
  /** Titles of tests. */
  readonly passed: readonly string[]
  readonly failed: readonly string[]
  /** Lines that they said. */
  readonly figures: readonly string[]
  readonly tookMs: number
}

const HEAD = `# Faults, as often as a long run makes them happen

Written by \`npm run faults\`; not by hand. What becomes of each fault, and the smaller size in which every change is tested,
stands in \`docs/faults.md\`. A row that was not run in this size yet says so, and one that
ran in a part of it, of how much.
`

const BROKEN = '**did not hold**'

const titleOf = ({ rows, fault }: Row): string => `## ${rows}: ${fault}`

/** @param revision that it ran on */
export function sectionOf(
  row: Row,
  { size, passed, failed, figures, tookMs }: Found,
  revision: string,
): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`
  const line = (text: string): string => `- ${text.replaceAll('\n', ' ').replaceAll('`', "'")}`
  return [
    titleOf(row),
    '',
    `\`${row.variable}=${size}\`${size < row.size ? ` of ${row.size}` : ''}, \`${row.file}\`, ${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}, ` +
      `this repository at ${revision}; ${Math.round(tookMs / 1_000)} s.`,
    '',
    ...passed.map((title) => line(`held: ${title}`)),
    ...failed.map((title) => line(`${BROKEN}: ${title}`)),
    ...figures.map(line),
  ].join('\n')
}

/** @param before the document as it was @returns it with this section in its place, unless that row held in a larger size */
export function withSection(before: string, row: Row, section: string): string {
  const parts = before.split(/\n(?=## )/).map((part) => part.trim())
  const sections = ROWS.map((one) => {
    const title = titleOf(one)
    const was = parts.find((part) => part.split('\n')[0] === title) ?? `${title}\n\nNot run in this size yet.`
    if (one !== row) return was
    const isMore = sizeIn(section, row) >= sizeIn(was, row) || section.includes(BROKEN)
    return isMore ? section : was
  })
  return `${[HEAD.trim(), ...sections].join('\n\n')}\n`
}

/** 0 of a row that never ran. */
const sizeIn = (section: string, { variable }: Row): number =>
  Number(new RegExp(`^\`${variable}=(\\d+)\``, 'm').exec(section)?.[1] ?? 0)

export async function writeRow(row: Row, found: Found, revision: string): Promise<void> {
  const before = await readFile(FILE, 'utf8').catch(() => '')
  await writeFile(FILE, withSection(before, row, sectionOf(row, found, revision)))
}
