import { type AwarenessEntry, decodeAwarenessEntries, decodeMessage } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import type { Member } from './member.ts'
import { Owners } from './owners.ts'
import { Presence } from './presence.ts'
import { ManualClock } from './testing/manual-clock.ts'

const utf8 = new TextEncoder()

function member(id: number, principal = 'guest'): Member {
  const nothing = (): void => undefined
  return {
    id,
    principal,
    schema: undefined,
    advance: nothing,
    learn: nothing,
    deliverPresence: nothing,
    askAgain: nothing,
    notify: nothing,
    outgrown: nothing,
    close: nothing,
  }
}

function entry(clientId: number, clock: number, state: unknown): AwarenessEntry {
  return { clientId, clock, state: state === null ? undefined : utf8.encode(JSON.stringify(state)) }
}

type Seen = [clientId: number, clock: number, state: unknown][]

function read(frame: Uint8Array | undefined): Seen {
  if (frame === undefined) return []
  const message = decodeMessage(frame)
  if (message.kind !== 'awareness') throw new Error('not awareness')
  return decodeAwarenessEntries(message.update).map(({ clientId, clock, state }) => [
    clientId,
    clock,
    state === undefined ? null : JSON.parse(new TextDecoder().decode(state)),
  ])
}

function open() {
  const clock = new ManualClock()
  const sent: { entries: Seen; except: Member | undefined }[] = []
  const owners = new Owners()
  const presence = new Presence({
    clock,
    owners,
    perSecond: 20,
    maxStateBytes: 100,
    send: (frame, except) => sent.push({ entries: read(frame), except }),
  })
  return { clock, sent, presence, owners, alice: member(1), bob: member(2) }
}

describe('Presence', () => {
  it('passes a session’s state on to the others, and to newcomers', () => {
    const { presence, sent, alice } = open()
    presence.receive(alice, [entry(11, 1, { name: 'Alice' })])
    expect(sent).toEqual([{ entries: [[11, 1, { name: 'Alice' }]], except: alice }])
    expect(read(presence.everybody())).toEqual([[11, 1, { name: 'Alice' }]])
  })

  it('drops what a session says about other clients, as stock clients do whenever somebody moves', () => {
    const { presence, sent, alice, bob, clock } = open()
    presence.receive(alice, [entry(11, 1, { name: 'Alice' })])
    presence.receive(bob, [entry(22, 1, { name: 'Bob' })])
    clock.advance(100)
    const before = sent.length
    presence.receive(bob, [
      entry(11, 2 ** 53 - 1, { name: 'not Alice' }),
      entry(11, 9, null),
      entry(33, 1, { name: 'third' }),
    ])
    clock.advance(100)
    expect(sent).toHaveLength(before)
    expect(read(presence.everybody())).toEqual([
      [11, 1, { name: 'Alice' }],
      [22, 1, { name: 'Bob' }],
    ])
  })

  it('keeps ten thousand departed clients of one message from becoming anything', () => {
    const { presence, sent, alice, clock } = open()
    presence.receive(
      alice,
      Array.from({ length: 10_000 }, (_, id) => entry(id, 1, null)),
    )
    clock.advance(1_000)
    expect(sent).toEqual([])
    expect(presence.everybody()).toBeUndefined()
  })

  it('sends at most twenty messages a second, each with the newest state of everybody', () => {
    const { presence, sent, alice, clock } = open()
    for (let step = 1; step <= 1_000; step++) {
      presence.receive(alice, [entry(11, step, { at: step })])
      clock.advance(1)
    }
    clock.advance(50)
    expect(sent.length).toBeLessThanOrEqual(22)
    expect(sent.at(-1)?.entries).toEqual([[11, 1_000, { at: 1_000 }]])
  })

  it('says that a client has left when its session ends, with its last clock, so that it can come back', () => {
    const { presence, sent, alice, bob, clock } = open()
    presence.receive(alice, [entry(11, 5, { name: 'Alice' })])
    clock.advance(100)
    presence.leave(alice)
    expect(sent.at(-1)?.entries).toEqual([[11, 5, null]])
    clock.advance(100)
    presence.receive(bob, [entry(11, 5, { name: 'Alice again' })])
    expect(read(presence.everybody())).toEqual([[11, 5, { name: 'Alice again' }]])
  })

  it('does not take an echo of somebody who has left for the one who echoes', () => {
    const { presence, alice, bob } = open()
    presence.receive(bob, [])
    presence.receive(alice, [entry(11, 5, { name: 'Alice' })])
    presence.leave(alice)
    presence.receive(bob, [entry(11, 5, { name: 'Alice' })])
    expect(presence.everybody()).toBeUndefined()
  })

  it('gives a client back its id when its old connection has gone silent', () => {
    const { presence, alice, bob, clock } = open()
    presence.receive(alice, [entry(11, 5, { via: 'old' })])
    presence.receive(bob, [entry(11, 6, { via: 'new' })])
    expect(read(presence.everybody())).toEqual([[11, 5, { via: 'old' }]])
    clock.advance(20_000)
    presence.receive(bob, [entry(11, 7, { via: 'new' })])
    expect(read(presence.everybody())).toEqual([[11, 7, { via: 'new' }]])
    presence.leave(alice)
    expect(read(presence.everybody())).toEqual([[11, 7, { via: 'new' }]])
  })

  it('gives nobody the id of another principal, whether it was announced or written under', () => {
    const { presence, owners } = open()
    const [ada, eve] = [member(1, 'user:ada'), member(2, 'user:eve')]
    presence.receive(ada, [entry(11, 1, { name: 'Ada' })])
    presence.leave(ada)
    owners.set(12, 'user:ada')
    presence.receive(eve, [
      entry(11, 2, { name: 'not Ada' }),
      entry(12, 1, {}),
      entry(22, 1, { name: 'Eve' }),
    ])
    expect(read(presence.everybody())).toEqual([[22, 1, { name: 'Eve' }]])
    presence.receive(member(3, 'user:ada'), [entry(11, 3, { name: 'Ada' })])
    expect(read(presence.everybody())).toContainEqual([11, 3, { name: 'Ada' }])
  })

  it('drops a state that is too large, and only that', () => {
    const { presence, alice } = open()
    presence.receive(alice, [entry(11, 1, { name: 'Alice' })])
    presence.receive(alice, [entry(11, 2, { name: 'x'.repeat(200) })])
    expect(read(presence.everybody())).toEqual([[11, 1, { name: 'Alice' }]])
  })
})
