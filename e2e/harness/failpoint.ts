/**
 * Loaded into a server's process with the faults that are planted in it: `failpoint(name)`, which a planted edit calls
 * where the server is to be caught. It holds its thread for ever when that place is armed, and costs one failing call
 * of the file system otherwise.
 *
 * A place is armed by a file of its name in the folder that the variable says, and tells that it was reached by
 * renaming that file: one step, so that of two threads one is held.
 */
import { renameSync } from 'node:fs'
import { join } from 'node:path'

/** The variable by which a server's process is told the folder. */
export const FAILPOINT_FOLDER = 'FAILPOINT_FOLDER'

export const armedFile = (folder: string, name: string): string => join(folder, encodeURIComponent(name))
export const reachedFile = (folder: string, name: string): string => `${armedFile(folder, name)}.reached`

function failpoint(name: string): void {
  const folder = process.env[FAILPOINT_FOLDER]
  if (folder === undefined) return
  try {
    renameSync(armedFile(folder, name), reachedFile(folder, name))
  } catch {
    return // Not armed.
  }
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

Object.assign(globalThis, { failpoint })
