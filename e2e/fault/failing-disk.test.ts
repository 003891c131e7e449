/**
 * System calls of the storage that fail, by the kernel's own words: what was acknowledged is there after a restart, and
 * where nobody can tell any more what is on disk the process has ended with 70.
 */
import { afterEach, expect, it } from 'vitest'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { cannotMake } from '../harness/tools.ts'
import { readAt, Typist } from './typist.ts'

const DOCUMENTS = ['one', 'two', 'three']
/** Words on disk before a server that goes on has shown that it does. */
const ENOUGH = 150
/** For the files to become longer than what is checkpointed at once. */
const LONG = 20_000

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

interface Fault {
  readonly file: 'weft.db' | 'weft.db-wal'
  readonly call: 'fsync' | 'pwrite64' | 'ftruncate'
  readonly error: 'EIO' | 'EINTR' | 'ENOSPC'
  /** Which of the calls, counted from the start of the process: `7`, `7+` for all from there, `7..9`. */
  readonly when: string
  readonly wordLength?: number
}

/** The process itself is the server; who watches it is nobody's parent. */
const traced = (data: string, { file, call, error, when }: Fault): string[] => {
  const options = `-D -f -qq -o /dev/null -e trace=${call} -e inject=${call}:error=${error}:when=${when}`
  return ['strace', ...options.split(' '), '-P', `${data}/${file}`]
}

/** @returns a server that starts under the faults that are set, of which there is none yet */
async function startFaulty(first?: Fault): Promise<{ server: ServerProcess; set: (fault?: Fault) => void }> {
  let fault = first
  const server = await startServerProcess({
    under: (data) => (fault === undefined ? [] : traced(data, fault)),
    flags: ['--rate-limit', 'off'],
  })
  undo.push(() => server.dispose())
  return {
    server,
    set: (next) => {
      fault = next
    },
  }
}

async function typeUnder(fault: Fault): Promise<{ server: ServerProcess; typists: Typist[] }> {
  const { server, set } = await startFaulty(fault)
  set()
  const typists = DOCUMENTS.map((documentId) => {
    const { wordLength = 0 } = fault
    const typist = new Typist({ server: server.url, documentId, name: `ann-${documentId}`, wordLength })
    undo.push(() => typist.drop())
    return typist
  })
  // Who is there when the storage fails at once is not let in any more.
  void Promise.all(typists.map((typist) => typist.begin().catch(() => undefined)))
  return { server, typists }
}

async function assertAllThere(server: ServerProcess, typists: readonly Typist[]): Promise<void> {
  for (const typist of typists) {
    // Some go on typing while it is read.
    const { acknowledged } = typist
    typist.assertIn(await readAt(server.url, typist.documentId), acknowledged)
  }
}

const ends: readonly Fault[] = [
  // A start syncs six or seven times itself; what fails then is below.
  { file: 'weft.db-wal', call: 'fsync', error: 'EIO', when: '10' },
  { file: 'weft.db-wal', call: 'fsync', error: 'EIO', when: '12' },
  { file: 'weft.db-wal', call: 'fsync', error: 'EIO', when: '40' },
  { file: 'weft.db-wal', call: 'fsync', error: 'EIO', when: '25+' },
  { file: 'weft.db-wal', call: 'fsync', error: 'EINTR', when: '30' },
  { file: 'weft.db', call: 'fsync', error: 'EIO', when: '3', wordLength: LONG },
  { file: 'weft.db', call: 'fsync', error: 'EIO', when: '3+', wordLength: LONG },
  { file: 'weft.db-wal', call: 'pwrite64', error: 'EIO', when: '60' },
  { file: 'weft.db-wal', call: 'pwrite64', error: 'EIO', when: '75+' },
  { file: 'weft.db', call: 'pwrite64', error: 'EIO', when: '20', wordLength: LONG },
]

it.skipIf(cannotMake('failing calls')).for(ends)(
  'ends the process with 70, and a restart has all that was acknowledged: $error for $call number $when of $file',
  async (fault) => {
    const { server, typists } = await typeUnder(fault)
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
    const { server, typists } = await typeUnder(fault)
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
  const { server, set } = await startFaulty()
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
