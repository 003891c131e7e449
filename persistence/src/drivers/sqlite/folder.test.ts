import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { startChild } from '../../../test/child.ts'
import { freshPath } from '../../../test/folders.ts'
import { type DocumentStore, openStore } from '../../index.ts'

const open = (folder: string): Promise<DocumentStore> => openStore({ kind: 'sqlite', folder })

describe('the data folder', () => {
  it('is made when missing, for its owner only', async () => {
    const folder = join(freshPath(), 'deep', 'inside')
    const store = await open(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    await store.close()
  })

  it('belongs to one store at a time, and the refusal names the process that has it', async () => {
    const folder = freshPath()
    const first = await open(folder)
    await expect(open(folder)).rejects.toMatchObject({
      code: 'locked',
      message: `data folder ${folder} is in use by process ${process.pid}`,
    })
    await first.create({ id: 'unharmed', kind: 'weft' })
    await first.close()
    const second = await open(folder)
    expect(await second.get('unharmed')).toBeDefined()
    await second.close()
  })

  it('is refused while another process has it, and free as soon as that one is killed', async () => {
    const folder = freshPath()
    const child = startChild('hold-folder.ts', [folder])
    await child.line((line) => line === 'holding')
    await expect(open(folder)).rejects.toMatchObject({
      code: 'locked',
      message: `data folder ${folder} is in use by process ${child.pid}`,
    })
    await child.kill('SIGKILL')
    // The name of the dead process is still there, and stops nobody.
    expect(existsSync(join(folder, 'weft.pid'))).toBe(true)
    const store = await open(folder)
    await store.close()
    expect(readdirSync(folder).toSorted()).toEqual(['weft.db', 'weft.db-shm', 'weft.db-wal', 'weft.lock'])
  })

  it('stays readable to others while it is in use', async () => {
    const folder = freshPath()
    const store = await open(folder)
    await store.create({ id: 'a', kind: 'weft' })
    const other = new DatabaseSync(join(folder, 'weft.db'), { readOnly: true })
    expect(other.prepare('SELECT id FROM documents').get()).toEqual({ id: 'a' })
    other.close()
    await store.close()
  })

  it('must be a folder', async () => {
    const path = freshPath()
    writeFileSync(path, 'not a folder')
    await expect(open(path)).rejects.toMatchObject({
      code: 'unavailable',
      message: `data folder ${path} is a file, not a folder`,
    })
    await expect(open(join(path, 'below'))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^data folder .*below cannot be made: ENOTDIR/),
    })
  })

  it('must be writable', async () => {
    const folder = freshPath()
    mkdirSync(folder)
    chmodSync(folder, 0o555)
    chmodSync(dirname(folder), 0o755)
    // Root may write anywhere, so the attempt is another user's.
    const child = startChild('hold-folder.ts', [folder], process.getuid?.() === 0 ? { uid: 65_534 } : {})
    const line = await child.line(() => true)
    expect(line).toMatch(/^refused unavailable data folder .*\/data is not writable: EACCES/)
    expect(await child.exit()).toBe(0)
  })

  it('must let itself be held', async () => {
    const folder = freshPath()
    mkdirSync(join(folder, 'weft.lock'), { recursive: true })
    await expect(open(folder)).rejects.toMatchObject({
      code: 'unavailable',
      message: `data folder ${folder} cannot be held: unable to open database file`,
    })
    const unnamed = freshPath()
    mkdirSync(join(unnamed, 'weft.pid', 'in the way'), { recursive: true })
    await expect(open(unnamed)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`data folder ${unnamed} cannot be held: `),
    })
  })

  it('must not hold something else under our name', async () => {
    const text = freshPath()
    mkdirSync(text)
    writeFileSync(join(text, 'weft.db'), 'x'.repeat(5_000))
    await expect(open(text)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(`data folder ${text}: weft.db: `),
    })
    const foreign = freshPath()
    mkdirSync(foreign)
    const database = new DatabaseSync(join(foreign, 'weft.db'))
    database.exec('CREATE TABLE recipes (name TEXT)')
    database.close()
    await expect(open(foreign)).rejects.toMatchObject({
      code: 'corrupt',
      message: `data folder ${foreign}: weft.db: it is not a Weft database`,
    })
  })
})
