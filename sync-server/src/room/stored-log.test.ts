import { type DocumentStore, openStore, type StoredDocument } from '@weft/persistence'
import { StoreWrapper } from '@weft/persistence/testing'
import { decodeMessage } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { sameContent } from './content.ts'
import { Knowledge } from './knowledge.ts'
import type { Log } from './log.ts'
import { StoredLog } from './stored-log.ts'
import { encodeSummary } from './summary.ts'
import { recordUpdates, seeds } from './testing/random-edits.ts'
import { readOwnLayout } from './update-layout.ts'

const principal = 'somebody'

/** Loads wait until the test lets them go; each has read the store at the moment it was asked. */
class LateStore extends StoreWrapper {
  loads = 0
  #late: (() => void)[] | undefined

  override async load(documentId: string): Promise<StoredDocument> {
    this.loads++
    const stored = await super.load(documentId)
    const { promise, resolve } = Promise.withResolvers<void>()
    if (this.#late === undefined) resolve()
    else this.#late.push(resolve)
    await promise
    return stored
  }

  hold(): void {
    this.#late = []
  }

  async release(count: number): Promise<void> {
    while ((this.#late?.length ?? 0) < count) await new Promise(setImmediate)
    for (const go of this.#late ?? []) go()
    this.#late = undefined
  }
}

async function openLog(updates: readonly Uint8Array[]) {
  const store = new LateStore(await openStore({ kind: 'memory' }))
  await store.create({ id: 'doc', kind: 'yjs' })
  for (const bytes of updates) await store.append('doc', [{ bytes, principal }])
  const stored = new StoredLog(store, 'doc')
  return { store, stored, ...(await stored.open()) }
}

/** As the room does it: on disk first, then in memory. */
async function commit(store: DocumentStore, log: Log, bytes: Uint8Array): Promise<void> {
  const seq = await store.append('doc', [{ bytes, principal }])
  log.append({ seq, update: readOwnLayout(bytes), author: 0 })
}

async function fold(store: DocumentStore, through: number): Promise<void> {
  const { snapshot, tail } = await store.load('doc')
  const parts = [...(snapshot ? [snapshot] : []), ...tail.filter(({ seq }) => seq <= through)]
  const bytes = Y.mergeUpdates(parts.map((part) => part.bytes))
  const knowledge = new Knowledge()
  knowledge.add(readOwnLayout(bytes))
  await store.putSnapshot('doc', { through, bytes, summary: encodeSummary(knowledge) })
}

function apply(doc: Y.Doc, frames: readonly Uint8Array[]): Y.Doc {
  for (const frame of frames) {
    const message = decodeMessage(frame)
    if (message.kind === 'update' || message.kind === 'sync-step-2') Y.applyUpdate(doc, message.update)
  }
  return doc
}

function typed(words: readonly string[]): { updates: Uint8Array[]; doc: Y.Doc } {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const word of words) doc.getText('text').insert(doc.getText('text').length, word)
  return { updates, doc }
}

const textOf = (log: Log): string => apply(new Y.Doc(), log.whole()).getText('text').toString()

describe('StoredLog', () => {
  it('keeps in memory of ten thousand loaded records no more than of one that says the same', async () => {
    const { updates, doc } = typed(Array.from({ length: 10_000 }, () => 'x'))
    const { log } = await openLog(updates)
    expect(log.residentBytes).toBeLessThan(Y.encodeStateAsUpdate(doc).length + 100)
    expect(log.sizes).toMatchObject({ tailRecords: 10_000, snapshotBytes: 0 })
    expect(textOf(log)).toBe('x'.repeat(10_000))
  })

  it('gives what the log had, whatever was committed, folded or released meanwhile', async () => {
    for (const seed of seeds(12)) {
      const { docs, updates } = recordUpdates(seed, 1, 40)
      const { store, stored, log } = await openLog(updates.slice(0, 20))
      const before = apply(new Y.Doc(), log.whole())
      const cursor = log.head
      log.release()
      expect([log.isWhole, log.residentBytes, log.sizes.tailRecords]).toEqual([false, 0, 20])
      await commit(store, log, updates[20] ?? new Uint8Array())
      if (seed % 2 === 0) await fold(store, 10 + (seed % 11))
      store.hold()
      const restoring = stored.restore(log)
      for (const update of updates.slice(21, 30)) await commit(store, log, update)
      if (seed % 3 === 0) log.release()
      await store.release(1)
      await restoring
      for (const update of updates.slice(30)) await commit(store, log, update)
      const expected = new Y.Doc()
      Y.applyUpdate(expected, Y.encodeStateAsUpdate(docs[0] ?? new Y.Doc()))
      expect(sameContent(apply(new Y.Doc(), log.whole()), expected), `SEED=${seed}`).toBe(true)
      expect(sameContent(apply(before, log.since(cursor).frames), expected), `SEED=${seed}`).toBe(true)
      expect(log.sizes.tailRecords).toBe((await store.load('doc')).tail.length)
    }
  })

  it('is read once for all who wait for it', async () => {
    const { store, stored, log } = await openLog(typed(['a', 'b']).updates)
    log.release()
    await Promise.all([stored.restore(log), stored.restore(log), stored.restore(log)])
    expect([store.loads, textOf(log)]).toEqual([2, 'ab'])
  })

  it('is read again when more was released than had been read', async () => {
    const { updates } = typed(['a', 'b', 'c'])
    const { store, stored, log } = await openLog(updates.slice(0, 2))
    log.release()
    store.hold()
    const restoring = stored.restore(log)
    await commit(store, log, updates[2] ?? new Uint8Array())
    log.release()
    await store.release(1)
    await restoring
    expect([store.loads, textOf(log)]).toEqual([3, 'abc'])
  })

  it('is whole again without reading once a compaction has brought all that was released', async () => {
    const { updates } = typed(['a', 'b', 'c'])
    const { store, stored, log } = await openLog(updates.slice(0, 2))
    log.release()
    await commit(store, log, updates[2] ?? new Uint8Array())
    await fold(store, 3)
    const { snapshot } = await store.load('doc')
    if (snapshot !== undefined) log.compact(snapshot)
    const { loads } = store
    await stored.restore(log)
    expect([log.isWhole, textOf(log), log.sizes.tailRecords]).toEqual([true, 'abc', 0])
    expect(store.loads).toBe(loads)
  })

  it('is not taken for whole by a compaction that ended before what was released', async () => {
    const { updates } = typed(['a', 'b', 'c', 'd'])
    const { store, stored, log } = await openLog(updates.slice(0, 2))
    await fold(store, 2)
    const { snapshot } = await store.load('doc')
    await commit(store, log, updates[2] ?? new Uint8Array())
    log.release()
    await commit(store, log, updates[3] ?? new Uint8Array())
    // Only now is the room told: the third update is neither in the snapshot nor in memory.
    if (snapshot !== undefined) log.compact(snapshot)
    expect(log.isWhole).toBe(false)
    await stored.restore(log)
    expect(textOf(log)).toBe('abcd')
  })

  it('refuses a store that has lost what was committed', async () => {
    const { updates } = typed(['a', 'b'])
    const { stored, log } = await openLog(updates.slice(0, 1))
    log.append({ seq: 2, update: readOwnLayout(updates[1] ?? new Uint8Array()), author: 0 })
    log.release()
    await expect(stored.restore(log)).rejects.toMatchObject({ code: 'corrupt' })
    expect(() => log.whole()).toThrow('not in memory')
  })
})
