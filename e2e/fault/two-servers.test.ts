/** One folder, two servers: the second one is told who is there, and the first one never notices. */

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { sizeOf } from '../harness/figure.ts'
import { runCli, type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { cannotMake } from '../harness/tools.ts'
import { readAt, Typist } from './typist.ts'

const ATTEMPTS = sizeOf('SECOND_SERVERS', 6)

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function startTyping(under?: readonly string[]): Promise<{ server: ServerProcess; typist: Typist }> {
  const server = await startServerProcess(under === undefined ? {} : { under: () => under })
  undo.push(() => server.dispose())
  const typist = new Typist({ server: server.url, documentId: 'one', name: 'ann' })
  undo.push(() => typist.drop())
  return { server, typist: await typist.begin() }
}

/** @returns what it said, in its one line */
async function refused(data: string): Promise<string> {
  const { child, ended } = runCli(['serve', '--port', '0', '--data', data])
  // One that got in would stay.
  undo.push(() => child.kill('SIGKILL'))
  const { code, stdout, stderr } = await ended
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^weft: [^\n]+\n$/)
  return stderr
}

it(`${ATTEMPTS} second servers end with 1, each naming the first, which goes on acknowledging on the same connection`, async () => {
  const { server, typist } = await startTyping()
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 3) {
    // Also several at a time, who meet each other as well.
    for (const said of await Promise.all([1, 2, 3].map(() => refused(server.data)))) {
      expect(said).toContain(`data folder ${server.data} is in use by process ${server.pid};`)
    }
    await typist.acknowledges(typist.acknowledged + 10)
  }
  typist.stop()
  expect(typist.closedWith).toBeUndefined()
  await server.kill()
  await server.start()
  typist.assertIn(await readAt(server.url, 'one'))
})

it('of several that start on the folder of one that was killed, one gets it, whatever its name file says', async () => {
  const { server, typist } = await startTyping()
  await typist.acknowledges(20)
  const holder = join(server.data, 'weft.pid')
  const [pid, name = ''] = (await readFile(holder, 'utf8')).trim().split('\n')
  expect(pid).toBe(String(server.pid))
  for (const stale of [undefined, String(process.pid), '1', 'not a number']) {
    await server.kill()
    if (stale !== undefined) await writeFile(holder, `${stale}\n${name}\n`)
    // A process of that number lives, and is somebody else.
    await server.start()
    expect(await refused(server.data)).toContain(`is in use by process ${server.pid};`)
    typist.assertIn(await readAt(server.url, 'one'))
  }
})

it.skipIf(cannotMake('small disks'))(
  'two that are both process 1, as in containers on one volume, do not get in together',
  async () => {
    const inContainer = ['unshare', '--pid', '--fork', '--kill-child', '--']
    const { server, typist } = await startTyping(inContainer)
    const [pid] = (await readFile(join(server.data, 'weft.pid'), 'utf8')).trim().split('\n')
    expect(pid).toBe('1')
    await expect(startServerProcess({ data: server.data, under: () => inContainer })).rejects.toThrow(
      /ended with 1 before it listened:\nweft: data folder [^\n]* is in use by process 1;/,
    )
    await typist.acknowledges(typist.acknowledged + 10)
    await server.kill()
    await server.start()
    typist.assertIn(await readAt(server.url, 'one'))
  },
)
