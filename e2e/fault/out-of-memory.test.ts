/**
 * A server that may have no more memory: however it ends, it is as a kill, and a restart has all that was acknowledged.
 *
 * It is let grow until every document is large, with words that are on disk and words under way, and only then is what
 * it may have bounded: each document has something to lose.
 */

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { figure, sizeOf } from '../harness/figure.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { cannotMake } from '../harness/tools.ts'
import { mutantOf } from '../mutation/mutants.ts'
import type { Edit } from '../mutation/plant.ts'
import { readAt, Typist } from './typist.ts'

const run = promisify(execFile)

const DOCUMENTS = sizeOf('OOM_DOCUMENTS', 20)
const WORD_LENGTH = 200_000
/** On disk in each document before memory is bounded. */
const WORDS_BEFORE = 5
const WITHIN_MS = 60_000 + 2_000 * DOCUMENTS

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

interface Ended {
  readonly server: ServerProcess
  readonly typists: readonly Typist[]
  readonly with: number | NodeJS.Signals | null
}

/** People type into every document, until the server has ended for want of memory. */
async function typeUntilItEnds(documents: number, planted?: readonly Edit[]): Promise<Ended> {
  const server = await startServerProcess({
    flags: ['--rate-limit', 'off'],
    ...(planted === undefined ? {} : { planted }),
  })
  undo.push(() => server.dispose())
  const typists = Array.from({ length: documents }, (_, index) => {
    const typist = new Typist({
      server: server.url,
      documentId: `d${index}`,
      name: `p${index}`,
      wordLength: WORD_LENGTH,
    })
    undo.push(() => typist.drop())
    return typist
  })
  await Promise.all(
    typists.map(async (typist) => {
      await typist.begin(WITHIN_MS)
      await typist.acknowledges(WORDS_BEFORE, WITHIN_MS)
      typist.stop()
    }),
  )
  // Not a byte more than it has: what is freed in it lasts it for some words. They type by then: it may end at any moment after.
  const bytes = await dataBytes(server.pid)
  for (const typist of typists) typist.goOn()
  await run('prlimit', ['--pid', String(server.pid), `--data=${bytes}`])
  return { server, typists, with: await server.end() }
}

/** Data pages that the kernel has promised it so far. */
async function dataBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmData:\s+(\d+) kB/.exec(status)?.[1]) * 1_024
}

/** @returns of each document, the words that it has @throws when one lacks a word that was acknowledged */
async function readAll({ server, typists }: Ended): Promise<number[]> {
  await server.start()
  const found: number[] = []
  for (const typist of typists) found.push(typist.assertIn(await readAt(server.url, typist.documentId)))
  return found
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)

it.skipIf(cannotMake('small disks'))(
  `a server that runs out of memory under ${DOCUMENTS} large documents loses nothing that it acknowledged`,
  async () => {
    const ended = await typeUntilItEnds(DOCUMENTS)
    const acknowledged = ended.typists.map((typist) => typist.acknowledged)
    const underWay = ended.typists.map((typist) => typist.typed - typist.acknowledged)
    console.info(ended.server.output().slice(-1500))
    expect(Math.min(...acknowledged)).toBeGreaterThanOrEqual(WORDS_BEFORE)
    expect(Math.min(...underWay)).toBeGreaterThan(0)
    // It ended by itself, and in no way that a server may choose.
    expect(ended.with).not.toBe(0)
    const found = await readAll(ended)
    figure(
      `${DOCUMENTS} documents: ended with ${ended.with}; ${sum(acknowledged)} words of ${WORD_LENGTH} characters were ` +
        `acknowledged, ${Math.min(...acknowledged)} to ${Math.max(...acknowledged)} in each, and all are there; of ` +
        `${sum(underWay)} under way, ${Math.min(...underWay)} or more in each, ${sum(found) - sum(acknowledged)} are`,
    )
  },
)

/** No fault: a disk that takes its time, so that at any moment something is on its way to it. */
const SLOW_DISK: Edit = {
  file: 'persistence/src/drivers/sqlite/writer.ts',
  find: 'return this.#write(() => this.#log.append(batch))',
  put: `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    return this.#write(() => this.#log.append(batch))`,
}

it.skipIf(cannotMake('small disks'))(
  'and one that acknowledges before it has written is found out',
  async () => {
    const ended = await typeUntilItEnds(8, [SLOW_DISK, ...mutantOf('ack-before-commit').edits])
    await expect(readAll(ended)).rejects.toThrow(/words of p\d+, \d+ acknowledged, \d+ are there/)
  },
)
