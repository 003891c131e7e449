import 'fake-indexeddb/auto'
import { IDBDatabase as FakeDatabase, IDBObjectStore as FakeObjectStore, IDBFactory } from 'fake-indexeddb'
import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { ApplyGate } from '../apply-gate.ts'
import { type CopyEvent, LocalCopy, type LocalCopyOptions } from './local-copy.ts'
import { DATABASE_NAME } from './local-copy-db.ts'
import type { PageEvents } from './page-events.ts'
import { WeftProvider } from './provider.ts'
import { QUIET_MS } from './save-state.ts'
import { manualClock } from './testing/manual-clock.ts'
import { scriptedWire } from './testing/scripted-wire.ts'
import { until } from './testing/until.ts'

const SERVER = 'http://weft.test'
const ADDRESS = { server: SERVER, documentId: 'minutes' }

const tabs: { close(): Promise<void> }[] = []

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

afterEach(async () => {
  vi.restoreAllMocks()
  for (const tab of tabs.splice(0)) await tab.close()
})

/** A browser tab: a document, its copy, and what the copy has told. */
async function tab(options: Partial<LocalCopyOptions> = {}) {
  const clock = manualClock()
  const hidden = new Set<() => void>()
  const page: PageEvents = {
    onHidden(run) {
      hidden.add(run)
      return () => hidden.delete(run)
    },
    onShown: () => () => {},
    onOnline: () => () => {},
  }
  const copy = new LocalCopy({ ...ADDRESS, clock, page, ...options })
  tabs.push(copy)
  const events: CopyEvent[] = []
  copy.onEvent((event) => events.push(event))
  const doc = new Y.Doc()
  const gate = new ApplyGate()
  const text = doc.getText('flow')
  let edits = 0
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== copy.origin) copy.record(update, origin === null ? ++edits : undefined)
  })
  const loaded = await copy.load(doc, gate)
  return {
    copy,
    clock,
    events,
    doc,
    gate,
    text,
    loaded,
    type: (words: string) => text.insert(text.length, words),
    hide: () => hidden.forEach((run) => run()),
    /** Typed and in a completed transaction. */
    keep: (words: string) => {
      text.insert(text.length, words)
      return copy.flush()
    },
    load: () => copy.load(doc, gate),
  }
}

/** Another transaction that writes, kept alive until released: IndexedDB lets nobody else write meanwhile. */
async function holdWrites(): Promise<() => void> {
  const database = await openDB(DATABASE_NAME)
  const transaction = database.transaction('updates', 'readwrite')
  const held = new Set(['held'])
  const spin = async () => {
    while (held.size > 0) await transaction.store.count()
    await transaction.done
    database.close()
  }
  void spin()
  return () => held.clear()
}

async function storedRecords(): Promise<number> {
  const database = await openDB(DATABASE_NAME)
  const count = await database.count('updates')
  database.close()
  return count
}

