/** A disk of a few mebibytes in memory, to fill up and to free again. It takes root: `canMount` tells. */
import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Of a file on tmpfs, which hands out pages. */
const PAGE_BYTES = 4_096

export const canMount = process.platform === 'linux' && process.getuid?.() === 0

export interface SmallDisk {
  readonly folder: string
  /** Not one page is left afterwards. */
  fill(): Promise<void>
  /** Safe to call when it is not full. */
  free(): Promise<void>
  /** Nobody may have a file open on it. */
  close(): Promise<void>
}

export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-disk-'))
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder])
  const ballast = join(folder, 'ballast')
  return {
    folder,
    async fill() {
      const file = await open(ballast, 'a')
      try {
        for (const bytes of [new Uint8Array(256 * PAGE_BYTES), new Uint8Array(PAGE_BYTES)]) {
          while (await takes(file, bytes));
        }
      } finally {
        await file.close()
      }
    },
    free: () => rm(ballast, { force: true }),
    async close() {
      await run('umount', [folder])
      await rm(folder, { recursive: true })
    },
  }
}

async function takes(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<boolean> {
  try {
    const { bytesWritten } = await file.write(bytes)
    return bytesWritten === bytes.length
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}
