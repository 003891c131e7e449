/**
 * What a hostile client may try against one that types beside it. Each vector that does not simply close its sender
 * (those stand in `bad-frames.test.ts`) is played here to its end: the victim goes on
 * typing and is acknowledged, and everybody ends with the same words.
 */
import { decodeAwarenessEntries, encodeAwareness, encodeAwarenessEntries } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { sameContent } from './content.ts'
import { Forged } from './testing/forged.ts'
import { eventually, openRooms } from './testing/open-rooms.ts'
import { isSynced, type TestClient } from './testing/test-client.ts'

/** The victim is client 5 and has written "old ". */
async function openWithVictim() {
  const opened = await openRooms()
  const doc = new Y.Doc()
  doc.clientID = 5
  const [victim, reader, hostile] = [opened.join({ doc }), opened.join(), opened.join()]
  await opened.until(() => [victim, reader, hostile].every(isSynced))
  victim.type('old ')
  await opened.until(() => victim.durable === victim.sent && reader.text.toString() === 'old ')
  const goesOn = async (): Promise<TestClient> => {
    for (let word = 0; word < 100; word++) victim.type(`word ${word}, `)
    await opened.until(() => victim.durable === victim.sent && sameContent(reader.doc, victim.doc))
    expect(victim.text.toString()).toMatch(/^old word 0, .*word 99, $/)
    const late = opened.join()
    await opened.until(() => isSynced(late))
    expect(sameContent(late.doc, victim.doc)).toBe(true)
    expect(late.doc.store.pendingStructs).toBeNull()
    return late
  }
  const stored = async (): Promise<number | undefined> => (await opened.store.get('doc'))?.lastSeq
  return { ...opened, victim, reader, hostile, goesOn, stored }
}

const hex = (digits: string): Uint8Array => new Uint8Array(Buffer.from(digits, 'hex'))

describe('a victim goes on, and nothing is stored', () => {
  it('when its clock is burnt', async () => {
    const { hostile, goesOn, stored } = await openWithVictim()
    const before = await stored()
    hostile.sendUpdate(hex('010105040080808080802000'))
    expect([hostile.closedWith, await stored()]).toEqual([4400, before])
    await goesOn()
  })

  it('when an item has neighbours in two lists, or a key two values and something between', async () => {
    const { hostile, victim, goesOn, join, until, stored } = await openWithVictim()
    victim.doc.getText('other').insert(0, 'xy') // clocks 4 and 5
    await until(() => victim.durable === victim.sent)
    const before = await stored()
    const second = join()
    await until(() => isSynced(second))
    hostile.sendUpdate(new Forged(9).text('!', [5, 0], [5, 5]).write())
    second.sendStep2(new Forged(9).values([1, 2], { root: 'map', key: 'k' }).value(3, [9, 0]).write())
    expect([hostile.closedWith, second.closedWith, await stored()]).toEqual([4400, 4400, before])
    await goesOn()
  })

  it('when its next thousand characters are deleted before it types them', async () => {
    const { hostile, goesOn, stored } = await openWithVictim()
    const before = await stored()
    hostile.sendUpdate(hex('0001050104e807'))
    hostile.sendStep2(hex('0001050104e807'))
    expect(await stored()).toBe(before)
    // The sender is only missing something, as other tabs are.
    expect(hostile.closedWith).toBeUndefined()
    await goesOn()
    expect(hostile.durable).toBeLessThan(hostile.sent)
  })

  it('when somebody sends a thousand second halves of what nobody has', async () => {
    const { hostile, goesOn, stored, clock } = await openWithVictim()
    const before = await stored()
    for (let client = 100; client < 1_100; client++) {
      const doc = new Y.Doc()
      doc.clientID = client
      doc.getText('text').insert(0, 'a')
      const half = Y.encodeStateVector(doc)
      doc.getText('text').insert(1, 'b')
      hostile.sendUpdate(Y.encodeStateAsUpdate(doc, half))
      // As fast as the rate allows.
      clock.advance(5)
    }
    expect([hostile.closedWith, await stored()]).toEqual([undefined, before])
    // Asked at most once a second, not once for each.
    expect(hostile.received('sync-step-1').length).toBeLessThanOrEqual(8)
    await goesOn()
  })

  it('when somebody announces ten thousand departed clients, or its id at the end of the clocks', async () => {
    const { victim, reader, hostile, goesOn, clock } = await openWithVictim()
    const state = new TextEncoder().encode('{"name":"victim"}')
    const announce = (at: number): void => {
      victim.send(encodeAwareness(encodeAwarenessEntries([{ clientId: 5, clock: at, state }])))
      clock.advance(100)
    }
    announce(1)
    const before = reader.received('awareness').length
    hostile.send(
      encodeAwareness(
        encodeAwarenessEntries(
          Array.from({ length: 10_000 }, (_, clientId) => ({ clientId, clock: 1, state: undefined })),
        ),
      ),
    )
    const last = Number.MAX_SAFE_INTEGER
    hostile.send(encodeAwareness(encodeAwarenessEntries([{ clientId: 5, clock: last, state: undefined }])))
    hostile.send(encodeAwareness(encodeAwarenessEntries([{ clientId: 5, clock: last, state }])))
    clock.advance(1_000)
    expect(reader.received('awareness')).toHaveLength(before)
    announce(2)
    expect(
      reader.received('awareness').flatMap(({ update }) => decodeAwarenessEntries(update)),
    ).toContainEqual({ clientId: 5, clock: 2, state: new Uint8Array(state) })
    await goesOn()
  })
})