describe('LocalCopy', () => {
  it('gives a reopened tab what was typed, and how many edits no server has', async () => {
    const first = await tab()
    expect(first.loaded).toEqual({ found: false, waiting: 0 })
    await first.keep('Hello')
    await first.keep(' world')
    await first.copy.close()
    const second = await tab()
    expect(second.text.toJSON()).toBe('Hello world')
    expect(second.loaded).toEqual({ found: true, waiting: 2 })
    expect(second.doc.clientID).not.toBe(first.doc.clientID)
  })

  it('writes what was typed together in one transaction, not later than 100 ms', async () => {
    const { clock, type, events } = await tab()
    type('a')
    type('b')
    expect(clock.nextInMs()).toBe(100)
    clock.advance(100)
    await until(() => events.length > 0)
    expect(events).toEqual([{ kind: 'kept', through: 2 }])
    expect(await storedRecords()).toBe(1)
  })

  it('does not say kept while its transaction waits for somebody else’s', async () => {
    const { copy, type, events } = await tab()
    const release = await holdWrites()
    type('a')
    const flushed = copy.flush()
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(events).toEqual([])
    release()
    await flushed
    expect(events).toEqual([{ kind: 'kept', through: 1 }])
  })

  it('writes at once when the page may be gone in a moment', async () => {
    const { type, events, hide, clock } = await tab()
    type('a')
    hide()
    await until(() => events.length > 0)
    expect(clock.nextInMs()).toBeUndefined()
  })

  it('asks for strict durability in every transaction that writes', async () => {
    const transaction = vi.spyOn(FakeDatabase.prototype, 'transaction')
    const { keep, copy } = await tab()
    await keep('a')
    await keep('b')
    copy.acknowledge(1, false)
    await copy.flush()
    const writes = transaction.mock.calls.filter(([, mode]) => mode === 'readwrite')
    expect(writes.length).toBeGreaterThanOrEqual(3)
    for (const [, , options] of writes) expect(options).toEqual({ durability: 'strict' })
  })

  it('merges what several tabs wrote without knowing of each other', async () => {
    const [ada, bob] = [await tab(), await tab()]
    await Promise.all([ada.keep('from one '), bob.keep('from two ')])
    await ada.keep('again')
    const cold = await tab()
    expect(cold.text.toJSON()).toContain('from one again')
    expect(cold.text.toJSON()).toContain('from two ')
    expect(cold.loaded.waiting).toBe(3)
  })

  it('adds on a second load what another tab has written since, and counts it once', async () => {
    const [ada, bob] = [await tab(), await tab()]
    await bob.keep('new')
    expect(await ada.load()).toEqual({ found: true, waiting: 1 })
    expect(ada.text.toJSON()).toBe('new')
    expect(await ada.load()).toEqual({ found: true, waiting: 0 })
  })

  it('has nothing waiting once the server has it, told before or after it was written', async () => {
    const early = await tab()
    early.type('acknowledged before it is written')
    early.copy.acknowledge(1, false)
    await early.copy.flush()
    await early.keep('waits')
    expect((await tab()).loaded.waiting).toBe(1)
    early.copy.acknowledge(2, false)
    await early.copy.flush()
    expect((await tab()).loaded).toEqual({ found: true, waiting: 0 })
  })

  it('notes in one transaction what the server has said of many edits, once it says no more', async () => {
    const { clock, copy, keep } = await tab()
    await keep('typed')
    await keep(' and more')
    const transaction = vi.spyOn(FakeDatabase.prototype, 'transaction')
    copy.acknowledge(1, false)
    clock.advance(200)
    copy.acknowledge(2, false)
    clock.advance(299)
    expect(transaction).not.toHaveBeenCalled()
    clock.advance(1)
    await until(() => transaction.mock.calls.length > 0)
    await copy.flush()
    expect(transaction).toHaveBeenCalledTimes(1)
    expect((await tab()).loaded).toEqual({ found: true, waiting: 0 })
  })

  it('does not count again what the server has said it has, before that is noted', async () => {
    const ada = await tab()
    await ada.keep('a')
    await ada.keep('b')
    const bob = await tab()
    expect(bob.loaded.waiting).toBe(2)
    bob.copy.acknowledge(0, true)
    // As when the connection is lost right after it.
    expect((await bob.load()).waiting).toBe(0)
    await ada.keep('c')
    expect((await bob.load()).waiting).toBe(1)
    bob.copy.acknowledge(0, true)
    await bob.copy.flush()
    expect((await tab()).loaded.waiting).toBe(0)
  })

  it('has no second transaction for what goes with an edit that is written', async () => {
    const { clock, copy, type, events } = await tab()
    type('a')
    clock.advance(100)
    await until(() => events.length === 1)
    copy.acknowledge(1, false)
    type('b')
    clock.advance(100)
    await until(() => events.length === 2)
    const transaction = vi.spyOn(FakeDatabase.prototype, 'transaction')
    clock.advance(1_000)
    await copy.flush()
    expect(transaction).not.toHaveBeenCalled()
    expect((await tab()).loaded.waiting).toBe(1)
  })

  it('lets one tab bring another one’s edits to the server, whether that one is closed or not', async () => {
    const ada = await tab()
    await ada.keep('a')
    await ada.keep('b')
    const bob = await tab()
    expect(bob.loaded.waiting).toBe(2)
    await ada.keep('c')
    bob.copy.acknowledge(0, true)
    await bob.copy.flush()
    expect((await tab()).loaded.waiting).toBe(1)
    await bob.load()
    bob.copy.acknowledge(0, true)
    await bob.copy.flush()
    expect((await tab()).loaded.waiting).toBe(0)
    await ada.keep('d')
    expect((await tab()).loaded.waiting).toBe(1)
  })

  it('keeps the copies of different people, servers and documents apart', async () => {
    const mine = await tab({ principal: 'ada' })
    await mine.keep('mine')
    expect((await tab({ principal: 'bob' })).text.toJSON()).toBe('')
    expect((await tab({ principal: 'ada', documentId: 'other' })).text.toJSON()).toBe('')
    expect((await tab({ principal: 'ada', server: 'http://other.test' })).text.toJSON()).toBe('')
    expect((await tab({ principal: 'ada' })).text.toJSON()).toBe('mine')
  })

  it('folds many records into few', async () => {
    const first = await tab({ foldRecords: 8 })
    for (let index = 0; index < 40; index++) await first.keep(`${index} `)
    expect(await storedRecords()).toBeLessThanOrEqual(8)
    const second = await tab()
    expect(second.text.toJSON()).toBe(first.text.toJSON())
    expect(second.loaded.waiting).toBe(40)
  })

  it('never folds away what only another tab has, whatever the order', async () => {
    const seed = process.env['SEED'] === undefined ? Date.now() % 1_000_000 : Number(process.env['SEED'])
    for (let run = 0; run < 30; run++) {
      globalThis.indexedDB = new IDBFactory()
      const random = generator(seed + run)
      const words: string[] = []
      const open = [
        await tab({ foldRecords: 2 }),
        await tab({ foldRecords: 2 }),
        await tab({ foldRecords: 3 }),
      ]
      for (let step = 0; step < 40; step++) {
        const at = Math.floor(random() * open.length)
        const chosen = open[at]
        const dice = random()
        if (dice < 0.7) {
          const word = `<${words.length}>`
          words.push(word)
          await chosen?.keep(word)
        } else if (dice < 0.85) await chosen?.load()
        else {
          await chosen?.copy.close()
          open[at] = await tab({ foldRecords: 2 })
        }
      }
      const cold = (await tab()).text.toJSON()
      const lost = words.filter((word) => !cold.includes(word))
      expect(lost, `SEED=${seed + run}`).toEqual([])
      expect(cold).toHaveLength(words.join('').length)
    }
  })

  it('goes on without IndexedDB, and says that it keeps nothing', async () => {
    Reflect.deleteProperty(globalThis, 'indexedDB')
    const { loaded, keep, events } = await tab()
    expect(loaded).toEqual({ found: false, waiting: 0 })
    await keep('a')
    expect(new Set(events.map((event) => event.kind))).toEqual(new Set(['failed']))
    expect(events[0]).toEqual({ kind: 'failed', reason: 'unavailable' })
  })

  it('loses nothing to a full disk that becomes free again', async () => {
    const { keep, events, clock, type } = await tab()
    await keep('before ')
    const add = vi.spyOn(FakeObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await keep('during ')
    await keep('still ')
    expect(events.at(-1)).toEqual({ kind: 'failed', reason: 'full' })
    add.mockRestore()
    type('after')
    clock.advance(5_000)
    await until(() => events.at(-1)?.kind === 'kept')
    expect(events.at(-1)).toEqual({ kind: 'kept', through: 4 })
    const cold = await tab()
    expect(cold.text.toJSON()).toBe('before during still after')
    expect(cold.loaded.waiting).toBe(4)
  })

  it('shows the rest when one record is spoilt, says so, and never throws the record away', async () => {
    const first = await tab()
    await first.keep('whole')
    const database = await openDB(DATABASE_NAME)
    const [record] = await database.getAll('updates')
    await database.add('updates', { ...record, bytes: Uint8Array.of(255, 255, 255) })
    database.close()
    const second = await tab({ foldRecords: 1 })
    expect(second.text.toJSON()).toBe('whole')
    expect(second.events).toEqual([{ kind: 'failed', reason: 'broken' }])
    await second.keep('!')
    expect(await storedRecords()).toBe(2)
  })

  it('puts the whole document there again after the browser has cleared it', async () => {
    const { keep } = await tab()
    await keep('kept ')
    await deleteDB(DATABASE_NAME)
    await keep('again')
    expect((await tab()).text.toJSON()).toBe('kept again')
  })

  it('says so when the browser clears it, and puts everything there again by itself', async () => {
    const { copy, clock, events, keep } = await tab()
    await keep('offline words')
    await deleteDB(DATABASE_NAME)
    expect(events).toEqual([{ kind: 'kept', through: 1 }, { kind: 'lost' }])
    clock.advance(100)
    await until(() => events.length === 3)
    expect(events.at(-1)).toEqual({ kind: 'kept', through: 1 })
    const next = await tab()
    expect([next.text.toJSON(), next.loaded.waiting]).toEqual(['offline words', 1])
    await copy.flush()
    expect(await storedRecords()).toBe(1)
  })

  it('does not say kept of a write that went with its database, and writes it again', async () => {
    const { copy, clock, events, type, keep } = await tab()
    await keep('one ')
    const release = await holdWrites()
    type('two')
    const flushed = copy.flush()
    const deleted = deleteDB(DATABASE_NAME)
    await until(() => events.some((event) => event.kind === 'lost'))
    release()
    await Promise.all([flushed, deleted])
    expect(events.slice(0, 2)).toEqual([{ kind: 'kept', through: 1 }, { kind: 'lost' }])
    expect(events.slice(2).some((event) => event.kind === 'kept')).toBe(false)
    clock.advance(5_000)
    await until(() => events.at(-1)?.kind === 'kept')
    expect(events.at(-1)).toEqual({ kind: 'kept', through: 2 })
    expect((await tab()).text.toJSON()).toBe('one two')
  })

  it('writes the editor’s pending changes before it loads', async () => {
    await (await tab()).keep('theirs')
    const late = await tab({ documentId: 'elsewhere' })
    const doc = new Y.Doc()
    const gate = new ApplyGate()
    const seen: string[] = []
    gate.register(() => seen.push(doc.getText('flow').toJSON()))
    const copy = new LocalCopy({ ...ADDRESS, clock: late.clock })
    tabs.push(copy)
    await copy.load(doc, gate)
    expect(seen).toEqual([''])
    expect(doc.getText('flow').toJSON()).toBe('theirs')
  })
})

describe('WeftProvider with a local copy', () => {
  async function page(wire = scriptedWire()) {
    const clock = manualClock()
    const doc = new Y.Doc()
    const copy = new LocalCopy({ ...ADDRESS, clock })
    const provider = new WeftProvider({
      ...ADDRESS,
      doc,
      clock,
      gate: new ApplyGate(),
      WebSocketImpl: wire.Socket,
      localCopy: copy,
      random: () => 0.5,
    })
    tabs.push({ close: () => provider.destroy() })
    const count = wire.sockets.length
    await until(() => wire.sockets.length > count)
    const text = doc.getText('flow')
    return {
      wire,
      clock,
      doc,
      copy,
      provider,
      text,
      type: (words: string) => text.insert(text.length, words),
    }
  }

  it('does not say on this device before the transaction has completed', async () => {
    const { wire, clock, provider, type } = await page()
    wire.shake()
    wire.ack()
    wire.last().drop()
    type('mine')
    clock.advance(QUIET_MS)
    expect(provider.saveState).toMatchObject({ kind: 'saving', shown: true })
    expect(provider.leavingLoses).toBe(true)
    await until(() => provider.saveState.kind === 'on-device')
    expect(provider.saveState).toEqual({ kind: 'on-device', edits: 1, reason: 'unreachable' })
    expect(provider.leavingLoses).toBe(false)
  })

  it('tells a reopened tab what waits before there is a server, and brings it there', async () => {
    const closed = await page()
    closed.wire.last().drop()
    closed.type('typed ')
    closed.type('offline')
    await closed.provider.destroy()

    const { wire, clock, provider, text } = await page()
    await provider.whenLoaded()
    expect(text.toJSON()).toBe('typed offline')
    clock.advance(QUIET_MS)
    expect(provider.saveState).toEqual({ kind: 'on-device', edits: 2, reason: 'connecting' })
    wire.shake()
    expect(wire.doc.getText('flow').toJSON()).toBe('typed offline')
    expect(provider.saveState).toMatchObject({ kind: 'saving' })
    wire.ack()
    expect(provider.saveState.kind).toBe('saved')
    await provider.destroy()

    const again = await page()
    await again.provider.whenLoaded()
    expect(again.provider.saveState).toMatchObject({ kind: 'saved', connected: false })
  })

  it('keeps what others wrote too, and does not call it waiting', async () => {
    const { wire, provider } = await page()
    wire.shake()
    wire.relay((text) => text.insert(0, 'theirs'))
    await provider.destroy()
    const again = await page()
    await again.provider.whenLoaded()
    expect(again.text.toJSON()).toBe('theirs')
    expect(again.provider.saveState).toMatchObject({ kind: 'saved' })
  })

  it('says saved of a document that this browser cannot keep, and that it is not kept', async () => {
    Reflect.deleteProperty(globalThis, 'indexedDB')
    const { wire, clock, provider, type } = await page()
    wire.shake()
    type('mine')
    wire.ack()
    clock.advance(QUIET_MS)
    await until(() => provider.connectionInfo.localCopy.kind === 'failed')
    expect(provider.saveState).toMatchObject({ kind: 'saved', copy: { kind: 'failed' } })
    wire.last().drop()
    type('more')
    clock.advance(QUIET_MS)
    expect(provider.saveState).toMatchObject({ kind: 'not-saved', reason: 'not-kept', kept: false })
    expect(provider.leavingLoses).toBe(true)
  })

  it('sends, on its next connection, what a tab that has closed meanwhile had typed', async () => {
    const stays = await page()
    stays.wire.shake()
    stays.wire.ack()
    const leaves = await page()
    leaves.wire.last().drop()
    leaves.type('orphan')
    await leaves.provider.destroy()

    stays.wire.last().drop()
    stays.clock.advance(2_000)
    await until(() => stays.wire.sockets.length === 2)
    expect(stays.text.toJSON()).toBe('orphan')
    stays.wire.shake()
    stays.wire.ack()
    expect(stays.wire.doc.getText('flow').toJSON()).toBe('orphan')
    expect(stays.provider.saveState.kind).toBe('saved')
    await stays.copy.flush()
    expect((await tab()).loaded.waiting).toBe(0)
  })

  it('keeps both texts when the same copy is opened twice and typed into offline', async () => {
    const first = await page()
    await first.provider.destroy()
    const [one, two] = [await page(), await page()]
    one.type('one')
    two.type('two')
    await Promise.all([one.provider.destroy(), two.provider.destroy()])
    const { wire } = await page()
    wire.shake()
    expect([
      ...wire.doc
        .getText('flow')
        .toJSON()
        .matchAll(/one|two/g),
    ]).toHaveLength(2)
  })

  it('connects although a listener throws while the copy is added, and says why to the log', async () => {
    await (await tab()).keep('kept')
    const logged: unknown[] = []
    const clock = manualClock()
    const wire = scriptedWire()
    const doc = new Y.Doc()
    doc.getText('flow').observe(() => {
      throw new Error('somebody’s fault')
    })
    const copy = new LocalCopy({ ...ADDRESS, clock })
    const provider = new WeftProvider({
      ...ADDRESS,
      doc,
      clock,
      gate: new ApplyGate(),
      WebSocketImpl: wire.Socket,
      localCopy: copy,
      log: (_message, facts) => logged.push(facts['cause']),
    })
    tabs.push({ close: () => provider.destroy() })
    await until(() => wire.sockets.length === 1)
    expect(await provider.whenLoaded()).toBe('local-copy')
    expect(doc.getText('flow').toJSON()).toBe('kept')
    expect(logged).toEqual([new Error('somebody’s fault')])
  })

  it('does not call durable what could not be added to the document', async () => {
    await (await tab()).keep('kept')
    const second = new LocalCopy({ ...ADDRESS, clock: manualClock() })
    tabs.push(second)
    const gate = new ApplyGate()
    const undo = gate.register(() => {
      throw new Error('the editor’s fault')
    })
    const doc = new Y.Doc()
    expect(await second.load(doc, gate)).toEqual({ found: false, waiting: 0 })
    undo()
    expect(await second.load(doc, gate)).toEqual({ found: true, waiting: 1 })
  })

  it('warns of leaving from when the browser clears the copy until it holds everything again', async () => {
    const { provider, clock, copy, type } = await page()
    type('offline words')
    await copy.flush()
    expect(provider.leavingLoses).toBe(false)
    await deleteDB(DATABASE_NAME)
    expect(provider.leavingLoses).toBe(true)
    expect(provider.saveState.kind).not.toBe('on-device')
    clock.advance(100)
    await until(() => !provider.leavingLoses)
    expect((await tab()).text.toJSON()).toBe('offline words')
  })

  it('connects although IndexedDB never answers', async () => {
    vi.spyOn(IDBFactory.prototype, 'open').mockReturnValue(new EventTarget() as IDBOpenDBRequest)
    const clock = manualClock()
    const wire = scriptedWire()
    const provider = new WeftProvider({
      ...ADDRESS,
      doc: new Y.Doc(),
      clock,
      gate: new ApplyGate(),
      WebSocketImpl: wire.Socket,
      localCopy: new LocalCopy({ ...ADDRESS, clock }),
    })
    clock.advance(2_000)
    await until(() => wire.sockets.length === 1)
    wire.shake()
    await provider.whenLoaded()
    expect(provider.connection).toBe('connected')
    provider.disconnect()
  })
})

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
