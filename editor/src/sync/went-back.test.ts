/** A page that went back to an earlier state of itself: how it notices, and what it hands over. */
import 'fake-indexeddb/auto'
import { CLOSE, encodeSyncStep1 } from '@weft/protocol'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ApplyGate } from '../apply-gate.ts'
import { LocalCopy } from './local-copy.ts'
import { WeftProvider, type WeftProviderOptions } from './provider.ts'
import { manualClock } from './testing/manual-clock.ts'
import { manualFrames } from './testing/manual-frames.ts'
import { scriptedWire } from './testing/scripted-wire.ts'
import { until } from './testing/until.ts'
import type { Again } from './went-back.ts'

const CLIENT = 7
const ADDRESS = { server: 'http://weft.test', documentId: 'minutes' }
const undo: (() => Promise<void>)[] = []

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

interface Page {
  readonly doc: Y.Doc
  readonly text: Y.Text
  readonly provider: WeftProvider
  readonly clock: ReturnType<typeof manualClock>
  readonly again: Again[]
}

function open(wire: ReturnType<typeof scriptedWire>, options: Partial<WeftProviderOptions> = {}): Page {
  const clock = manualClock()
  const doc = new Y.Doc()
  doc.clientID = options.seed === undefined ? CLIENT : CLIENT + 1
  const again: Again[] = []
  const provider = new WeftProvider({
    ...ADDRESS,
    doc,
    gate: new ApplyGate(),
    clock,
    page: { onHidden: () => () => {}, onShown: () => () => {}, onOnline: () => () => {} },
    WebSocketImpl: wire.Socket,
    random: () => 1 - Number.EPSILON,
    onWentBack: (next) => again.push(next),
    ...options,
  })
  undo.push(() => provider.destroy())
  return { doc, text: doc.getText('flow'), provider, clock, again }
}

/** What somebody of the same client has written, on the server. */
function twinWrites(wire: ReturnType<typeof scriptedWire>, words: string): void {
  const twin = new Y.Doc()
  twin.clientID = CLIENT
  twin.getText('flow').insert(0, words)
  Y.applyUpdate(wire.doc, Y.encodeStateAsUpdate(twin))
}

const words = (doc: Y.Doc): string => doc.getText('flow').toJSON()

