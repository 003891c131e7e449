/** Documents that are opened, written to, and left: nothing of them stays in the process. */
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { SelfReport } from '../harness/self-report.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'
import { cpuMs, memoryBytes } from '../load/process-facts.ts'
import { mebibytes, metric, print, seconds } from './figures.ts'
import { Visitor } from './visitor.ts'

/** Before the first measurement: code is compiled, pools are filled. */
const WARM_UP = 1_000
const DOCUMENTS = 10_000
const AT_ONCE = 50
const MOST_GROWTH = 0.05

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess({
    selfReport: true,
    flags: ['--rate-limit', 'off', '--idle-room-ms', '500'],
  })
})
afterAll(async () => {
  await server?.dispose()
})

/** Opens it, writes a line, waits until that is on disk, and leaves. */
function visit(index: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const visitor: Visitor = new Visitor({
    server: server.url,
    documentId: `visited-${index}`,
    doc: new Y.Doc(),
    heard: () => {
      if (visitor.sent <= 1) visitor.edit((doc) => doc.getText('t').insert(0, `a line in ${index}`))
    },
    durable: () => {
      if (visitor.synced && visitor.sent >= 2 && visitor.saved) visitor.close()
    },
    gone: (code) => {
      visitor.doc?.destroy()
      if (code === 1005) resolve()
      else reject(new Error(`document ${index} was closed with ${code}`))
    },
  })
  return promise
}

async function visitAll(from: number, to: number): Promise<void> {
  let next = from
  const visitOneByOne = async (): Promise<void> => {
    while (next < to) await visit(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, visitOneByOne))
  await until(
    'no document is in memory',
    () => metric(server, 'weft_rooms'),
    (rooms) => rooms === 0,
  )
}

interface Measured extends SelfReport {
  readonly openFiles: number
}

async function look(): Promise<Measured> {
  const report = await server.selfReport()
  return { ...report, openFiles: readdirSync(`/proc/${server.pid}/fd`).length }
}

it('10,000 documents opened and closed leave the heap within 5 % of where it began, and no timer or socket', async () => {
  await visitAll(0, WARM_UP)
  const before = await look()
  const memoryBefore = memoryBytes(server.pid).now
  const cpuBefore = cpuMs(server.pid)
  const startedAt = performance.now()
  await visitAll(WARM_UP, WARM_UP + DOCUMENTS)
  print('10,000 documents, opened, written and closed in', seconds(performance.now() - startedAt))
  print('10,000 documents, CPU of the server', seconds(cpuMs(server.pid) - cpuBefore))
  const after = await look()
  const growth = after.heapBytes / before.heapBytes - 1
  print(
    '10,000 documents, heap',
    `${mebibytes(before.heapBytes)} to ${mebibytes(after.heapBytes)}, ${(growth * 100).toFixed(2)} %`,
  )
  print('10,000 documents, buffers', `${mebibytes(before.bufferBytes)} to ${mebibytes(after.bufferBytes)}`)
  print(
    '10,000 documents, resident memory',
    `${mebibytes(memoryBefore)} to ${mebibytes(memoryBytes(server.pid).now)}`,
  )
  print(
    '10,000 documents, handles',
    `${JSON.stringify(before.resources)} to ${JSON.stringify(after.resources)}`,
  )
  print('10,000 documents, open files', `${before.openFiles} to ${after.openFiles}`)
  expect(growth).toBeLessThan(MOST_GROWTH)
  expect(after.bufferBytes / before.bufferBytes - 1).toBeLessThan(MOST_GROWTH)
  expect(after.listeners).toBe(before.listeners)
  // Somebody asks for metrics and this report: a socket more or less is theirs.
  const more = Object.entries(after.resources).filter(
    ([kind, count]) => count > (before.resources[kind] ?? 0) + 2,
  )
  expect(more).toEqual([])
  expect(Math.abs(after.openFiles - before.openFiles)).toBeLessThanOrEqual(2)
}, 240_000)
