/**
 * A system call of the storage that fails, whichever it is: of each kind, on each file, once or from there on for ever, the
 * how-manieth from the start of the process. What every change is tested with takes one of each combination, by seed;
 * `FAILING_CALLS=200` takes the first 200 of each.
 *
 * Rule: either the process ends with 70, or that start fails with a line that says why, or it goes on and keeps every
 * promise. What was acknowledged is there after a restart in any case. A sync or a write that failed with EIO is never gone on from.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { figure, sizeOf } from '../harness/figure.ts'
import { randomFrom } from '../harness/random.ts'
import type { ServerProcess } from '../harness/server-process.ts'
import { cannotMake } from '../harness/tools.ts'
import { until } from '../harness/wait.ts'
import { assertAllThere, type Fault, LONG, startFaulty, typeInto, type Undo } from './faulty-server.ts'
import type { Typist } from './typist.ts'

/** Words of everybody together that are on disk before a server that goes on has shown that it does: three checkpoints. */
const ENOUGH = 700

interface Kind extends Pick<Fault, 'file' | 'call'> {
  /** There are about so many in the life of a server here, so that one chosen by chance is nearly always reached. */
  readonly reach: number
}

const KINDS: readonly Kind[] = [
  { file: 'weft.db-wal', call: 'fsync', reach: 200 },
  { file: 'weft.db', call: 'fsync', reach: 3 },
  { file: 'weft.db-wal', call: 'pwrite64', reach: 200 },
  { file: 'weft.db', call: 'pwrite64', reach: 200 },
  { file: 'weft.db-wal', call: 'ftruncate', reach: 1 },
  { file: 'weft.db', call: 'ftruncate', reach: 1 },
]

type Ending = 'ended with 70' | 'that start failed' | 'went on' | 'was never reached'

const undo: Undo = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

const REFUSED = /ended with 1 before it listened:\nweft: data folder [^\n]*the disk failed|ended with 70 /

/** @returns how it ended @throws when anything that was acknowledged is not there, or it ended in another way */
async function tryOne(fault: Fault): Promise<Ending> {
  const { server, set } = await startFaulty(undo, fault, true)
  const refused = await server.start().then(
    () => undefined,
    (error: unknown) => String(error),
  )
  demand(refused === undefined || REFUSED.test(refused), `it started, and said: ${refused}`)
  const [typists, code] = refused === undefined ? await live(server) : [[], undefined]
  const isStruck = (await readFile(fault.trace ?? '', 'utf8')).includes('INJECTED')
  set()
  await server.start()
  await assertAllThere(server, typists)
  await server.stop()
  if (!isStruck) return 'was never reached'
  if (refused !== undefined) return 'that start failed'
  if (code !== 0) return 'ended with 70'
  demand(fault.call === 'ftruncate', 'it went on from a sync or a write that had failed')
  return 'went on'
}

/** Until it ends, or enough is on disk and it is stopped in order: then the log file is cut short. @returns who typed, and its code */
async function live(server: ServerProcess): Promise<[Typist[], unknown]> {
  const typists = typeInto(server, undo, LONG)
  const isEnough = (): boolean => typists.reduce((sum, { acknowledged }) => sum + acknowledged, 0) >= ENOUGH
  const ended: { with?: number | NodeJS.Signals | null } = {}
  const watch = async (): Promise<void> => {
    ended.with = await server.end()
  }
  const over = watch()
  await until('it ends, or enough is on disk', () => ended.with !== undefined || isEnough(), Boolean, 120_000)
  if (ended.with === undefined) {
    // They type on while it is read, so the call may fail just then: what is there shows after the next start, too.
    const read = assertAllThere(server, typists)
    read.catch(() => undefined)
    await Promise.race([read, over])
  }
  if (ended.with === undefined) {
    await server.stop()
    await until('it has ended', () => ended.with !== undefined)
  }
  demand(ended.with === 0 || ended.with === 70, `it ended with ${ended.with}: ${server.output()}`)
  return [typists, ended.with]
}

it.skipIf(cannotMake('failing calls'))(
  'whichever call of the storage fails, once or for ever, nothing that was acknowledged is lost',
  { timeout: 24 * 3_600_000 },
  async () => {
    const seed = sizeOf('SEED', 1 + Math.floor(Math.random() * 2 ** 31))
    const every = process.env['FAILING_CALLS'] === undefined ? undefined : sizeOf('FAILING_CALLS', 1)
    console.info(`SEED=${seed}`)
    const random = randomFrom(seed)
    const folder = await mkdtemp(join(tmpdir(), 'weft-sweep-'))
    undo.push(() => rm(folder, { recursive: true }))
    const endings = new Map<Ending, number>()
    let tried = 0
    for (const { file, call, reach } of KINDS)
      for (const always of [false, true]) {
        const numbers =
          every === undefined ? [1 + random.below(reach)] : Array.from({ length: every }, (_, at) => at + 1)
        for (const number of numbers) {
          const trace = join(folder, `trace-${tried++}`)
          const fault: Fault = { file, call, error: 'EIO', when: `${number}${always ? '+' : ''}`, trace }
          const ending = await tryOne(fault).catch((error: unknown) => {
            throw new Error(`${call} number ${fault.when} of ${file}: ${String(error)}`, { cause: error })
          })
          console.info(`${call} number ${fault.when} of ${file}: ${ending}`)
          endings.set(ending, (endings.get(ending) ?? 0) + 1)
          for (const step of undo.splice(1).reverse()) await step()
          // Nor are those behind it.
          if (ending === 'was never reached') break
        }
      }
    const said = [...endings].map(([ending, count]) => `${count} × ${ending}`).join(', ')
    figure(`${tried} failing calls, each of a server of its own: ${said}; nothing acknowledged was lost`)
    expect(tried - (endings.get('was never reached') ?? 0)).toBeGreaterThanOrEqual(tried / 2)
    expect(endings.get('ended with 70') ?? 0).toBeGreaterThan(0)
  },
)
