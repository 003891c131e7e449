/** Plants faults in source while it is loaded (pure). */

/** The variable by which a server's process is told what to plant in itself: an array of `Edit` as JSON. */
export const PLANTED = 'PLANTED_FAULTS'

export interface Edit {
  /** From the root of the repository. */
  readonly file: string
  /** Must be there exactly once. */
  readonly find: string
  readonly put: string
}

/**
 * @param id path or address of the file that `code` is of
 * @returns undefined when there is nothing to plant in it
 * @throws when what an edit looks for is not there once: nobody may believe that a fault was planted which was not
 */
export function plant(edits: readonly Edit[], code: string, id: string): string | undefined {
  const here = edits.filter((edit) => id.endsWith(`/${edit.file}`))
  if (here.length === 0) return undefined
  let planted = code
  for (const { file, find, put } of here) {
    if (planted.split(find).length !== 2) throw new Error(`a fault needs ${file} to hold this once: ${find}`)
    planted = planted.replace(find, () => put)
  }
  return planted
}
