/** Clocks that jump while people type, on the server and on a page: nobody is put out, and nothing comes out of order. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApplyGate, WeftProvider } from '@weft/editor/core'
import { afterEach, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { runCli, type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { cannotMake, fakeClock } from '../harness/tools.ts'
import { until } from '../harness/wait.ts'
import { readAt, Typist } from './typist.ts'

const HOUR = 3_600
/** Seconds from the true time, one after another: an hour back, a day ahead, a day back, and back to the truth. */
const STEPS = [-HOUR, 24 * HOUR, -24 * HOUR, 0]
const WORDS = 30
/** For words to be acknowledged after a step; an hour's wait would not end in it. */
const WITHIN_MS = 20_000

const undo: (() => unknown)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const step of undo.splice(0).reverse()) await step()
})

interface SteppedServer {
  readonly server: ServerProcess
  readonly step: (seconds: number) => Promise<void>
  /** As the server's own clock has it. */
  readonly now: () => Promise<number>
}

async function startStepped(): Promise<SteppedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-clock-'))
  undo.push(() => rm(folder, { recursive: true }))
  const file = join(folder, 'offset')
  await writeFile(file, '+0')
  const server = await startServerProcess({
    env: {
      LD_PRELOAD: fakeClock ?? '',
      // As a true step is: what measures how long something takes is not moved by it.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
    },
  })
  undo.push(() => server.dispose())
  return {
    server,
    step: (seconds) => writeFile(file, `${seconds < 0 ? '' : '+'}${seconds}`),
    now: async () => Date.parse((await fetch(`${server.url}/healthz`)).headers.get('date') ?? ''),
  }
}

it.skipIf(cannotMake('clock steps'))(
  'a server whose clock jumps acknowledges everybody in order, expires nobody and stops well',
  async () => {
    const { server, step, now } = await startStepped()
    const typists = ['ann', 'bob'].map((name) => new Typist({ server: server.url, documentId: 'one', name }))
    undo.push(() => typists.forEach((typist) => typist.drop()))
    for (const typist of typists) await typist.begin()
    for (const seconds of STEPS) {
      await step(seconds)
      await until(
        'the server has another time',
        async () => (await now()) - Date.now() - seconds * 1_000,
        (off) => Math.abs(off) < 60_000,
      )
      const goals = typists.map((typist) => typist.acknowledged + WORDS)
      for (const [index, typist] of typists.entries()) await typist.acknowledges(goals[index] ?? 0, WITHIN_MS)
      expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    }
    for (const typist of typists) typist.stop()
    expect(typists.map((typist) => typist.closedWith)).toEqual([undefined, undefined])

    // While it is down, too: what it writes next is older than what it wrote before.
    await step(-24 * HOUR)
    expect(await server.stop()).toBe(0)
    await server.start()
    const text = await readAt(server.url, 'one')
    for (const typist of typists) typist.assertIn(text)
    const late = await new Typist({ server: server.url, documentId: 'one', name: 'cid' }).begin()
    undo.push(() => late.drop())
    await late.acknowledges(WORDS, WITHIN_MS)
    late.stop()
    await server.kill()
    await server.start()
    const again = await readAt(server.url, 'one')
    for (const typist of [...typists, late]) typist.assertIn(again)
    await server.stop()
    const { code, stderr } = await runCli(['verify', '--data', server.data]).ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(server.output()).not.toMatch(/"level":[56]0/)
  },
)

it('a page whose clock jumps goes on saving, in order, without a new connection', async () => {
  const server = await startServerProcess()
  undo.push(() => server.dispose())
  await typeThroughSteps(server, async () => undefined)
})

it.skipIf(cannotMake('clock steps'))(
  'so it does when the clock of the server jumps as well, the other way or the same',
  async () => {
    const { server, step } = await startStepped()
    await typeThroughSteps(server, (seconds) => step(-seconds))
    await step(0)
    await typeThroughSteps(server, step)
  },
)

/** @param alsoStep called before the page's clock jumps, with its offset from the truth */
async function typeThroughSteps(
  server: ServerProcess,
  alsoStep: (seconds: number) => Promise<void>,
): Promise<void> {
  const doc = new Y.Doc()
  const documentId = `page-${undo.length}`
  const provider = new WeftProvider({ server: server.url, documentId, doc, gate: new ApplyGate() })
  undo.push(() => provider.destroy())
  const statuses: string[] = []
  await until(
    'it is connected',
    () => provider.connection,
    (status) => status === 'connected',
  )
  provider.onConnection((status) => statuses.push(status))
  const text = doc.getText('t')
  const realNow = Date.now
  let words = ''
  for (const seconds of STEPS) {
    await alsoStep(seconds)
    // The date alone: a computer that is put right moves nothing else.
    vi.useFakeTimers({ toFake: ['Date'], now: realNow() + seconds * 1_000 })
    for (let count = 0; count < WORDS; count++) {
      text.insert(text.length, `${seconds}:${count} `)
      words += `${seconds}:${count} `
    }
    await provider.flush()
    await until(
      'it says so',
      () => provider.saveState.kind,
      (kind) => kind === 'saved',
    )
    vi.useRealTimers()
  }
  expect(statuses).toEqual([])
  expect(await readAt(server.url, documentId)).toBe(words)
}
