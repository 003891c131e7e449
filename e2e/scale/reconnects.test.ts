/** A server that is killed under a crowd: everybody comes back at the same moment, with what they have and did meanwhile. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { isNone, until } from '../harness/wait.ts'
import { Histogram } from '../load/histogram.ts'
import { cpuMs, memoryBytes } from '../load/process-facts.ts'
import { mebibytes, percentiles, print, seconds } from './figures.ts'
import { arrive, Visitor } from './visitor.ts'

const PEOPLE = 2_000
const DOCUMENTS = 100
const DEADLINE_MS = 20_000

let server: ServerProcess
let crowd: Visitor[] = []
beforeAll(async () => {
  server = await startServerProcess({ flags: ['--rate-limit', 'off'] })
})
afterAll(async () => {
  for (const visitor of crowd) visitor.drop()
  await server?.dispose()
})

const enter = (index: number, doc: Y.Doc) =>
  new Visitor({ server: server.url, documentId: `storm-${index % DOCUMENTS}`, doc })
const textOf = (visitor: Visitor): string => visitor.doc?.getText('t').toString() ?? ''

it('2,000 people whose server was killed are all synced within 20 s of its return, offline edits included', async () => {
  const docs = Array.from({ length: PEOPLE }, () => new Y.Doc())
  const docOf = (index: number): Y.Doc => docs[index] ?? new Y.Doc()
  crowd = await arrive(PEOPLE, (index) => enter(index, docOf(index)))
  for (const [index, visitor] of crowd.slice(0, DOCUMENTS).entries())
    for (let line = 0; line < 20; line++)
      visitor.edit((doc) =>
        doc.getText('t').insert(0, `line ${line} of ${index}. ${'More words. '.repeat(10)}`),
      )
  const firstOf = (index: number): string => textOf(crowd[index % DOCUMENTS] as Visitor)
  const behind = () => crowd.filter((one, index) => !one.saved || textOf(one) !== firstOf(index)).length
  await until('everybody has everything', behind, isNone)
  const memoryBefore = memoryBytes(server.pid).now

  await server.kill()
  await until('everybody notices', () => crowd.filter(({ closed }) => closed === undefined).length, isNone)
  // Two in each document go on writing meanwhile.
  for (const [index, doc] of docs.slice(0, 2 * DOCUMENTS).entries())
    doc.getText('t').insert(0, `offline by ${index}. `)

  await server.start()
  const startedAt = performance.now()
  // All of them, and not one after another: none waits for another to be let in.
  crowd = docs.map((doc, index) => enter(index, doc))
  const isBack = (one: Visitor, index: number): boolean =>
    one.synced && textOf(one) === firstOf(index) && textOf(one).split('offline by').length === 3
  const backAt = new Map<number, number>()
  const away = (): number => {
    for (const [index, one] of crowd.entries()) {
      if (one.closed !== undefined) throw new Error(`number ${index} was shut out with ${one.closed.code}`)
      if (!backAt.has(index) && isBack(one, index)) backAt.set(index, performance.now())
    }
    return PEOPLE - backAt.size
  }
  await until('everybody is back', away, isNone, DEADLINE_MS)

  const synced = new Histogram()
  for (const { syncedAt } of crowd) synced.record((syncedAt ?? Number.NaN) - startedAt)
  const whole = new Histogram()
  for (const at of backAt.values()) whole.record(at - startedAt)
  print('2,000 reconnects, to step 2', percentiles(synced))
  print('2,000 reconnects, to the same content', percentiles(whole))
  print('2,000 reconnects, CPU of the server', seconds(cpuMs(server.pid)))
  const { peak } = memoryBytes(server.pid)
  print('2,000 reconnects, peak memory', mebibytes(peak))
  print('2,000 reconnects, memory before', mebibytes(memoryBefore))
  await until('what they wrote is on disk', () => crowd.filter(({ saved }) => !saved).length, isNone)
  expect(whole.quantile(1)).toBeLessThan(DEADLINE_MS)
  expect(peak).toBeLessThan(2 * memoryBefore)
}, 120_000)
