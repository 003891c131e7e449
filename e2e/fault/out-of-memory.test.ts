/** A server that may have no more memory: however it ends, it is as a kill, and a restart has all that was acknowledged. */

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { figure, sizeOf } from '../harness/figure.ts'
import { startServerProcess } from '../harness/server-process.ts'
import { cannotMake } from '../harness/tools.ts'
import { readAt, Typist } from './typist.ts'

const run = promisify(execFile)

const DOCUMENTS = sizeOf('OOM_DOCUMENTS', 30)
const WORD_LENGTH = 200_000
/** What it may take beyond what it has when it is idle. */
const SPARE_BYTES = 64 * 1_048_576

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** Data pages that the kernel has promised it so far. */
async function dataBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmData:\s+(\d+) kB/.exec(status)?.[1]) * 1_024
}

it.skipIf(cannotMake('small disks'))(
  `a server that runs out of memory under ${DOCUMENTS} large documents loses nothing that it acknowledged`,
  async () => {
    const server = await startServerProcess({ flags: ['--rate-limit', 'off'] })
    undo.push(() => server.dispose())
    const typists = Array.from({ length: DOCUMENTS }, (_, index) => {
      const typist = new Typist({
        server: server.url,
        documentId: `d${index}`,
        name: `p${index}`,
        wordLength: WORD_LENGTH,
      })
      undo.push(() => typist.drop())
      return typist
    })
    const limit = (await dataBytes(server.pid)) + SPARE_BYTES
    await run('prlimit', ['--pid', String(server.pid), `--data=${limit}`])
    for (const typist of typists) void typist.begin().catch(() => undefined)
    const ended = await server.end()
    const acknowledged = typists.reduce((sum, typist) => sum + typist.acknowledged, 0)
    figure(
      `${DOCUMENTS} documents: ended with ${ended} after ${acknowledged} words of ${WORD_LENGTH} characters`,
    )
    console.info(server.output().slice(-1500))
    expect(acknowledged).toBeGreaterThan(0)
    await server.start()
    for (const typist of typists) typist.assertIn(await readAt(server.url, typist.documentId))
  },
)
