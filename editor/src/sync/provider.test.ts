import {
  CLOSE,
  encodeAwareness,
  encodeAwarenessEntries,
  encodeDurable,
  encodeSyncStep1,
  encodeUpdate,
} from '@weft/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { ApplyGate } from '../apply-gate.ts'
import type { PageEvents } from './page-events.ts'
import { WeftProvider, type WeftProviderOptions } from './provider.ts'
import { QUIET_MS, SILENT_MS } from './save-state.ts'
import { manualClock } from './testing/manual-clock.ts'
import { manualFrames } from './testing/manual-frames.ts'
import { scriptedWire } from './testing/scripted-wire.ts'
import { until } from './testing/until.ts'
import { WINDOW_MESSAGES } from './update-window.ts'

const open: WeftProvider[] = []

afterEach(async () => {
  for (const provider of open.splice(0)) await provider.destroy()
})

function scriptedPage() {
  const shown = new Set<() => void>()
  const hidden = new Set<() => void>()
  const online = new Set<() => void>()
  const register = (set: Set<() => void>) => (run: () => void) => {
    set.add(run)
    return () => set.delete(run)
  }
  const page: PageEvents = {
    onHidden: register(hidden),
    onShown: register(shown),
    onOnline: register(online),
  }
  return {
    page,
    show: () => shown.forEach((run) => run()),
    hide: () => hidden.forEach((run) => run()),
    online: () => online.forEach((run) => run()),
  }
}

async function start(options: Partial<WeftProviderOptions> = {}) {
  const wire = scriptedWire()
  const clock = manualClock()
  const screen = scriptedPage()
  const gate = new ApplyGate()
  const doc = new Y.Doc()
  const provider = new WeftProvider({
    server: 'http://weft.test',
    documentId: 'minutes',
    doc,
    gate,
    clock,
    page: screen.page,
    WebSocketImpl: wire.Socket,
    random: () => 1 - Number.EPSILON,
    ...options,
  })
  open.push(provider)
  const text = doc.getText('flow')
  const type = (words: string) => text.insert(text.length, words)
  await until(() => wire.sockets.length === 1)
  /** Lets the clock run to the next attempt. */
  const reconnect = async () => {
    const count = wire.sockets.length
    clock.advance(clock.nextInMs() ?? 0)
    await until(() => wire.sockets.length === count + 1)
  }
  /** The pill after a pause long enough for any word. */
  const rest = () => {
    clock.advance(QUIET_MS)
    return provider.saveState
  }
  return { wire, clock, screen, gate, doc, provider, text, type, reconnect, rest }
}

