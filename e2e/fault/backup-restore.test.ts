/**
 * Backups taken under load, put back under everybody's feet: what a backup has is a beginning of what was written, and
 * people who were ahead of it bring back the rest by reconnecting, every word once.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApplyGate, WeftProvider } from '@weft/editor/core'
import { afterEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { figure, sizeOf } from '../harness/figure.ts'
import { runCli, type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { stockClient } from '../harness/stock-client.ts'
import { until } from '../harness/wait.ts'

const ROUNDS = sizeOf('BACKUPS', 20)
/** Words that a writer has under way at most: nobody types ahead for ever while the server is away. */
const WINDOW = 8
/** Words that everybody gets on disk behind each backup, so that all are ahead of it. */
const AHEAD = 5
const DOCUMENTS = { stock: ['ann', 'bob'], weft: ['cid', 'dan'] } as const

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

interface Writer {
  readonly name: string
  readonly documentId: string
  /** Words it has written: 0 to `written` - 1. */
  readonly written: number
  /** The first so many of them are on disk: somebody else saw them, or the server acknowledged them. */
  acknowledged(): number
  write(): void
  readonly provider: Connecting
}

interface Connecting {
  connect(): void
  disconnect(): void
}

/** At once, instead of when its patience ends: a test has better things to do. */
function reconnect(provider: Connecting): void {
  provider.disconnect()
  provider.connect()
}

const wordOf = (name: string, index: number): string => `<${name}-${index}>`

/** How many of a writer's words the text has, from the first on. @throws when one is there twice, or out of order */
function wordsOf(text: string, name: string): number {
  const found = [...text.matchAll(new RegExp(`<${name}-(\\d+)>`, 'g'))].map(([, index]) => Number(index))
  expect(found.toSorted((a, b) => a - b)).toEqual(found.map((_, index) => index))
  return found.length
}

interface WriterParts {
  readonly name: string
  readonly documentId: string
  readonly text: Y.Text
  readonly provider: Connecting
  readonly acknowledged: () => number
}

function writerOn({ name, documentId, text, provider, acknowledged }: WriterParts): Writer {
  let written = 0
  return {
    name,
    documentId,
    get written() {
      return written
    },
    acknowledged,
    write: () => {
      // Before the last word or behind it: words of different writers come to stand between each other.
      const last = text.toJSON().lastIndexOf('<')
      text.insert(written % 2 === 0 ? text.length : Math.max(0, last), wordOf(name, written))
      written += 1
    },
    provider,
  }
}

/** A stock client is never told; what a witness has seen is on disk. */
function stockWriter(server: ServerProcess, name: string, witness: () => string): Writer {
  const client = stockClient(server.url, 'stock')
  undo.push(() => client.close())
  const { doc, provider } = client
  const acknowledged = (): number => wordsOf(witness(), name)
  return writerOn({ name, documentId: 'stock', text: doc.getText('flow'), provider, acknowledged })
}

function weftWriter(server: ServerProcess, name: string): Writer {
  const doc = new Y.Doc()
  const provider = new WeftProvider({ server: server.url, documentId: 'weft', doc, gate: new ApplyGate() })
  undo.push(() => provider.destroy())
  let acknowledged = 0
  const writer = writerOn({
    name,
    documentId: 'weft',
    text: doc.getText('flow'),
    provider,
    acknowledged: () => acknowledged,
  })
  const flushed = async (count: number): Promise<void> => {
    await provider.flush({ durable: true })
    acknowledged = Math.max(acknowledged, count)
  }
  return {
    ...writer,
    get written() {
      return writer.written
    },
    write: () => {
      writer.write()
      // What is still open when the test ends is refused.
      flushed(writer.written).catch(() => undefined)
    },
  }
}

async function weft(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(words).ended
  expect({ words, code, stderr }).toEqual({ words, code: 0, stderr: '' })
  return stdout
}

