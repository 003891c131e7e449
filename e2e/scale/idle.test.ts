/** A quiet house: thousands who only have a document open, and now and then one of them who types. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { isNone, until } from '../harness/wait.ts'
import { Histogram } from '../load/histogram.ts'
import { cpuMs, memoryBytes } from '../load/process-facts.ts'
import { mebibytes, percentiles, print, seconds } from './figures.ts'
import { arrive, Visitor } from './visitor.ts'

const DOCUMENTS = 1_000
/** The first one writes. */
const PEOPLE = 5
/** Short, so that everybody is seen to get several. */
const KEEP_ALIVE_MS = 3_000
/** What a quiet house may cost: 40 kB for each socket with its share of a document. */
const MAX_BYTES = 40_960 * DOCUMENTS * PEOPLE

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess({
    flags: ['--rate-limit', 'off', '--keep-alive-ms', String(KEEP_ALIVE_MS)],
  })
})
afterAll(async () => {
  for (const visitor of everybody) visitor.drop()
  await server?.dispose()
})

const everybody: Visitor[] = []
const contentOf = (index: number): string => `document ${index} begins. ${'It goes on. '.repeat(80)}`
const documentOf = (index: number): string => `quiet-${index}`

it('5,000 people have 1,000 documents open, stay, and are told of what the others type', async () => {
  const before = memoryBytes(server.pid).now
  const writers = await arrive(
    DOCUMENTS,
    (index) => new Visitor({ server: server.url, documentId: documentOf(index), doc: new Y.Doc() }),
  )
  everybody.push(...writers)
  for (const [index, writer] of writers.entries())
    writer.edit((doc) => doc.getText('t').insert(0, contentOf(index)))
  await until('all documents are on disk', () => writers.filter(({ saved }) => !saved).length, isNone)

  /** For every reader whether its document's words have come, and of the edit at the end when. */
  const read = new Set<number>()
  const arrivals = new Map<number, number>()
  const startedAt = performance.now()
  const readers = await arrive(DOCUMENTS * (PEOPLE - 1), (index) => {
    const documentIndex = index % DOCUMENTS
    const words = contentOf(documentIndex)
    return new Visitor({
      server: server.url,
      documentId: documentOf(documentIndex),
      heard: (update) => {
        const bytes = Buffer.from(update.buffer, update.byteOffset, update.length)
        if (bytes.includes(words)) read.add(index)
        if (bytes.includes(news(documentIndex))) arrivals.set(index, performance.now())
      },
    })
  })
  everybody.push(...readers)
  await until('everybody has its words', () => readers.length - read.size, isNone)
  print('idle, 4,000 came in', seconds(performance.now() - startedAt))

  const cpuBefore = cpuMs(server.pid)
  const quietFrom = performance.now()
  const heardBefore = everybody.map(({ keepAlives }) => keepAlives)
  const unheard = () =>
    everybody.filter(({ keepAlives }, index) => keepAlives < (heardBefore[index] ?? 0) + 2).length
  await until('everybody was kept alive twice', unheard, isNone, 4 * KEEP_ALIVE_MS)
  const quietMs = performance.now() - quietFrom
  expect(everybody.filter(({ closed }) => closed !== undefined)).toEqual([])
  const memory = memoryBytes(server.pid).now - before
  print('idle, memory of 5,000', `${mebibytes(memory)}, ${mebibytes(before)} without them`)
  print('idle, CPU', `${(((cpuMs(server.pid) - cpuBefore) / quietMs) * 100).toFixed(1)} % of a core`)

  const latencies = new Histogram()
  for (let index = 0; index < DOCUMENTS; index += 20) {
    const typedAt = performance.now()
    writers[index]?.edit((doc) => doc.getText('t').insert(0, news(index)))
    const others = Array.from({ length: PEOPLE - 1 }, (_, group) => group * DOCUMENTS + index)
    await until('an edit reaches the four others', () => others.every((one) => arrivals.has(one)))
    for (const one of others) latencies.record((arrivals.get(one) ?? Number.NaN) - typedAt)
  }
  print('idle, key to reader', percentiles(latencies))
  expect(latencies.quantile(0.95)).toBeLessThan(500)
  expect(memory).toBeLessThan(MAX_BYTES)
}, 120_000)

const news = (index: number): string => `news of ${index};`