describe('a page that went back', () => {
  it('notices that the server knows more of it than it has written, sends nothing, and hands its words over', async () => {
    const wire = scriptedWire()
    const { text, again, provider } = open(wire)
    await until(() => wire.sockets.length === 1)
    twinWrites(wire, 'a long text of the twin')
    text.insert(0, 'mine')
    wire.last().open()
    wire.last().deliver(encodeSyncStep1(Y.encodeStateVector(wire.doc)))
    await until(() => again.length === 1)
    expect(wire.last().bearing).toBe(0)
    expect(provider.connection).toBe('off')
    const seed = again[0]?.seed ?? new Uint8Array()
    Y.applyUpdate(wire.doc, seed)
    expect(words(wire.doc)).toContain('a long text of the twin')
    expect(words(wire.doc)).toContain('mine')
    expect(wire.doc.store.pendingStructs).toBeNull()
  })

  it('sends nothing of what was typed meanwhile, either', async () => {
    const wire = scriptedWire()
    const frames = manualFrames()
    const { text, again, clock } = open(wire, { frames })
    await until(() => wire.sockets.length === 1)
    twinWrites(wire, 'a long text of the twin')
    wire.last().open()
    text.insert(0, 'mine')
    wire.last().deliver(encodeSyncStep1(Y.encodeStateVector(wire.doc)))
    await until(() => again.length === 1)
    frames.draw()
    clock.advance(0)
    expect(wire.last().bearing).toBe(0)
    Y.applyUpdate(wire.doc, again[0]?.seed ?? new Uint8Array())
    expect(words(wire.doc)).toContain('mine')
  })

  it('begins again when somebody else has written under its id, although it has not', async () => {
    const wire = scriptedWire()
    const { text, again, provider } = open(wire)
    await until(() => wire.sockets.length === 1)
    wire.shake()
    wire.relay(() => twinWrites(wire, 'a text of the twin'))
    await until(() => again.length === 1)
    expect(again[0]?.seed).toBeUndefined()
    expect(text.toJSON()).not.toBe('')
    expect(provider.connection).toBe('off')
  })

  it('says again what nobody has confirmed, so that the server can tell, and nothing that it has', async () => {
    const wire = scriptedWire()
    const { text, clock } = open(wire)
    await until(() => wire.sockets.length === 1)
    wire.shake()
    text.insert(0, 'confirmed ')
    wire.take()
    wire.ack()
    text.insert(10, 'not yet')
    wire.take()
    wire.last().drop()
    clock.advance(clock.nextInMs() ?? 0)
    await until(() => wire.sockets.length === 2)
    wire.last().open()
    // The server has all of it; only its word is missing.
    wire.last().deliver(encodeSyncStep1(Y.encodeStateVector(wire.doc)))
    const answer = wire.last().received.find(({ kind }) => kind === 'sync-step-2')
    expect(answer?.kind).toBe('sync-step-2')
    const update = answer?.kind === 'sync-step-2' ? answer.update : new Uint8Array()
    expect([...Y.parseUpdateMeta(update).from]).toEqual([[CLIENT, 10]])
    expect([...Y.parseUpdateMeta(update).to]).toEqual([[CLIENT, 17]])
  })

  it('hands over when it is told with 4409 that something else is stored, and ends as before when nobody takes over', async () => {
    const wire = scriptedWire()
    const { text, again } = open(wire)
    await until(() => wire.sockets.length === 1)
    wire.shake()
    text.insert(0, 'mine')
    wire.last().drop(CLOSE.foreignClient, 'something else is stored')
    await until(() => again.length === 1)
    expect(again[0]).toMatchObject({ copyIsClean: true, moves: [{ client: CLIENT, from: 0, end: 4 }] })

    const other = scriptedWire()
    const alone = open(other)
    const { provider } = open(other, { onWentBack: undefined } as unknown as Partial<WeftProviderOptions>)
    await alone.provider.destroy()
    await until(() => other.sockets.length > 0)
    other.last().open()
    provider.awareness.doc.getText('flow').insert(0, 'x')
    other.last().drop(CLOSE.foreignClient, 'no')
    expect(provider.connection).toBe('refused')
  })

  it('tells the log when the listener that should take over throws, and keeps the words on this device', async () => {
    const wire = scriptedWire()
    const cause = new Error('no room for another document')
    const logged: unknown[] = []
    const { text, provider } = open(wire, {
      localCopy: new LocalCopy({ ...ADDRESS, clock: manualClock() }),
      onWentBack: () => {
        throw cause
      },
      log: (message, facts) => logged.push([message, facts]),
    })
    await until(() => wire.sockets.length === 1)
    wire.shake()
    text.insert(0, 'mine')
    wire.last().drop(CLOSE.foreignClient, 'something else is stored')
    await until(() => logged.length === 2)
    expect(logged[1]).toEqual(['nothing has taken the place of the document that went back', { cause }])
    expect(provider.connection).toBe('off')
    await provider.destroy()
    const cold = new Y.Doc()
    const copy = new LocalCopy({ ...ADDRESS, clock: manualClock() })
    expect(await copy.load(cold, new ApplyGate())).toMatchObject({ found: true, waiting: 1 })
    await copy.close()
    expect(words(cold)).toBe('mine')
  })

  it('leaves nothing of how it was in the local copy, has what was typed meanwhile, and goes on in another document', async () => {
    const wire = scriptedWire()
    const first = open(wire, { localCopy: new LocalCopy({ ...ADDRESS, clock: manualClock() }) })
    await until(() => wire.sockets.length === 1)
    twinWrites(wire, 'a long text of the twin')
    first.text.insert(0, 'kept')
    await first.provider.flush({ durable: false })
    wire.last().open()
    wire.last().deliver(encodeSyncStep1(Y.encodeStateVector(wire.doc)))
    first.text.insert(4, ' and late')
    await until(() => first.again.length === 1)
    const next = first.again[0]
    await first.provider.destroy()

    // From the copy alone, as after a crash in this moment.
    const copy = new LocalCopy({ ...ADDRESS, clock: manualClock() })
    const cold = new Y.Doc()
    const { found, waiting } = await copy.load(cold, new ApplyGate())
    await copy.close()
    expect([found, waiting]).toEqual([true, 1])
    expect(words(cold)).toMatch(/^kept( and late)?$/)
    expect(Y.getState(cold.store, CLIENT)).toBe(0)

    const second = open(wire, {
      localCopy: new LocalCopy({ ...ADDRESS, clock: manualClock() }),
      ...(next?.seed === undefined ? {} : { seed: next.seed }),
    })
    await until(() => wire.sockets.length === 2)
    wire.shake()
    wire.take()
    wire.ack()
    for (const doc of [second.doc, wire.doc]) {
      expect(words(doc)).toContain('kept and late')
      expect(words(doc)).toContain('a long text of the twin')
      expect(words(doc)).toHaveLength('kept and latea long text of the twin'.length)
    }
    expect(second.provider.leavingLoses).toBe(false)
    second.clock.advance(10_000)
    expect(second.provider.saveState.kind).toBe('saved')
  })
})
