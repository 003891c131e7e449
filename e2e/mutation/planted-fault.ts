/** The vite plugin that plants the fault named by `WEFT_MUTANT`; without one it does nothing. */
import { MUTANTS } from './mutants.ts'
import { plant } from './plant.ts'

export function plantedFault(name: string | undefined) {
  const mutant = MUTANTS.find((one) => one.name === name)
  if (name !== undefined && mutant === undefined) throw new Error(`WEFT_MUTANT names no mutant: ${name}`)
  return {
    name: 'weft-planted-fault',
    enforce: 'pre' as const,
    transform: (code: string, id: string): string | undefined => plant(mutant?.edits ?? [], code, id),
  }
}
