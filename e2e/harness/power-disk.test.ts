import { open, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mountPowerDisk, type PowerDisk } from './power-disk.ts'
import { cannotMake } from './tools.ts'

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'a')
  try {
    await file.write(text)
    await file.sync()
  } finally {
    // Also when that failed: nobody can unmount a disk on which a file is open.
    await file.close()
  }
}

describe.skipIf(cannotMake('power cuts'))('a disk whose power is cut', () => {
  const using = async (test: (disk: PowerDisk) => Promise<void>): Promise<void> => {
    const disk = await mountPowerDisk(16)
    try {
      await test(disk)
    } finally {
      await disk.close()
    }
  }

  it('keeps what was synced, loses what was not, and takes nothing until it is restored', () =>
    using(async (disk) => {
      const kept = join(disk.folder, 'kept')
      await writeSynced(kept, 'synced')
      await writeFile(kept, ', and more', { flag: 'a' })
      await writeFile(join(disk.folder, 'gone'), 'never synced')
      await disk.cut()
      await expect(writeSynced(kept, '!')).rejects.toThrow('EIO')
      await disk.restore()
      expect(await readFile(kept, 'utf8')).toBe('synced')
      expect(await readdir(disk.folder)).not.toContain('gone')
      await writeSynced(kept, '!')
      expect(await readFile(kept, 'utf8')).toBe('synced!')
    }))

  it('can be filled to its last block, and freed', () =>
    using(async (disk) => {
      await disk.fill()
      await expect(writeSynced(join(disk.folder, 'more'), 'x')).rejects.toThrow('ENOSPC')
      await disk.free()
      await writeSynced(join(disk.folder, 'more'), 'x')
    }))
})
