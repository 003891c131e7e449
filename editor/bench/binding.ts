/**
 * `npm run bench:binding`: what the binding takes of each edit, beside its goals; writes `docs/binding-speed.md`.
 *
 * Figures that miss their goal are printed, not failed: machines are noisy. Ends with 1 when an edit changed nothing, or the
 * editor does not show what the document says.
 */
import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type BindingCosts, type Cost, measureBinding } from './measure.ts'

/** Blocks, and what the binding may take of an edit among so many, ms. */
const GOALS = [
  [1_000, 1],
  [10_000, 2],
] as const

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

const ms = (time: number) => time.toFixed(2)

function line({ edit, share, whole }: Cost, goalMs: number): string {
  const [p50, p95] = [quantile(share, 0.5), quantile(share, 0.95)]
  const is = p95 <= goalMs ? 'met' : p50 <= goalMs ? 'met by half of them' : 'missed'
  return `| ${[edit, ms(p50), ms(p95), ms(quantile(whole, 0.5)), ms(quantile(whole, 0.95)), is].join(' | ')} |`
}

function section({ blocks, openMs, costs, undo }: BindingCosts, goalMs: number): string {
  return `## ${blocks.toLocaleString('en')} blocks: at most ${goalMs} ms

| ms | share, p50 | p95 | whole, p50 | p95 | goal, at p95 |
| -- | --: | --: | --: | --: | -- |
${costs.map((cost) => line(cost, goalMs)).join('\n')}

Opened in ${Math.round(openMs)} ms. An undo, whole: ${ms(quantile(undo, 0.5))} ms, p95 ${ms(quantile(undo, 0.95))} ms.`
}

async function main(): Promise<void> {
  const loadBefore = loadavg()[0] ?? 0
  const sections: string[] = []
  for (const [blocks, goalMs] of GOALS) {
    sections.push(section(measureBinding(blocks), goalMs))
    console.log(`\n${sections.at(-1)}`)
  }
  const [processor] = cpus()
  const text = `# What the binding takes of an edit

Written by \`npm run bench:binding\`; not by hand. The binding's share is what it takes between Lexical and the document, in either
direction, without Lexical's own work, Yjs's and the page's; "whole" has the first two in it, but for what Lexical does only without
a page: it reads the whole text twice for each update. Every tenth block has a bold word.

${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${processor?.model ?? 'unknown'}), load average ${loadBefore.toFixed(2)} before the run.

${sections.join('\n\n')}
`
  await writeFile(fileURLToPath(new URL('../../docs/binding-speed.md', import.meta.url)), text)
  console.log('\nWritten to docs/binding-speed.md.')
}

await main()
