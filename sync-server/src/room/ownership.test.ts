/** Two people who are signed in, in one document: nobody writes under the other's client id. */
import { openStore } from '@weft/persistence'
import { heldStore } from '@weft/persistence/testing'
import { CLOSE, encodeAwareness, encodeAwarenessEntries } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { sameContent } from './content.ts'
import { decodeSummary } from './summary.ts'
import { eventually, openRooms } from './testing/open-rooms.ts'
import { isSynced, type TestClient } from './testing/test-client.ts'

const ada = 'user:ada'
const eve = 'user:eve'

/** What somebody would send who writes under the victim's id and clock before the victim does. */
function forgeryOf(victim: TestClient): Uint8Array {
  const forger = new Y.Doc()
  Y.applyUpdate(forger, Y.encodeStateAsUpdate(victim.doc))
  const before = Y.encodeStateVector(forger)
  forger.clientID = victim.doc.clientID
  forger.getText('text').insert(0, 'forged')
  return Y.encodeStateAsUpdate(forger, before)
}

async function openWithVictim(options: Parameters<typeof openRooms>[0] = {}) {
  const opened = await openRooms(options)
  const victim = opened.join({ principal: ada })
  await opened.until(() => isSynced(victim))
  victim.type('old ')
  await opened.until(() => victim.durable === victim.sent)
  return { ...opened, victim }
}