describe('numbers in more bytes than they need', () => {
  it('harm nobody, neither those who are here nor who opens the document later', async () => {
    const { hostile, until, store } = await openWithVictim()
    // Client 7 types "a", then "b" to "z" key by key, the length of each in three bytes; each is a record of its own.
    hostile.sendUpdate(hex('0101070004010474657874016100'))
    for (let clock = 1; clock < 26; clock++) {
      await until(() => hostile.durable === hostile.sent)
      hostile.sendUpdate(Uint8Array.of(1, 1, 7, clock, 0x84, 7, clock - 1, 0x81, 0x80, 0, 97 + clock, 0))
    }
    await until(() => hostile.durable === hostile.sent)
    const after = await openRooms({ store })
    const late = after.join()
    await after.until(() => isSynced(late))
    expect(late.text.toString()).toContain('abcdefghijklmnopqrstuvwxyz')
    expect(late.closedWith).toBeUndefined()
    for (let burst = 26; burst < 40; burst++)
      hostile.sendUpdate(Uint8Array.of(1, 1, 7, burst, 0x84, 7, burst - 1, 0x81, 0x80, 0, 65, 0))
    await until(() => hostile.durable === hostile.sent)
    expect(hostile.closedWith).toBeUndefined()
  })
})

describe('content that no editor of ours writes', () => {
  /** A document that a stock client has made may hold anything: what matters is that it harms nobody else. */
  it.each<[string, (doc: Y.Doc) => void]>([
    [
      'a node of a type that does not exist',
      (doc) => {
        const poison = new Y.XmlText()
        poison.setAttribute('__type', 'no-such-node')
        doc.get('root', Y.XmlText).insertEmbed(0, poison)
      },
    ],
    [
      'properties of an object’s own',
      (doc) => {
        const link = new Y.XmlText()
        link.setAttribute('__type', 'link')
        link.setAttribute('__url', 'javascript:alert(1)')
        link.setAttribute('__rel', { x: 1 })
        link.setAttribute('__proto__', { polluted: true })
        doc.get('root', Y.XmlText).insertEmbed(0, link)
        doc.getMap('map').set('__proto__', { polluted: true })
        doc.getMap('map').set('constructor', { prototype: { polluted: true } })
      },
    ],
  ])('%s is passed on, folded and loaded without harm', async (_what, write) => {
    const { victim, reader, hostile, goesOn, until, clock, rooms, store } = await openWithVictim()
    hostile.doc.transact(() => write(hostile.doc))
    await until(() => hostile.durable === hostile.sent)
    await until(() => reader.doc.store.clients.has(hostile.doc.clientID))
    const late = await goesOn()
    for (const client of [victim, reader, hostile, late]) client.disconnect()
    clock.advance(7_000)
    await eventually(() => rooms.stats().compactions > 0 || rooms.stats().fenced.length > 0, 'a compaction')
    expect(rooms.stats().fenced).toEqual([])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    const restarted = await openRooms({ store })
    const cold = restarted.join()
    await restarted.until(() => isSynced(cold))
    expect(sameContent(cold.doc, victim.doc)).toBe(true)
  })
})
