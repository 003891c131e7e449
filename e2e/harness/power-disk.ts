/**
 * A disk whose power can be cut: ext4 in a file, with the file system's own shutdown.
 *
 * What was not synced is gone afterwards, as it is when a machine loses its power, and a torn end of the journal is
 * replayed when the disk is mounted again. kill -9 shows nothing of this, because the system's page cache survives it.
 * @see https://man7.org/linux/man-pages/man5/ext4.5.html and `ext4_shutdown` in fs/ext4/ioctl.c
 */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ballastOn, canMount, mayMount, type SmallDisk, unmount } from './small-disk.ts'

const run = promisify(execFile)

/** EXT4_IOC_SHUTDOWN, `_IOR('X', 125, __u32)`; 2 is EXT4_GOING_FLAGS_NOLOGFLUSH: not even the journal is written out. */
const SHUT_DOWN = `$| = 1; print "ready"; <STDIN>; open(my $disk, '<', $ARGV[0]) or die "open: $!"; my $how = pack('L', 2); ioctl($disk, 0x8004587d, $how) or die "ioctl: $!"`

/** Of an ext4 with a journal, nearly. */
const LEAST_BYTES = 8 * 1_048_576

/** What stands in the way of cutting the power here, in words; undefined when nothing does. */
export const noPowerCuts = obstacle()

function obstacle(): string | undefined {
  if (!canMount) return 'it takes root on Linux, and the right to mount'
  // Of Debian's packages e2fsprogs and perl-base, both of which every Debian has.
  const missing = ['mkfs.ext4', 'perl'].filter((tool) => !isInstalled(tool))
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`
  const folder = mkdtempSync(join(tmpdir(), 'weft-power-'))
  try {
    const image = join(folder, 'image')
    writeFileSync(image, '')
    truncateSync(image, LEAST_BYTES)
    execFileSync('mkfs.ext4', ['-q', '-F', image], { stdio: 'ignore' })
    return mayMount(image, ['-o', 'loop']) ? undefined : 'this system mounts no ext4 from a file'
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function isInstalled(tool: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export interface PowerDisk extends SmallDisk {
  /**
   * Resolves when it has happened: no write and no sync succeeds from then on. A sync that is under way at that moment may
   * be told that it succeeded, which no disk that lost its power tells anybody: hold still who would believe it.
   * @param holdStill done at the last moment before
   */
  cut(holdStill?: () => Promise<void>): Promise<void>
  /** As after a reboot, and freed. Whoever had files open on it must have ended. */
  restore(): Promise<void>
}

export async function mountPowerDisk(mebibytes: number): Promise<PowerDisk> {
  const home = await mkdtemp(join(tmpdir(), 'weft-power-'))
  const image = join(home, 'image')
  const folder = join(home, 'disk')
  await mkdir(folder)
  const file = await open(image, 'w')
  await file.truncate(mebibytes * 1_048_576)
  await file.close()
  // Blocks of one page, as on any larger disk; nothing is set aside for root, who fills it here.
  await run('mkfs.ext4', ['-q', '-F', '-b', '4096', '-m', '0', image])
  const mount = () => run('mount', ['-o', 'loop', image, folder])
  await mount()
  const ballast = ballastOn(folder)
  return {
    folder,
    ...ballast,
    async cut(holdStill) {
      const shutDown = spawn('perl', ['-e', SHUT_DOWN, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
      await once(shutDown.stdout, 'data')
      await holdStill?.()
      const ended = once(shutDown, 'exit')
      shutDown.stdin.end('\n')
      const [code] = await ended
      if (code !== 0) throw new Error(`the power could not be cut: perl ended with ${code}`)
    },
    async restore() {
      await unmount(folder)
      await mount()
      // That it was freed before was perhaps not synced.
      await ballast.free()
    },
    async close() {
      await unmount(folder)
      await rm(home, { recursive: true })
    },
  }
}
