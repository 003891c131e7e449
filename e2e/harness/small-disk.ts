/** Disks of a few mebibytes, to fill up and to free again. It takes the right to mount: `canMount` tells. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Of a file on tmpfs, which hands out pages; a block of the ext4 that mkfs makes is no larger. */
const PAGE_BYTES = 4_096
/** Rather than ask again for ever: a process that lets go of its files a little after it has ended. */
const UNMOUNT_WITHIN_MS = 20_000

export const canMount =
  process.platform === 'linux' && process.getuid?.() === 0 && mayMount('tmpfs', ['-t', 'tmpfs'])

/** Being root is not enough in a container: it is tried. @param source what to mount for a moment */
export function mayMount(source: string, options: readonly string[]): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'weft-mount-'))
  try {
    execFileSync('mount', [...options, source, folder], { stdio: 'ignore' })
  } catch {
    rmdirSync(folder)
    return false
  }
  // It may be looked at by somebody at this moment: it goes once they have, whatever becomes of this process.
  execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' })
  rmdirSync(folder)
  return true
}

export interface SmallDisk {
  readonly folder: string
  /** Not one page is left afterwards. */
  fill(): Promise<void>
  /** Safe to call when it is not full. */
  free(): Promise<void>
  /** Nobody may have a file open on it. */
  close(): Promise<void>
}

/** In memory. */
export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-disk-'))
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder])
  return {
    folder,
    ...ballastOn(folder),
    async close() {
      await unmount(folder)
      await rm(folder, { recursive: true })
    },
  }
}

/** @throws when somebody still has a file open on it after `UNMOUNT_WITHIN_MS` */
export async function unmount(folder: string): Promise<void> {
  const giveUpAt = performance.now() + UNMOUNT_WITHIN_MS
  for (;;) {
    try {
      await run('umount', [folder])
      return
    } catch (error) {
      if (performance.now() > giveUpAt) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** How any disk is filled and freed. */
export function ballastOn(folder: string): Pick<SmallDisk, 'fill' | 'free'> {
  const ballast = join(folder, 'ballast')
  return {
    async fill() {
      const file = await open(ballast, 'a')
      try {
        while (await takes(file, new Uint8Array(256 * PAGE_BYTES)));
        // Some file systems set aside more than they need until they know where a file's blocks will be.
        for (let taken = 1; taken > 0; await file.sync()) {
          for (taken = 0; await takes(file, new Uint8Array(PAGE_BYTES)); taken++);
        }
      } finally {
        await file.close()
      }
    },
    free: () => rm(ballast, { force: true }),
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
