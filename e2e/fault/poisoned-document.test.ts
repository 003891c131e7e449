/**
 * Documents whose stored bytes are sealed well and are nonsense, as a defect of another version might have left them:
 * each is refused by itself, as often as it is asked for, and everybody else goes on.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '@weft/persistence'
import { createEncoder, toUint8Array, writeAny, writeVarString, writeVarUint } from 'lib0/encoding'
import { afterEach, expect, it } from 'vitest'
import * as Y from 'yjs'
import { runCli, startServerProcess } from '../harness/server-process.ts'
import { until } from '../harness/wait.ts'
import { Visitor } from '../scale/visitor.ts'
import { readAt, Typist } from './typist.ts'

/** Of PROTOCOL.md: the storage cannot give the document; try again later. */
const STORE_UNAVAILABLE = 4503
const HUGE = 2 ** 45

/** What it summarises reads well, and is read instead. */
const ODD_SUMMARY = 'summary-of-noise'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** An update of one client, by hand. */
function update(...numbers: readonly number[]): Uint8Array {
  const encoder = createEncoder()
  for (const number of numbers) writeVarUint(encoder, number)
  return toUint8Array(encoder)
}

function deeplyNested(depth: number): Uint8Array {
  const encoder = createEncoder()
  // One struct of client 1 at clock 0: content `any`, below the type "t", one value.
  for (const number of [1, 1, 1, 0, 8, 1]) writeVarUint(encoder, number)
  writeVarString(encoder, 't')
  writeVarUint(encoder, 1)
  for (let level = 0; level < depth; level++) {
    // An array of one.
    writeVarUint(encoder, 117)
    writeVarUint(encoder, 1)
  }
  writeAny(encoder, null)
  writeVarUint(encoder, 0)
  return toUint8Array(encoder)
}

function text(words: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, words)
  return Y.encodeStateAsUpdate(doc)
}

function waiting(): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, 'first')
  const vector = Y.encodeStateVector(doc)
  doc.getText('t').insert(5, ' second')
  return Y.encodeStateAsUpdate(doc, vector)
}

/** What stands in the log of each, and cannot be read. */
const logs: Readonly<Record<string, readonly Uint8Array[]>> = {
  'one-byte': [Uint8Array.of(255)],
  noise: [Uint8Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 256)],
  words: [new TextEncoder().encode('this is no update')],
  'cut-short': [text('a text that ends too early').subarray(0, 20)],
  'something-behind': [Uint8Array.of(...text('a text'), 1, 2, 3)],
  'good-then-bad': [text('good'), Uint8Array.of(1, 2, 3, 4)],
  'bad-then-good': [Uint8Array.of(9, 9, 9), text('good')],
  'many-clients': [update(HUGE)],
  'many-structs': [update(1, HUGE, 1, 0)],
  'long-text': [update(1, 1, 1, 0, 4, 1, 1, 116, HUGE)],
  'many-deletes': [update(0, 1, 1, HUGE)],
  'clock-at-the-end': [update(1, 1, 1, Number.MAX_SAFE_INTEGER, 0, 1, 0)],
  'unknown-content': [update(1, 1, 1, 0, 31, 1, 1, 116, 0)],
  'unknown-type': [update(1, 1, 1, 0, 7, 1, 1, 116, 99, 0)],
  'deeply-nested': [deeplyNested(200_000)],
}

/** Strange, and readable: with what it says. */
const strange: Readonly<Record<string, readonly [bytes: Uint8Array, says: string]>> = {
  'long-skip': [update(1, 1, 1, 0, 10, HUGE, 0), ''],
  'long-garbage': [update(1, 1, 1, 0, 0, HUGE, 0), ''],
  'wide-delete': [update(0, 1, 1, 1, 0, HUGE), ''],
  'leans-on-nothing': [waiting(), ' (waits)'],
}

/** Snapshot and summary of each. */
const snapshots: Readonly<Record<string, readonly [bytes: Uint8Array, summary: Uint8Array]>> = {
  'snapshot-of-noise': [Uint8Array.of(1, 2, 3, 4), new Uint8Array()],
  'nothing-for-a-snapshot': [new Uint8Array(), new Uint8Array()],
  'nested-snapshot': [deeplyNested(200_000), new Uint8Array()],
}

async function poisonedFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-poison-'))
  undo.push(() => rm(folder, { recursive: true }))
  const store = await openStore({ kind: 'sqlite', folder })
  const put = async (id: string, updates: readonly Uint8Array[]): Promise<void> => {
    await store.create({ id, kind: 'yjs' })
    await store.append(
      id,
      updates.map((bytes) => ({ bytes, principal: 'guest' })),
    )
  }
  for (const [id, updates] of Object.entries(logs)) await put(id, updates)
  for (const [id, [bytes]] of Object.entries(strange)) await put(id, [bytes])
  const noise = Uint8Array.of(2, 255, 255, 255, 255, 255, 255, 255, 255)
  for (const [id, [bytes, summary]] of Object.entries({
    ...snapshots,
    [ODD_SUMMARY]: [text('good'), noise] as const,
  })) {
    await put(id, [text('good')])
    await store.putSnapshot(id, { through: 1, bytes, summary })
  }
  await put('sound', [text('sound')])
  await store.close()
  return folder
}

/** @returns the code it was closed with, or what it was shown */
async function knock(server: string, documentId: string): Promise<number | string> {
  const doc = new Y.Doc()
  const visitor = new Visitor({ server, documentId, doc })
  try {
    await until(
      `${documentId} is answered`,
      () => visitor.closed !== undefined || visitor.synced,
      Boolean,
      30_000,
    )
    return (
      visitor.closed?.code ??
      `${doc.getText('t').toJSON()}${doc.store.pendingStructs === null ? '' : ' (waits)'}`
    )
  } finally {
    visitor.drop()
  }
}

it(`each of ${Object.keys({ ...logs, ...snapshots }).length} poisoned documents is refused, however often it is asked for, and nobody else notices`, async () => {
  const server = await startServerProcess({ data: await poisonedFolder(), flags: ['--rate-limit', 'off'] })
  undo.push(() => server.dispose())
  const { pid } = server
  const typist = await new Typist({ server: server.url, documentId: 'honest', name: 'ann' }).begin()
  undo.push(() => typist.drop())
  const refused = [...Object.keys(logs), ...Object.keys(snapshots)]
  const expected = new Map<string, number | string>([
    ...refused.map((id) => [id, STORE_UNAVAILABLE] as const),
    ...Object.entries(strange).map(([id, [, says]]) => [id, says] as const),
    [ODD_SUMMARY, 'good'],
  ])
  const wrong: string[] = []
  for (const [id, outcome] of expected) {
    const before = typist.acknowledged
    for (const answer of await Promise.all([1, 2, 3].map(() => knock(server.url, id))))
      if (answer !== outcome) wrong.push(`${id}: ${answer}`)
    await typist.acknowledges(before + 5)
  }
  expect(wrong).toEqual([])
  expect(await readAt(server.url, 'sound')).toBe('sound')
  expect([server.pid, typist.closedWith]).toEqual([pid, undefined])
  typist.stop()
  expect(await server.stop()).toBe(0)
  const { code, stdout } = await runCli(['verify', '--data', server.data]).ended
  expect(code).toBe(1)
  for (const id of refused) expect(stdout).toContain(`document ${id}: `)
})