async function assertSound(data: string): Promise<void> {
  expect(await weft('verify', '--data', data)).toMatch(/: sound \(/)
}

/** What a stopped server's folder says, as anybody can read it. */
async function storedTexts(data: string, into: string): Promise<Map<string, string>> {
  await weft('export', into, '--data', data)
  const texts = new Map<string, string>()
  for (const id of Object.keys(DOCUMENTS)) {
    const doc = new Y.Doc()
    Y.applyUpdate(doc, await readFile(join(into, `${id}.yjs`)))
    expect(doc.store.pendingStructs).toBeNull()
    texts.set(id, doc.getText('flow').toJSON())
  }
  return texts
}

it(
  `restores ${ROUNDS} backups taken under load, each a beginning of what was written, and everybody ahead brings back the rest once`,
  async () => {
    const server = await startServerProcess({ flags: ['--rate-limit', 'off'] })
    undo.push(() => server.dispose())
    const work = await mkdtemp(join(tmpdir(), 'weft-backups-'))
    undo.push(() => rm(work, { recursive: true, force: true }))
    const witness = stockClient(server.url, 'stock')
    undo.push(() => witness.close())
    const seen = (): string => witness.doc.getText('flow').toJSON()
    const writers = [
      ...DOCUMENTS.stock.map((name) => stockWriter(server, name, seen)),
      ...DOCUMENTS.weft.map((name) => weftWriter(server, name)),
    ]
    const state = { writing: true }
    const writing = writers.map(async (writer) => {
      while (state.writing) {
        if (writer.written - writer.acknowledged() < WINDOW) writer.write()
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    })
    undo.push(() => {
      state.writing = false
    })
    const advance = async (by: number): Promise<void> => {
      const goals = writers.map((writer) => writer.acknowledged() + by)
      await until(
        'everybody got further',
        () => writers.map((writer) => writer.acknowledged()),
        (counts) => counts.every((count, index) => count >= (goals[index] ?? 0)),
        60_000,
      )
    }

    let lacked = 0
    for (let round = 0; round < ROUNDS; round++) {
      await advance(AHEAD)
      const acknowledged = writers.map((writer) => writer.acknowledged())
      const backup = join(work, `${round}.db`)
      await weft('backup', backup, '--data', server.data)
      const written = writers.map((writer) => writer.written)
      // It may look while the server writes, and sees nothing that is not so.
      if (round % 5 === 0) await assertSound(server.data)
      await advance(AHEAD)

      // Half of the time in order, half of the time not.
      await (round % 2 === 0 ? server.kill() : server.stop())
      await weft('restore', backup, '--force', '--data', server.data)
      const stored = await storedTexts(server.data, join(work, `round-${round}`))
      for (const [index, { name, documentId }] of writers.entries()) {
        // Counting them also says that they are the first ones, without a gap, each once.
        const count = wordsOf(stored.get(documentId) ?? '', name)
        expect(count).toBeGreaterThanOrEqual(acknowledged[index] ?? 0)
        expect(count).toBeLessThanOrEqual(written[index] ?? 0)
      }
      const before = writers.map((writer) => writer.written)
      for (const [index, { name, documentId }] of writers.entries())
        lacked += (before[index] ?? 0) - wordsOf(stored.get(documentId) ?? '', name)

      await server.start()
      for (const { provider } of [...writers, witness]) reconnect(provider)
      for (const documentId of Object.keys(DOCUMENTS)) {
        const newcomer = stockClient(server.url, documentId)
        await until(
          `all of ${documentId} is back`,
          () => newcomer.doc.getText('flow').toJSON(),
          (text) =>
            writers.every(
              (writer, index) =>
                writer.documentId !== documentId || wordsOf(text, writer.name) >= (before[index] ?? 0),
            ),
          60_000,
        )
        newcomer.close()
      }
    }

    state.writing = false
    await Promise.all(writing)
    for (const documentId of Object.keys(DOCUMENTS)) {
      const newcomer = stockClient(server.url, documentId)
      undo.push(() => newcomer.close())
      await until(
        `a newcomer has every word of ${documentId}`,
        () => newcomer.doc.getText('flow').toJSON(),
        (text) =>
          writers.every(
            (writer) => writer.documentId !== documentId || wordsOf(text, writer.name) === writer.written,
          ),
      )
    }
    await server.stop()
    await assertSound(server.data)
    figure(`${ROUNDS} restores took ${lacked} words from the server, and all came back`)
    expect(lacked).toBeGreaterThan(ROUNDS * writers.length)
  },
  60_000 + ROUNDS * 24_000,
)
