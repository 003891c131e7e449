import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { failCalls, noFailingCalls } from './failing-calls.ts'

/** Syncs a file once for each line, and says what came of it. */
const SYNCER = `
const { openSync, fsyncSync } = require('node:fs')
const file = openSync(process.argv[1], 'a')
require('node:readline').createInterface({ input: process.stdin }).on('line', () => {
  try { fsyncSync(file); console.log('synced') } catch (error) { console.log(error.code) }
})
console.log('ready')
`

it.skipIf(noFailingCalls !== undefined)(
  'the second sync from now on fails, the next one does not, and none does once it is taken back',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weft-calls-'))
    const syncer = spawn(process.execPath, ['-e', SYNCER, join(folder, 'file')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: syncer.stdout })[Symbol.asyncIterator]()
    const said = async () => (await lines.next()).value
    const sync = () => {
      syncer.stdin.write('\n')
      return said()
    }
    try {
      expect(await said()).toBe('ready')
      const second = { call: 'fsync', error: 'EIO', nth: 2, andLater: false } as const
      const undo = await failCalls(syncer.pid ?? 0, second)
      expect([await sync(), await sync(), await sync()]).toEqual(['synced', 'EIO', 'synced'])
      await undo()
      const undoAll = await failCalls(syncer.pid ?? 0, { ...second, nth: 1, andLater: true })
      expect([await sync(), await sync()]).toEqual(['EIO', 'EIO'])
      await undoAll()
      expect(await sync()).toBe('synced')
    } finally {
      syncer.stdin.end()
      await once(syncer, 'exit')
      await rm(folder, { recursive: true })
    }
  },
)
