import { CLOSE, type Hello } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import { barredBy, isEarlier, meaningOf, updated } from './greeting.ts'
import { openProvider } from './testing/open-provider.ts'

const HELLO: Hello = {
  protocol: 1,
  schema: 1,
  role: 'edit',
  readOnly: false,
  principal: 'guest',
  epoch: 'first',
  seq: 7,
  title: 'Minutes',
}

it('who may not write is barred by the role, or by the document', () => {
  expect(barredBy(HELLO)).toBeUndefined()
  expect(barredBy({ ...HELLO, role: 'view', readOnly: true })).toBe('role')
  expect(barredBy({ ...HELLO, readOnly: true })).toBe('read-only')
})

it('a server of another history, or that has less of it, was restored', () => {
  expect(isEarlier({ ...HELLO, seq: 8 }, HELLO)).toBe(false)
  expect(isEarlier(HELLO, HELLO)).toBe(false)
  expect(isEarlier({ ...HELLO, seq: 6 }, HELLO)).toBe(true)
  expect(isEarlier({ ...HELLO, epoch: 'second', seq: 8 }, HELLO)).toBe(true)
})

it('a notice changes what is known, and says what it means for saving', () => {
  expect(updated(HELLO, { kind: 'renamed', title: 'Plan' })).toEqual({ ...HELLO, title: 'Plan' })
  expect(meaningOf({ kind: 'renamed', title: 'Plan' })).toBeUndefined()
  expect(updated(HELLO, { kind: 'role', role: 'view' })).toMatchObject({ role: 'view', readOnly: true })
  expect(meaningOf({ kind: 'role', role: 'view' })).toEqual({ kind: 'barred', why: 'role' })
  expect(meaningOf({ kind: 'role', role: 'own' })).toEqual({ kind: 'barred', why: undefined })
  expect(updated(HELLO, { kind: 'read-only' })).toBe(HELLO)
  expect(meaningOf({ kind: 'read-only' })).toEqual({ kind: 'barred', why: 'read-only' })
  expect(meaningOf({ kind: 'storage', state: 'full', message: '' })).toEqual({
    kind: 'storage',
    state: 'full',
  })
})

describe('a provider', () => {
  it('doubts what an earlier history confirmed, and believes it again after a whole handshake', async () => {
    const told: string[] = []
    const { wire, type, reconnect, rest } = await openProvider({ log: (message) => told.push(message) })
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
    const { provider, wire, type } = await openProvider()
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
    const { provider, wire, type, rest } = await openProvider()
    wire.shake()
    wire.ack()
    wire.notice({ kind: 'storage', state: 'full', message: 'no space left' })
    type('mine')
    expect(provider.saveState).toMatchObject({ kind: 'not-saved', reason: 'storage-full' })
    wire.notice({ kind: 'storage', state: 'ok', message: '' })
    wire.ack()
    expect(rest().kind).toBe('saved')
  })
})
