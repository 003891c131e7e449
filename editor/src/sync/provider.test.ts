import { CLOSE, encodeDurable, encodeSyncStep1 } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { QUIET_MS, SILENT_MS } from './save-state.ts'
import { openProvider } from './testing/open-provider.ts'
import { until } from './testing/until.ts'
import { WINDOW_MESSAGES } from './update-window.ts'

describe('WeftProvider', () => {
  it('is loading until the server has sent the whole document, then saved', async () => {
    const { provider, wire, rest } = await openProvider()
    expect(provider.saveState.kind).toBe('loading')
    wire.doc.getText('flow').insert(0, 'there already')
    const loaded = provider.whenLoaded()
    wire.shake()
    expect(await loaded).toBe('server')
    expect(rest()).toMatchObject({ kind: 'saved', connected: true })
    expect(provider.hello).toMatchObject({ role: 'edit', title: 'Untitled' })
  })

  it('does not say saved while the acknowledgement is held back, however long', async () => {
    const { provider, wire, clock, type, rest } = await openProvider()
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
    const { provider, wire, type, rest } = await openProvider()
    type('before any socket')
    wire.shake()
    expect(wire.last().received.map(({ kind }) => kind)).toEqual(['sync-step-1', 'awareness', 'sync-step-2'])
    wire.last().deliver(encodeDurable(0))
    expect(rest()).toMatchObject({ kind: 'saving', shown: true })
    wire.last().deliver(encodeDurable(1))
    expect(provider.saveState.kind).toBe('saved')
  })

  it('starts its counts at nothing on every connection', async () => {
    const { provider, wire, type, reconnect, rest } = await openProvider()
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
    const { provider, wire, type, reconnect, rest } = await openProvider()
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

  it('resolves flush once what the editor still held is on the server’s disk', async () => {
    const { provider, wire, gate, type } = await openProvider()
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
    const { provider, wire, type, rest, text } = await openProvider()
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
    const { wire, type, reconnect, rest } = await openProvider()
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

  it('stops for good on a permanent close, says why and what to do, and comes back only when asked', async () => {
    const { provider, wire, clock, type } = await openProvider()
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

  it('never says saved of a server that does not confirm', async () => {
    const { provider, wire, type, rest } = await openProvider()
    wire.last().open('')
    wire.shake()
    type('mine')
    wire.take()
    expect(rest()).toMatchObject({ kind: 'not-saved', reason: 'server-never-confirms' })
    expect(provider.connection).toBe('connected')
  })

  it('measures what the status panel shows', async () => {
    const { provider, wire, clock, type } = await openProvider()
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
    const { provider, wire, clock, type } = await openProvider()
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
})