describe('content under a client id that belongs to somebody else', () => {
  it('closes its sender with 4409; nobody ever sees it, and the owner goes on and is acknowledged', async () => {
    const { join, until, victim, store, rooms } = await openWithVictim()
    const [forger, reader] = [join({ principal: eve }), join({ principal: 'user:bob' })]
    await until(() => isSynced(forger) && isSynced(reader))
    forger.sendUpdate(forgeryOf(victim))
    expect(forger.closedWith).toBe(CLOSE.foreignClient)
    expect(rooms.stats().refusals['foreign-client']).toBe(1)
    victim.type('typed')
    await until(() => victim.durable === victim.sent && reader.text.toString() === 'old typed')
    const cold = new Y.Doc()
    for (const { bytes } of (await store.load('doc')).tail) Y.applyUpdate(cold, bytes)
    expect(sameContent(cold, victim.doc)).toBe(true)
  })

  it('is not taken from a copy either, but closes nobody: the sender is asked again when the owner has brought it', async () => {
    const { join, until, victim } = await openWithVictim()
    victim.disconnect()
    // Offline, on the same machine: the other holds what the owner has not brought yet, and goes on after it.
    victim.type('offline')
    const copy = new Y.Doc()
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(victim.doc))
    copy.getText('text').insert(11, ' and after')
    const carrier = join({ principal: eve, doc: copy })
    await until(() => isSynced(carrier))
    expect(carrier.closedWith).toBeUndefined()
    const reader = join({ principal: 'user:bob' })
    await until(() => isSynced(reader))
    expect(reader.text.toString()).toBe('old ')
    expect(carrier.durable).toBe(0)
    const back = join({ principal: ada, doc: victim.doc })
    await until(() => back.durable === back.sent && carrier.durable === carrier.sent)
    await until(() => reader.text.toString() === 'old offline and after')
  })

  it('is refused when the owner has only announced the id, and nothing is written under it yet', async () => {
    const { join, until } = await openRooms()
    const [owner, forger] = [join({ principal: ada }), join({ principal: eve })]
    await until(() => isSynced(owner) && isSynced(forger))
    const entry = { clientId: owner.doc.clientID, clock: 1, state: new TextEncoder().encode('{}') }
    owner.send(encodeAwareness(encodeAwarenessEntries([entry])))
    forger.sendUpdate(forgeryOf(owner))
    expect(forger.closedWith).toBe(CLOSE.foreignClient)
    owner.type('mine')
    await until(() => owner.durable === owner.sent)
  })

  it('is refused after the server was started again, from the log', async () => {
    const { victim, store } = await openWithVictim()
    victim.disconnect()
    const { join, until } = await openRooms({ store })
    const forger = join({ principal: eve })
    await until(() => isSynced(forger))
    forger.sendUpdate(forgeryOf(victim))
    expect(forger.closedWith).toBe(CLOSE.foreignClient)
    const back = join({ principal: ada, doc: victim.doc })
    back.type('typed')
    await until(() => back.durable === back.sent)
  })

  it('is refused after the server was started again, whatever its owner wrote from elsewhere at the same time', async () => {
    const store = await openStore({ kind: 'memory' })
    const held = heldStore(store)
    const { join, until, clock } = await openRooms({ store: held })
    // One person on two devices, and a copy of what two others wrote.
    const [laptop, phone] = [join({ principal: ada }), join({ principal: ada })]
    await until(() => isSynced(laptop) && isSynced(phone))
    const copy = new Y.Doc()
    for (const clientId of [1, 2]) {
      copy.clientID = clientId
      copy.getText('text').insert(0, 'carried ')
    }
    laptop.type('first')
    await held.whenHeld()
    for (const letter of 'same') for (const device of [laptop, phone]) device.type(letter)
    phone.sendUpdate(Y.encodeStateAsUpdate(copy))
    phone.type('!')
    await until(async () => {
      if (held.held > 0) await held.release()
      clock.advance(50)
      return [laptop, phone].every((device) => device.durable === device.sent)
    })
    const again = await openRooms({ store })
    const reader = again.join({ principal: 'user:bob' })
    await again.until(() => isSynced(reader))
    for (const [id, mine] of [
      [laptop.doc.clientID, true],
      [phone.doc.clientID, true],
      [1, false],
      [2, false],
    ] as const) {
      const forger = again.join({ principal: eve, doc: new Y.Doc() })
      await again.until(() => isSynced(forger) && sameContent(forger.doc, reader.doc))
      forger.doc.clientID = id
      forger.type('forged')
      expect({ id, code: forger.closedWith }).toEqual({ id, code: mine ? CLOSE.foreignClient : undefined })
      await again.until(() => mine || sameContent(forger.doc, reader.doc))
    }
  })

  it('is refused after the log was folded twice, from the snapshot’s summary', async () => {
    const store = await openStore({ kind: 'memory' })
    let owner: Y.Doc | undefined
    for (let fold = 1; fold <= 2; fold++) {
      const { join, until, clock, rooms } = await openRooms({ store })
      const writer = join(fold === 1 ? { principal: ada } : { principal: 'user:bob' })
      await until(() => isSynced(writer))
      writer.type('words ')
      await until(() => writer.durable === writer.sent)
      owner ??= writer.doc
      writer.disconnect()
      clock.advance(7_000)
      await eventually(() => rooms.stats().compactions > 0, 'a compaction')
      await rooms.drain()
    }
    const { snapshot, tail } = await store.load('doc')
    expect(tail).toEqual([])
    const owners = decodeSummary(snapshot?.summary ?? new Uint8Array())?.owners
    expect(owners?.ofStored(owner?.clientID ?? 0)).toBe(ada)
    const { join, until } = await openRooms({ store })
    const [victim, forger] = [
      join({ principal: ada, ...(owner && { doc: owner }) }),
      join({ principal: eve }),
    ]
    await until(() => isSynced(victim) && isSynced(forger))
    forger.sendUpdate(forgeryOf(victim))
    expect(forger.closedWith).toBe(CLOSE.foreignClient)
  })

  it('is nobody’s business where nobody signs in', async () => {
    const { join, until } = await openRooms()
    const [one, other] = [join({ principal: 'guest' }), join({ principal: 'guest' })]
    await until(() => isSynced(one) && isSynced(other))
    one.type('old ')
    await until(() => other.text.toString() === 'old ')
    other.sendUpdate(forgeryOf(one))
    await until(() => other.durable === other.sent)
    expect(other.closedWith).toBeUndefined()
  })
})

describe('a delete of what somebody else wrote', () => {
  it('is an edit like any other', async () => {
    const { join, until, victim } = await openWithVictim()
    const editor = join({ principal: eve })
    await until(() => isSynced(editor))
    editor.text.delete(0, 4)
    await until(() => editor.durable === editor.sent && victim.text.toString() === '')
  })
})
