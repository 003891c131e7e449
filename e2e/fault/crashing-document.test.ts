/**
 * Documents that end the process, each time one of them is opened or folded: twice, and then no more. A server that is
 * started again whenever it ends comes to serve everybody else.
 *
 * No stored bytes are known to do that, so what they would do is planted in the server where it reads a document.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@weft/persistence'
import { afterEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { sizeOf } from '../harness/figure.ts'
import { runCli, type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'
import type { Edit } from '../mutation/plant.ts'
import { Visitor } from '../scale/visitor.ts'
import { readAt } from './typist.ts'

const STORE_UNAVAILABLE = 4503
/** Of each, some; by what they do to the process. */
const DEEDS = {
  /** As the kernel does when the machine has no memory left. */
  killed: "process.kill(process.pid, 'SIGKILL'); await new Promise(() => undefined)",
  /** As the engine does when it has no memory left. */
  exhausted: 'for (const held = []; ; ) held.push(new Array(1_000_000).fill(0))',
  /** Killed by whoever watches it: it answers nobody. */
  endless: 'for (;;);',
} as const
/** The other sixteen of them end nothing: `poisoned-document.test.ts`. */
const KILLERS = sizeOf('KILLERS', 3)
const POISONED = [
  ...Array.from({ length: KILLERS }, (_, index) => `killed-${index}`),
  'exhausted-0',
  'endless-0',
]

/** A server that has answered nobody for so long hangs: far longer than one takes that works, also on a busy machine. */
const HANGS = { exactlyMs: 10_000 }
/** Each document may end two servers, each in its own time. */
const timeout = 60_000 + POISONED.length * 30_000

const deed = (documentId: string, suffix = ''): string =>
  Object.entries(DEEDS)
    .map(([name, does]) => `if (${documentId}.startsWith('${name}${suffix}-')) { ${does} }`)
    .join('\n')

const planted: readonly Edit[] = [
  {
    file: 'sync-server/src/room/stored-log.ts',
    find: 'const layouts = tail.map(({ bytes }) => readOwnLayout(bytes))\n    for',
    put: `const layouts = tail.map(({ bytes }) => readOwnLayout(bytes))\n    ${deed('this.#documentId')}\n    for`,
  },
  {
    file: 'sync-server/src/room/compactor.ts',
    find: 'if (through === undefined || this.#closed) return',
    put: `if (through === undefined || this.#closed) return\n    ${deed('documentId', '_fold')}`,
  },
]

/** No fault: folded as soon as nobody is there. */
const folded: Edit = {
  file: 'sync-server/src/room/room-limits.ts',
  find: 'compactIdleMs: 5_000,',
  put: 'compactIdleMs: 0,',
}

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function text(words: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, words)
  return Y.encodeStateAsUpdate(doc)
}

async function startOn(documents: Readonly<Record<string, number>>): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-crashing-'))
  undo.push(() => rm(folder, { recursive: true }))
  const store = await openStore({ kind: 'sqlite', folder })
  for (const [id, updates] of Object.entries(documents)) {
    await store.create({ id, kind: 'yjs' })
    for (let update = 0; update < updates; update++)
      await store.append(id, [{ bytes: text(id), principal: 'guest' }])
  }
  await store.close()
  const server = await startServerProcess({
    data: folder,
    planted: [...planted, folded],
    flags: ['--rate-limit', 'off'],
    env: { NODE_OPTIONS: '--max-old-space-size=64' },
  })
  undo.push(() => server.dispose())
  return server
}

interface Visit {
  readonly id: string
  readonly visitor: Visitor
}

/** All at once. @returns which were closed with 4503, unless the server ended or hung meanwhile: then it is gone now */
async function visitAll(
  server: ServerProcess,
  ids: readonly string[],
): Promise<readonly string[] | undefined> {
  const visits: Visit[] = ids.map((documentId) => ({
    id: documentId,
    visitor: new Visitor({ server: server.url, documentId, doc: new Y.Doc() }),
  }))
  try {
    const isAnswered = ({ visitor }: Visit): boolean => visitor.synced || visitor.closed !== undefined
    const hasEnded = await until(
      'all are answered, or the server ends',
      () => visits.some(({ visitor }) => visitor.closed?.code === 1006),
      (ended) => ended || visits.every(isAnswered),
      HANGS,
    ).catch(async () => {
      // Nobody is answered any more.
      await server.kill()
      return true
    })
    if (!hasEnded)
      return visits.filter(({ visitor }) => visitor.closed?.code === STORE_UNAVAILABLE).map(({ id }) => id)
    await server.end()
    return undefined
  } finally {
    for (const { visitor } of visits) visitor.drop()
  }
}

it(`${POISONED.length} documents that end the process whenever they are opened are each set aside after two crashes, and others are served`, {
  timeout,
}, async () => {
  const documents = Object.fromEntries([...POISONED, 'sound'].map((id) => [id, 1]))
  const server = await startOn(documents)
  let crashes = 0
  let refused: readonly string[] | undefined
  while ((refused = await visitAll(server, [...POISONED, 'sound'])) === undefined) {
    crashes++
    expect(crashes).toBeLessThanOrEqual(2 * POISONED.length)
    await server.start()
  }
  console.info(`${crashes} crashes until ${POISONED.length} documents were set aside`)
  expect(refused.toSorted()).toEqual(POISONED.toSorted())
  expect(crashes).toBeGreaterThan(POISONED.length)
  expect(await readAt(server.url, 'sound')).toBe('sound')

  const { code, stdout } = await runCli(['verify', '--data', server.data]).ended
  expect(code).toBe(1)
  for (const id of POISONED)
    expect(stdout).toContain(`document ${id}: the server ended 2 times while it was opened`)
  expect(stdout).toContain(`: ${POISONED.length} set aside`)

  const [freed = ''] = POISONED
  expect((await runCli(['retry', freed, '--data', server.data]).ended).code).toBe(0)
  // By the server that is running: and it ends it again, so the counting begins anew.
  expect(await visitAll(server, [freed])).toBeUndefined()
  await server.start()
  expect(await visitAll(server, ['sound'])).toEqual([])
})

it('a document that ends the process whenever it is folded is folded no more after five crashes, and takes edits', {
  timeout,
}, async () => {
  const id = 'killed_fold-0'
  // Long enough to be folded once nobody is there.
  const server = await startOn({ [id]: 600, sound: 1 })
  for (let crash = 1; crash <= 5; crash++) {
    expect(await readAt(server.url, id)).not.toBe('')
    await server.end()
    await server.start()
  }
  const before = (await readAt(server.url, id)).length
  const doc = new Y.Doc()
  const writer = new Visitor({ server: server.url, documentId: id, doc })
  undo.push(() => writer.drop())
  await until('it is let in', () => writer.synced && writer.saved)
  writer.edit((edited) => edited.getText('t').insert(0, 'goes on '))
  await until('it is on disk', () => writer.saved)
  writer.drop()
  await until('the server says that it does not fold it', () =>
    server.output().includes('could not be compacted'),
  )
  expect((await readAt(server.url, id)).length).toBe(before + 'goes on '.length)
  const { code, stdout } = await runCli(['verify', '--data', server.data]).ended
  expect([code, stdout]).toEqual([
    1,
    expect.stringContaining(`document ${id}: the server ended 5 times while it was folded`),
  ])
})
