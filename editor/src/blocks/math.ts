/**
 * Formulas: their source until the engine is there, then MathML, which every browser draws by itself.
 *
 * Rule: the engine is a file of its own, fetched with the first formula that is shown; without it the source stays.
 */

interface Engine {
  readonly typeset: (element: HTMLElement, latex: string, display: boolean) => void
}

let engine: Promise<Engine> | undefined

/** @param display on a line of its own. */
export function showMath(element: HTMLElement, latex: string, display: boolean): void {
  element.textContent = latex
  if (latex.trim() === '') return
  engine ??= import('./math-engine.ts')
  engine.then(
    ({ typeset }) => typeset(element, latex, display),
    () => {
      // Perhaps the next formula is luckier: somebody may be back on the network by then.
      engine = undefined
    },
  )
}
