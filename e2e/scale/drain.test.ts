/** A deploy: the server is asked to stop under a crowd, some of whom are typing. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import * as Y from 'yjs'
import { sizeOf } from '../harness/figure.ts'
import { type ServerProcess, startServerProcess } from '../harness/server-process.ts'
import { isNone, until } from '../harness/wait.ts'
import { cpuMs } from '../load/process-facts.ts'
import { print, seconds } from './figures.ts'
import { arrive, Visitor } from './visitor.ts'

const PEOPLE = sizeOf('DRAIN_PEOPLE', 2_000)
const DOCUMENTS = 100
/** About one in every document, neither all among the first who came nor among the last. */
const TYPISTS = 100
const isTypist = (index: number): boolean => index % Math.ceil(PEOPLE / TYPISTS) === 0
const UNDER = `SIGTERM under ${PEOPLE.toLocaleString('en')}`
/** A word follows as soon as the one before it is acknowledged, but no faster than this. */
const WORD_MS = 50
/** A second crowd's worth of handshakes at once is what the next server must not get. */
const MIN_SPREAD_MS = 1_500

let server: ServerProcess
let crowd: Visitor[] = []
beforeAll(async () => {
  server = await startServerProcess({ flags: ['--rate-limit', 'off'] })
})
afterAll(async () => {
  for (const visitor of crowd) visitor.drop()
  await server?.dispose()
})

/** Number `count` of the words that a typist writes, as it stands in the text. */
const word = (typist: number, count: number): string => `<${typist}.${count}>`

it(`SIGTERM under ${PEOPLE.toLocaleString('en')} people ends with 0 within 10 s, loses nothing acknowledged, and lets them go spread`, async () => {
  const documentOf = (index: number) => `deploy-${Math.floor(index / (PEOPLE / DOCUMENTS))}`
  const enter = (index: number) =>
    new Visitor({
      server: server.url,
      documentId: documentOf(index),
      ...(isTypist(index) ? { doc: new Y.Doc() } : {}),
    })
  crowd = await arrive(PEOPLE, enter)
  const typists = crowd.filter((_, index) => isTypist(index))
  const words = typists.map(() => 0)
  const sentBefore = typists.map(({ sent }) => sent)
  const typing = setInterval(() => {
    for (const [index, typist] of typists.entries()) {
      if (typist.closed !== undefined || !typist.saved) continue
      const text = word(index, words[index] ?? 0)
      words[index] = (words[index] ?? 0) + 1
      typist.edit((doc) => doc.getText('t').insert(doc.getText('t').length, text))
    }
  }, WORD_MS)

  try {
    await until('everybody types', () => words.every((count) => count >= 5))
    const cpuBefore = cpuMs(server.pid)
    const askedAt = performance.now()
    const ended = server.stop()
    const readiness: number[] = []
    const watch = setInterval(() => {
      void fetch(`${server.url}/readyz`).then(
        ({ status }) => readiness.push(status),
        () => undefined,
      )
    }, 100)
    await until(
      'the first are let go',
      () => crowd.some(({ closed }) => closed !== undefined),
      Boolean,
      9_000,
    )
    server.signal('SIGTERM')
    const cpu = cpuMs(server.pid) - cpuBefore
    const code = await ended
    const tookMs = performance.now() - askedAt
    clearInterval(watch)
    await until('everybody was told', () => crowd.filter(({ closed }) => closed === undefined).length, isNone)

    const closedAt = crowd.map(({ closed }) => closed?.at ?? 0).sort((a, b) => a - b)
    const [first = 0] = closedAt
    const spreadMs = (closedAt.at(-1) ?? 0) - first
    const perSlice = new Map<number, number>()
    for (const at of closedAt) {
      const slice = Math.floor((at - first) / 100)
      perSlice.set(slice, (perSlice.get(slice) ?? 0) + 1)
    }
    print(`${UNDER}, exit`, `code ${code} after ${seconds(tookMs)}`)
    print(`${UNDER}, first close`, seconds(first - askedAt))
    print(`${UNDER}, closes spread`, seconds(spreadMs))
    print(`${UNDER}, most closes in 100 ms`, String(Math.max(...perSlice.values())))
    print(`${UNDER}, CPU until the first close`, seconds(cpu))
    print(`${UNDER}, readiness while draining`, [...new Set(readiness)].join(', '))
    expect({ code, inTime: tookMs < 10_000 }).toEqual({ code: 0, inTime: true })
    expect([...new Set(crowd.map(({ closed }) => closed?.code))]).toEqual([1001])
    expect([...new Set(readiness)]).toEqual([503])
    expect(spreadMs).toBeGreaterThan(MIN_SPREAD_MS)
  } finally {
    clearInterval(typing)
  }

  await server.start()
  const docs = Array.from({ length: DOCUMENTS }, () => new Y.Doc())
  await arrive(DOCUMENTS, (index) => {
    const doc = docs[index]
    return new Visitor({ server: server.url, documentId: `deploy-${index}`, ...(doc ? { doc } : {}) })
  })
  let acknowledged = 0
  for (const [index, typist] of typists.entries()) {
    const text = docs[index]?.getText('t').toString() ?? ''
    const onDisk = typist.durable - (sentBefore[index] ?? 0)
    acknowledged += onDisk
    for (let count = 0; count < onDisk; count++) expect(text).toContain(word(index, count))
  }
  print(`${UNDER}, acknowledged words read again`, String(acknowledged))
  expect(acknowledged).toBeGreaterThan(TYPISTS * 4)
}, 120_000)
