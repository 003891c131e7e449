import { encodeAwareness, encodeAwarenessEntries, encodeSyncStep1, encodeUpdate } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ApplyGate } from '../apply-gate.ts'
import { WeftProvider } from './provider.ts'
import { manualClock } from './testing/manual-clock.ts'
import { manualFrames } from './testing/manual-frames.ts'
import { openProvider } from './testing/open-provider.ts'

describe('the link of a provider', () => {
  it('asks for the document below the server’s address, in weft.1', async () => {
    const { wire } = await openProvider({ server: 'https://weft.test:99/base/' })
    expect(wire.last().url).toBe('wss://weft.test:99/base/sync/minutes')
    expect(wire.last().offered).toEqual(['weft.1'])
  })

  it('refuses names and addresses that cannot be meant', () => {
    const options = { doc: new Y.Doc(), gate: new ApplyGate(), connect: false }
    expect(() => new WeftProvider({ ...options, server: 'http://a', documentId: 'a/b' })).toThrow(
      expect.objectContaining({ code: 'document-id' }),
    )
    expect(() => new WeftProvider({ ...options, server: 'ftp://a', documentId: 'a' })).toThrow(
      expect.objectContaining({ code: 'server-address' }),
    )
  })

  it('writes the editor’s pending changes before it applies anybody else’s', async () => {
    const { wire, gate, text, type, doc } = await openProvider()
    wire.shake()
    let pending = ''
    let seenWhenWritten: string | undefined
    gate.register(() => {
      if (pending === '') return
      seenWhenWritten = text.toJSON()
      type(pending)
      pending = ''
    })
    pending = 'mine'
    wire.relay((theirs) => theirs.insert(0, 'theirs'))
    expect(seenWhenWritten).toBe('')
    expect(doc.getText('flow').toJSON()).toContain('mine')
    expect(wire.last().received.at(-1)?.kind).toBe('update')
  })

  it('applies what others write gathered, and acknowledgements of mine meanwhile', async () => {
    const frames = manualFrames()
    const { provider, wire, text, type, doc, rest } = await openProvider({ frames })
    wire.shake()
    wire.ack()
    let transactions = 0
    doc.on('afterTransaction', () => transactions++)
    for (const word of ['one ', 'two ', 'three ']) wire.relay((theirs) => theirs.insert(theirs.length, word))
    expect(transactions).toBe(0)
    type('mine ')
    void provider.flush()
    wire.take()
    wire.ack()
    expect(rest().kind).toBe('saved')
    frames.draw()
    expect(transactions).toBe(2)
    expect(text.toJSON()).toBe(wire.doc.getText('flow').toJSON())
    expect(provider.saveState.kind).toBe('saved')
  })

  it('sends what is typed once it is shown, as one message, and calls nothing saved that has not left', async () => {
    const frames = manualFrames()
    const { wire, clock, text, type, rest } = await openProvider({ frames })
    wire.shake()
    wire.ack()
    const before = wire.last().bearing
    type('a')
    type('b')
    frames.draw()
    expect(wire.last().bearing).toBe(before)
    clock.advance(0)
    expect(wire.last().bearing).toBe(before + 1)
    wire.take()
    expect(wire.doc.getText('flow').toJSON()).toBe(text.toJSON())
    type('c')
    wire.ack()
    expect(wire.last().bearing).toBe(before + 1)
    expect(rest().kind).not.toBe('saved')
    frames.draw()
    clock.advance(0)
    wire.take()
    expect(wire.doc.getText('flow').toJSON()).toBe('abc')
    wire.ack()
    expect(rest().kind).toBe('saved')
  })

  it('counts as durable only what was in the messages that are', async () => {
    const frames = manualFrames()
    let nowMs = 0
    const { provider, wire, type, doc } = await openProvider({
      frames,
      clock: { ...manualClock(), now: () => ++nowMs },
    })
    wire.shake()
    wire.ack()
    const before = wire.last().bearing
    type('held for its frame')
    // What is not our own client's is sent by itself, behind all that waits.
    const elsewhere = new Y.Doc()
    elsewhere.getText('flow').insert(0, 'imported')
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(elsewhere), 'import')
    expect(wire.last().bearing).toBe(before + 2)
    expect(provider.connectionInfo.editsWaiting).toBe(2)
    wire.ack(before + 1)
    expect(provider.connectionInfo.editsWaiting).toBe(1)
    expect(provider.leavingLoses).toBe(true)
    wire.ack(before + 2)
    expect(provider.connectionInfo.editsWaiting).toBe(0)
  })

  it('sends at once what is followed by a caret, or by the end of the page or of the connection', async () => {
    const frames = manualFrames()
    const { provider, wire, screen, type } = await openProvider({ frames })
    wire.shake()
    const kinds = () => wire.last().received.map(({ kind }) => kind)
    type('a')
    provider.awareness.setLocalStateField('user', { name: 'Ann' })
    expect(kinds().slice(-2)).toEqual(['update', 'awareness'])
    type('b')
    screen.hide()
    expect(kinds().at(-1)).toBe('update')
    type('c')
    provider.disconnect()
    expect(kinds().filter((kind) => kind === 'update')).toHaveLength(3)
    expect(frames.waiting).toBe(0)
  })

  it('tells the server of its own place, and nothing of what it has heard of others', async () => {
    const { provider, wire } = await openProvider()
    wire.shake()
    const { awareness } = provider
    const told = () => wire.last().received.filter(({ kind }) => kind === 'awareness').length
    const before = told()
    const hear = (clientId: number, clock: number, state?: Uint8Array) =>
      wire.last().deliver(encodeAwareness(encodeAwarenessEntries([{ clientId, clock, state }])))
    hear(42, 3, new TextEncoder().encode('{"user":{"name":"Ben"}}'))
    expect(awareness.getStates().has(42)).toBe(true)
    expect(told()).toBe(before)
    awareness.setLocalStateField('user', { name: 'Ann' })
    expect(told()).toBe(before + 1)
    // Somebody believes that we have gone: the room is told that we have not.
    const own = awareness.meta.get(awareness.clientID)?.clock ?? 0
    hear(awareness.clientID, own + 1)
    expect(told()).toBe(before + 2)
  })

  it('has applied what came before it when it answers a handshake', async () => {
    const frames = manualFrames()
    const { wire, text } = await openProvider({ frames })
    wire.shake()
    wire.relay((theirs) => theirs.insert(0, 'theirs'))
    expect(text.toJSON()).toBe('')
    wire.last().deliver(encodeSyncStep1(Y.encodeStateVector(new Y.Doc())))
    expect(text.toJSON()).toBe('theirs')
    const answer = wire.last().received.at(-1)
    const copy = new Y.Doc()
    if (answer?.kind === 'sync-step-2') Y.applyUpdate(copy, answer.update)
    expect(copy.getText('flow').toJSON()).toBe('theirs')
  })

  it('keeps what came when the connection ends before the next frame, or the page is hidden', async () => {
    const frames = manualFrames()
    const { provider, wire, screen, text, reconnect } = await openProvider({ frames })
    wire.shake()
    wire.relay((theirs) => theirs.insert(theirs.length, 'a'))
    wire.last().drop()
    expect(text.toJSON()).toBe('a')
    await reconnect()
    wire.shake()
    wire.relay((theirs) => theirs.insert(theirs.length, 'b'))
    screen.hide()
    expect(text.toJSON()).toBe('ab')
    wire.relay((theirs) => theirs.insert(theirs.length, 'c'))
    await provider.destroy()
    expect(text.toJSON()).toBe('abc')
    expect(frames.waiting).toBe(0)
  })

  it('does not call tidying after somebody else’s formatting an edit of mine', async () => {
    const { wire, rest, doc } = await openProvider()
    wire.shake()
    wire.ack()
    wire.relay((theirs) => theirs.insert(0, 'abcdef'))
    // Two people make the same words bold at once: every replica then removes what is redundant.
    const [ada, bob] = [new Y.Doc(), new Y.Doc()]
    for (const other of [ada, bob]) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
    ada.getText('flow').format(0, 6, { bold: true })
    bob.getText('flow').format(0, 6, { bold: true })
    const before = wire.last().bearing
    for (const other of [ada, bob]) wire.last().deliver(encodeUpdate(Y.encodeStateAsUpdate(other)))
    expect(wire.last().bearing).toBeGreaterThan(before)
    expect(rest().kind).toBe('saved')
  })

  it('shows others again after a reconnect although their clocks have not moved', async () => {
    const { provider, wire, reconnect } = await openProvider()
    const state = new TextEncoder().encode('{"user":{"name":"Ada"}}')
    const ada = encodeAwareness(encodeAwarenessEntries([{ clientId: 42, clock: 3, state }]))
    wire.shake()
    wire.last().deliver(ada)
    expect(provider.awareness.getStates().has(42)).toBe(true)
    wire.last().drop()
    expect(provider.awareness.getStates().has(42)).toBe(false)
    await reconnect()
    wire.shake()
    wire.last().deliver(ada)
    expect(provider.awareness.getStates().has(42)).toBe(true)
  })

  it('sends its own presence with a higher clock on every connection', async () => {
    const { wire, reconnect } = await openProvider()
    const clocks: number[] = []
    for (let round = 0; round < 3; round++) {
      wire.shake()
      const own = wire.last().received.find(({ kind }) => kind === 'awareness')
      if (own?.kind === 'awareness') clocks.push(own.update.at(-4) ?? 0)
      wire.last().drop()
      await reconnect()
    }
    expect(clocks).toHaveLength(3)
    expect(new Set(clocks).size).toBe(3)
    expect([...clocks].sort((a, b) => a - b)).toEqual(clocks)
  })
})
