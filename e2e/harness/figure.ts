/** Figures of fault rows: said where tests run, and kept for `npm run faults` (`main.ts`) to write down. */
import { appendFileSync } from 'node:fs'

/** Where the kept ones go, a line each; nowhere while it is not set. */
export const FIGURES_FILE = 'FAULT_FIGURES'

export function figure(text: string): void {
  console.info(text)
  const file = process.env[FIGURES_FILE]
  if (file !== undefined) appendFileSync(file, `${text}\n`)
}

/** How often, or how many, as the environment says; what every change is tested with when it says nothing. */
export function sizeOf(variable: string, ofEveryChange: number): number {
  const said = process.env[variable]
  if (said === undefined || said === '') return ofEveryChange
  const size = Number(said)
  if (Number.isSafeInteger(size) && size > 0) return size
  throw new Error(`${variable} is a whole number from 1, not ${said}`)
}
