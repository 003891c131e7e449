/**
 * System calls of the storage that fail, by the kernel's own words: what was acknowledged is there after a restart, and
 * where nobody can tell any more what is on disk the process has ended with 70.
 */
import { afterEach, expect, it } from 'vitest'
import { cannotMake } from '../harness/tools.ts'
import { assertAllThere, type Fault, LONG, startFaulty, typeUnder, type Undo } from './faulty-server.ts'
import { Typist } from './typist.ts'

/** Words on disk before a server that goes on has shown that it does. */
const ENOUGH = 150

const undo: Undo = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** Those at which something is special; by chance any is struck in `failing-sweep.test.ts`. */
const ends: readonly Fault[] = [
  // A start syncs six or seven times itself; what fails then is below.
  { file: 'weft.db-wal', call: 'fsync', error: 'EIO', when: '10' },
  { file: 'weft.db-wal', call: 'fsync', error: 'EIO', when: '40' },
  { file: 'weft.db-wal', call: 'fsync', error: 'EINTR', when: '30' },
  { file: 'weft.db', call: 'fsync', error: 'EIO', when: '3+', wordLength: LONG },
  { file: 'weft.db-wal', call: 'pwrite64', error: 'EIO', when: '75+' },
]

it.skipIf(cannotMake('failing calls')).for(ends)(
  'ends the process with 70, and a restart has all that was acknowledged: $error for $call number $when of $file',
  async (fault) => {
    const { server, typists } = await typeUnder(undo, fault)
    expect(await server.end()).toBe(70)
    expect(server.output()).toMatch(/weft: the storage failed, ending so that a restart can recover: /)
    await server.start()
    await assertAllThere(server, typists)
    console.info(
      `${typists.reduce((sum, typist) => sum + typist.acknowledged, 0)} words acknowledged before the end`,
    )
  },
)

const passes: readonly Fault[] = [
  { file: 'weft.db-wal', call: 'pwrite64', error: 'EINTR', when: '60..80' },
  { file: 'weft.db-wal', call: 'pwrite64', error: 'ENOSPC', when: '60..70' },
  { file: 'weft.db', call: 'pwrite64', error: 'ENOSPC', when: '20..30', wordLength: LONG },
]

it.skipIf(cannotMake('failing calls')).for(passes)(
  'is got over without a restart, and nothing is lost: $error for $call number $when of $file',
  async (fault) => {
    const { server, typists } = await typeUnder(undo, fault)
    for (const typist of typists) await typist.acknowledges(ENOUGH, 60_000)
    await assertAllThere(server, typists)
    await server.kill()
    await server.start()
    await assertAllThere(server, typists)
  },
)

const atStart: readonly Fault[] = [
  { file: 'weft.db-wal', call: 'fsync', error: 'EIO', when: '1' },
  { file: 'weft.db-wal', call: 'fsync', error: 'EIO', when: '1+' },
  { file: 'weft.db', call: 'fsync', error: 'EIO', when: '1' },
  { file: 'weft.db', call: 'pwrite64', error: 'EIO', when: '2' },
]

it.skipIf(cannotMake('failing calls'))('at a start after a kill costs that start and no word', async () => {
  const { server, set } = await startFaulty(undo)
  const typist = await new Typist({
    server: server.url,
    documentId: 'one',
    name: 'ann',
    wordLength: LONG,
  }).begin()
  undo.push(() => typist.drop())
  // Not so many that they have been moved out of the log file.
  await typist.acknowledges(50)
  await server.kill()
  for (const fault of atStart) {
    set(fault)
    await expect(server.start()).rejects.toThrow(
      /ended with 1 before it listened:\nweft: data folder [^\n]*the disk failed/,
    )
  }
  set()
  await server.start()
  await assertAllThere(server, [typist])
})