describe('WeftProvider', () => {
  it('asks for the document below the server’s address, in weft.1', async () => {
    const { wire } = await start({ server: 'https://weft.test:99/base/' })
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

  it('is loading until the server has sent the whole document, then saved', async () => {
    const { provider, wire, rest } = await start()
    expect(provider.saveState.kind).toBe('loading')
    wire.doc.getText('flow').insert(0, 'there already')
    const loaded = provider.whenLoaded()
    wire.shake()
    expect(await loaded).toBe('server')
    expect(rest()).toMatchObject({ kind: 'saved', connected: true })
    expect(provider.hello).toMatchObject({ role: 'edit', title: 'Untitled' })
  })

  it('does not say saved while the acknowledgement is held back, however long', async () => {
    const { provider, wire, clock, type, rest } = await start()
    wire.shake()
    wire.ack()
    expect(rest().kind).toBe('saved')
    const said: string[] = []
    provider.onSaveState((state) => said.push(state.kind))
    type('hello')
    wire.take()
    expect(wire.doc.getText('flow').toJSON()).toBe('hello')
    expect(provider.saveState).toMatchObject({ kind: 'saving', shown: false })
    expect(rest()).toMatchObject({ kind: 'saving', shown: true })
    clock.advance(SILENT_MS)
    expect(provider.saveState).toMatchObject({ kind: 'not-saved', reason: 'no-answer' })
    expect(provider.leavingLoses).toBe(true)
    expect(said).not.toContain('saved')
    wire.ack()
    expect(provider.saveState.kind).toBe('saved')
    expect(provider.leavingLoses).toBe(false)
  })

  it('counts the answer to the server’s step 1, which passes every hook of y-websocket', async () => {
    const { provider, wire, type, rest } = await start()
    type('before any socket')
    wire.shake()
    expect(wire.last().received.map(({ kind }) => kind)).toEqual(['sync-step-1', 'awareness', 'sync-step-2'])
    wire.last().deliver(encodeDurable(0))
    expect(rest()).toMatchObject({ kind: 'saving', shown: true })
    wire.last().deliver(encodeDurable(1))
    expect(provider.saveState.kind).toBe('saved')
  })

  it('starts its counts at nothing on every connection', async () => {
    const { provider, wire, type, reconnect, rest } = await start()
    wire.shake()
    for (let index = 0; index < 5; index++) type('a')
    wire.ack()
    type('b')
    wire.last().drop()
    await reconnect()
    wire.shake()
    // One step 2 so far; a count of the dead connection would read this as nothing at all.
    wire.ack(0)
    expect(rest().kind).not.toBe('saved')
    wire.ack(1)
    expect(provider.saveState.kind).toBe('saved')
    expect(wire.doc.getText('flow').toJSON()).toBe('aaaaab')
  })

  it('keeps what is typed between opening and the server’s step 1 unsaved until a step 2 carries it', async () => {
    const { provider, wire, type, reconnect, rest } = await start()
    wire.shake()
    wire.ack()
    wire.last().drop()
    type('while away ')
    await reconnect()
    wire.last().open()
    type('while shaking')
    // The server cannot place this update: what came before it is still missing there.
    expect(wire.last().bearing).toBe(1)
    wire.ack(1)
    expect(rest().kind).toBe('not-saved')
    wire.shake()
    wire.ack(1)
    expect(rest().kind).not.toBe('saved')
    wire.ack(2)
    expect(provider.saveState.kind).toBe('saved')
    expect(wire.doc.getText('flow').toJSON()).toBe('while away while shaking')
  })

  it('writes the editor’s pending changes before it applies anybody else’s', async () => {
    const { wire, gate, text, type, doc } = await start()
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

  it('applies what others write once for each frame, and acknowledgements of mine meanwhile', async () => {
    const frames = manualFrames()
    const { provider, wire, text, type, doc, rest } = await start({ frames })
    wire.shake()
    wire.ack()
    let transactions = 0
    doc.on('afterTransaction', () => transactions++)
    for (const word of ['one ', 'two ', 'three ']) wire.relay((theirs) => theirs.insert(theirs.length, word))
    expect(transactions).toBe(0)
    type('mine ')
    wire.take()
    wire.ack()
    expect(rest().kind).toBe('saved')
    frames.draw()
    expect(transactions).toBe(2)
    expect(text.toJSON()).toBe(wire.doc.getText('flow').toJSON())
    expect(provider.saveState.kind).toBe('saved')
  })

  it('has applied what came before it when it answers a handshake', async () => {
    const frames = manualFrames()
    const { wire, text } = await start({ frames })
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
    const { provider, wire, screen, text, reconnect } = await start({ frames })
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
    const { wire, rest, doc } = await start()
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

  it('resolves flush once what the editor still held is on the server’s disk', async () => {
    const { provider, wire, gate, type } = await start()
    wire.shake()
    let pending = 'last words'
    gate.register(() => {
      if (pending !== '') type(pending)
      pending = ''
    })
    let resolved = false
    const flushed = provider.flush({ durable: true }).then(() => {
      resolved = true
      return resolved
    })
    wire.take()
    expect(wire.doc.getText('flow').toJSON()).toBe('last words')
    await until(() => wire.last().bearing === 2)
    wire.ack(1)
    expect(resolved).toBe(false)
    wire.ack(2)
    await flushed
  })

  it('sends a thousand edits in a few dozen frames, and every one arrives', async () => {
    const { provider, wire, type, rest, text } = await start()
    wire.shake()
    wire.ack()
    for (let edit = 0; edit < 1_000; edit++) type(`${edit} `)
    expect(wire.last().bearing).toBe(WINDOW_MESSAGES + 1)
    expect(provider.connectionInfo).toMatchObject({ editsWaiting: 1_000 })
    wire.ack()
    expect(rest().kind).not.toBe('saved')
    expect(wire.last().bearing).toBe(WINDOW_MESSAGES + 2)
    wire.take()
    expect(wire.doc.getText('flow').toJSON()).toBe(text.toJSON())
    wire.ack()
    expect(provider.saveState.kind).toBe('saved')
  })

  it('lets nothing that waits for its turn be overtaken by a step 2 or lost with the socket', async () => {
    const { wire, type, reconnect, rest } = await start()
    wire.shake()
    for (let edit = 0; edit < 50; edit++) type('a')
    const { received } = wire.last()
    const count = received.length
    wire.last().deliver(encodeSyncStep1(Y.encodeStateVector(wire.doc)))
    expect(received.slice(count).map(({ kind }) => kind)).toEqual(['update', 'sync-step-2'])
    for (let edit = 0; edit < 50; edit++) type('b')
    wire.last().drop()
    await reconnect()
    wire.shake()
    wire.ack()
    expect(rest().kind).toBe('saved')
    expect(wire.doc.getText('flow').toJSON()).toBe('a'.repeat(50) + 'b'.repeat(50))
  })

  it('tries again soon, then more slowly, and never more often than its ceiling', async () => {
    const { wire, clock, provider } = await start()
    const waits: number[] = []
    for (let failure = 0; failure < 26; failure++) {
      wire.last().drop()
      expect(provider.connection).toBe('waiting')
      let waitedMs = 0
      const count = wire.sockets.length
      while (wire.sockets.length === count) {
        clock.advance(10)
        waitedMs += 10
        await Promise.resolve()
      }
      waits.push(waitedMs)
    }
    expect(waits.slice(0, 4)).toEqual([250, 500, 1_000, 2_000])
    // A server that restarts is found within two seconds of its return for the first twenty seconds.
    expect(Math.max(...waits.slice(0, 20))).toBe(2_000)
    expect(waits.at(-1)).toBe(15_000)
  })

  it('does not hurry back to a server that accepts and drops at once', async () => {
    const { wire, clock, reconnect, provider } = await start()
    for (let round = 0; round < 4; round++) {
      wire.shake()
      wire.last().drop(CLOSE.internal)
      await reconnect()
    }
    expect(provider.connectionInfo.failures).toBe(4)
    wire.shake()
    clock.advance(10_000)
    wire.last().drop(CLOSE.internal)
    expect(provider.connectionInfo.failures).toBe(1)
  })

  it('gives an overloaded server two seconds from the first', async () => {
    const { wire, clock } = await start({ random: () => 0.9 })
    wire.shake()
    wire.last().drop(CLOSE.overloaded)
    expect(clock.nextInMs()).toBe(1_800)
  })

  it('stops for good on a permanent close, says why and what to do, and comes back only when asked', async () => {
    const { provider, wire, clock, type } = await start()
    wire.shake()
    type('mine')
    const flushed = provider.flush()
    wire.last().drop(CLOSE.forbidden, 'access removed')
    await expect(flushed).rejects.toMatchObject({ code: 'refused' })
    expect(provider.saveState).toEqual({
      kind: 'refused',
      refusal: { code: 4403, words: 'access removed' },
      edits: 1,
      kept: false,
      action: 'copy-text',
    })
    clock.advance(600_000)
    expect(wire.sockets).toHaveLength(1)
    provider.connect()
    await until(() => wire.sockets.length === 2)
    wire.shake()
    wire.ack()
    clock.advance(QUIET_MS)
    expect(provider.saveState.kind).toBe('saved')
  })

  it('says why it waits', async () => {
    const { provider, wire, type, clock, reconnect } = await start({ random: () => 0.999 })
    wire.shake()
    type('mine')
    wire.last().drop(CLOSE.storeUnavailable)
    expect(provider.connectionInfo).toMatchObject({ status: 'waiting', lastClose: { code: 4503 } })
    await reconnect()
    wire.last().drop(CLOSE.draining)
    clock.advance(QUIET_MS)
    expect(provider.saveState).toMatchObject({ kind: 'not-saved', reason: 'not-kept' })
  })

  it('tries at once when the network is back or the page is looked at, but not twice in a second', async () => {
    const { wire, clock, screen } = await start()
    for (let failure = 0; failure < 4; failure++) {
      wire.last().drop()
      clock.advance(2_000)
      await until(() => wire.sockets.length === failure + 2)
    }
    wire.last().drop()
    screen.show()
    screen.online()
    await Promise.resolve()
    expect(wire.sockets).toHaveLength(5)
    clock.advance(1_000)
    screen.show()
    await until(() => wire.sockets.length === 6)
    screen.online()
    await Promise.resolve()
    expect(wire.sockets).toHaveLength(6)
  })

  it('takes a new socket when the network comes back under an open one', async () => {
    const { wire, screen, provider, clock } = await start()
    wire.shake()
    screen.online()
    expect(wire.last().readyState).toBe(3)
    expect(provider.connection).toBe('waiting')
    clock.advance(250)
    await until(() => wire.sockets.length === 2)
  })

  it('doubts what an earlier history confirmed, and believes it again after a whole handshake', async () => {
    const told: string[] = []
    const { wire, type, reconnect, rest } = await start({ log: (message) => told.push(message) })
    wire.shake({ epoch: 'first', seq: 7 })
    type('on disk before the restore')
    wire.ack()
    expect(rest().kind).toBe('saved')
    wire.last().drop(CLOSE.draining)
    await reconnect()
    wire.shake({ epoch: 'first', seq: 3 })
    expect(rest().kind).not.toBe('saved')
    wire.ack()
    expect(rest().kind).toBe('saved')
    expect(told).toEqual(['the server was restored'])
  })

  it('passes notices on and keeps what it knows of the session up to date', async () => {
    const { provider, wire, type } = await start()
    const heard: string[] = []
    provider.onNotice((notice) => heard.push(notice.kind))
    wire.shake()
    wire.notice({ kind: 'renamed', title: 'Minutes' })
    wire.notice({ kind: 'role', role: 'view' })
    type('too late')
    expect(heard).toEqual(['renamed', 'role'])
    expect(provider.hello).toMatchObject({ title: 'Minutes', role: 'view', readOnly: true })
    expect(provider.saveState).toMatchObject({ kind: 'not-saved', reason: 'role', action: 'copy-text' })
  })

  it('says at once that the server’s disk is full', async () => {
    const { provider, wire, type, rest } = await start()
    wire.shake()
    wire.ack()
    wire.notice({ kind: 'storage', state: 'full', message: 'no space left' })
    type('mine')
    expect(provider.saveState).toMatchObject({ kind: 'not-saved', reason: 'storage-full' })
    wire.notice({ kind: 'storage', state: 'ok', message: '' })
    wire.ack()
    expect(rest().kind).toBe('saved')
  })

  it('shows others again after a reconnect although their clocks have not moved', async () => {
    const { provider, wire, reconnect } = await start()
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
    const { wire, reconnect } = await start()
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

  it('starts a new handshake on bytes that make no sense', async () => {
    const failures: string[] = []
    const { wire, provider, reconnect } = await start({ log: (message) => failures.push(message) })
    wire.shake()
    wire.last().deliver(Uint8Array.of(102, 3, 123, 34, 97))
    expect(failures).toHaveLength(1)
    expect(provider.connection).toBe('waiting')
    await reconnect()
    wire.shake()
    expect(provider.connection).toBe('connected')
  })

  it('never says saved of a server that does not confirm', async () => {
    const { provider, wire, type, rest } = await start()
    wire.last().open('')
    wire.shake()
    type('mine')
    wire.take()
    expect(rest()).toMatchObject({ kind: 'not-saved', reason: 'server-never-confirms' })
    expect(provider.connection).toBe('connected')
  })

  it('measures what the status panel shows', async () => {
    const { provider, wire, clock, type } = await start()
    wire.last().open()
    clock.advance(12)
    wire.shake()
    expect(provider.connectionInfo).toMatchObject({ status: 'connected', queue: 1, epoch: 'first' })
    wire.ack()
    type('a')
    type('b')
    expect(provider.connectionInfo).toMatchObject({ queue: 2, editsWaiting: 2 })
    clock.advance(7)
    wire.ack()
    clock.advance(3)
    expect(provider.connectionInfo).toMatchObject({
      durableMs: 7,
      lastAckAgoMs: 3,
      queue: 0,
      editsWaiting: 0,
      localCopy: { kind: 'off' },
    })
  })

  it('rejects those who wait when it is destroyed, and leaves nothing behind', async () => {
    const { provider, wire, clock, type } = await start()
    wire.shake()
    type('mine')
    const flushed = provider.flush()
    const destroyed = provider.destroy()
    await expect(flushed).rejects.toMatchObject({ code: 'destroyed' })
    await destroyed
    await provider.destroy()
    type('nobody listens')
    expect(clock.nextInMs()).toBeUndefined()
    expect(wire.sockets).toHaveLength(1)
  })

  it('makes no attempt after disconnect, and says so', async () => {
    const { provider, wire, clock, type } = await start()
    wire.shake()
    provider.disconnect()
    type('mine')
    clock.advance(60_000)
    expect(wire.sockets).toHaveLength(1)
    expect(provider.connection).toBe('off')
    provider.connect()
    await until(() => wire.sockets.length === 2)
  })
})
