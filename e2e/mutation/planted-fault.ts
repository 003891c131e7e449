/** The vite plugin that plants the fault named by `WEFT_MUTANT`; without one it does nothing. */
import { MUTANTS } from './mutants.ts'

export function plantedFault(name: string | undefined) {
  const mutant = MUTANTS.find((one) => one.name === name)
  if (name !== undefined && mutant === undefined) throw new Error(`WEFT_MUTANT names no mutant: ${name}`)
  return {
    name: 'weft-planted-fault',
    enforce: 'pre' as const,
    transform(code: string, id: string): string | undefined {
      const edits = mutant?.edits.filter((edit) => id.endsWith(`/${edit.file}`)) ?? []
      if (edits.length === 0) return undefined
      let planted = code
      for (const { file, find, put } of edits) {
        if (planted.split(find).length !== 2) throw new Error(`${name}: ${file} must hold this once: ${find}`)
        planted = planted.replace(find, () => put)
      }
      return planted
    },
  }
}
