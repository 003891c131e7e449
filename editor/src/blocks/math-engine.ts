/** The engine for formulas, behind `math.ts`. It builds elements, never markup, and follows no address in a formula. */
import { render } from 'katex'

/** Most steps of macros: a formula that never ends must not stop the page. */
const MOST_EXPANSIONS = 1_000

/** What cannot be read is shown as it was written, in the colour of errors. */
export function typeset(element: HTMLElement, latex: string, displayMode: boolean): void {
  render(latex, element, {
    output: 'mathml',
    throwOnError: false,
    trust: false,
    maxExpand: MOST_EXPANSIONS,
    maxSize: 20,
    errorColor: 'var(--w-danger)',
    strict: 'ignore',
    displayMode,
  })
}
