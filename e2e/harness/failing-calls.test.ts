import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { failCalls, stopAtCall } from './failing-calls.ts'
import { cannotMake } from './tools.ts'
import { until } from './wait.ts'

/** Syncs a file once for each line, and says what came of it. */
const SYNCER = `
const { openSync, fsyncSync } = require('node:fs')
const file = openSync(process.argv[1], 'a')
require('node:readline').createInterface({ input: process.stdin }).on('line', () => {
  try { fsyncSync(file); console.log('synced') } catch (error) { console.log(error.code) }
})
console.log('ready')
`

interface Syncer {
  readonly pid: number
  /** Syncs once. @returns what came of it */
  readonly sync: () => Promise<string>
}

async function withSyncer(test: (syncer: Syncer) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-calls-'))
  const syncer = spawn(process.execPath, ['-e', SYNCER, join(folder, 'file')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(syncer, 'exit')
  const lines = createInterface({ input: syncer.stdout })[Symbol.asyncIterator]()
  const said = async () => (await lines.next()).value as string
  const sync = () => {
    syncer.stdin.write('\n')
    return said()
  }
  try {
    expect(await said()).toBe('ready')
    await test({ pid: syncer.pid ?? 0, sync })
  } finally {
    syncer.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true })
  }
}

it.skipIf(cannotMake('failing calls'))(
  'the second sync from now on fails, the next one does not, and none does once it is taken back',
  () =>
    withSyncer(async ({ pid, sync }) => {
      const second = { call: 'fsync', error: 'EIO', nth: 2, andLater: false } as const
      const undo = await failCalls(pid, second)
      expect([await sync(), await sync(), await sync()]).toEqual(['synced', 'EIO', 'synced'])
      await undo()
      const undoAll = await failCalls(pid, { ...second, nth: 1, andLater: true })
      expect([await sync(), await sync()]).toEqual(['EIO', 'EIO'])
      await undoAll()
      expect(await sync()).toBe('synced')
    }),
)

it.skipIf(cannotMake('failing calls'))('a process stops at its second sync, and stays stopped', () =>
  withSyncer(async ({ pid, sync }) => {
    const stopped = stopAtCall(pid, { call: 'fsync', nth: 2 }).then(() => 'stopped')
    // Until the tracer is there nothing is counted.
    for (let came = ''; came !== 'stopped'; ) came = await Promise.race([sync(), stopped])
    // Who was traced wakes for a moment when the tracer lets go, and stops again by itself.
    const state = async () => /\) (\w) /.exec(await readFile(`/proc/${pid}/stat`, 'latin1'))?.[1]
    await until('the process is stopped, and by no tracer', state, (letter) => letter === 'T')
  }),
)
