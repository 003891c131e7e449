/**
 * A defect planted in each step of one document, beside another document that must not notice.
 *
 * Where only one session's business goes wrong, only that session ends; where the document's own state can no longer
 * be trusted, all of its sessions end, and it is loaded again. Everybody comes back and finds what was stored.
 */
import { openStore } from '@weft/persistence'
import { StoreWrapper } from '@weft/persistence/testing'
import { CLOSE, encodeAwareness, encodeAwarenessEntries, encodeSyncStep1 } from '@weft/protocol'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Outlet } from '../socket/outlet.ts'
import { AckCount } from './ack-count.ts'
import { Batch } from './batch.ts'
import { CommitQueue } from './commit-queue.ts'
import { GapAsking } from './gap-asking.ts'
import { Joins } from './join.ts'
import { Knowledge } from './knowledge.ts'
import { Log } from './log.ts'
import { Presence } from './presence.ts'
import { Room } from './room.ts'
import { eventually, type OpenRooms, openRooms } from './testing/open-rooms.ts'
import { isSynced, type TestClient } from './testing/test-client.ts'

/** The next call of this method throws what no code expects. */
function plant<Of extends object>(prototype: Of, method: keyof Of & string): void {
  const original = prototype[method]
  const thrown = vi.fn(() => {
    Object.defineProperty(prototype, method, { value: original, configurable: true, writable: true })
    throw new TypeError('a planted defect')
  })
  Object.defineProperty(prototype, method, { value: thrown, configurable: true, writable: true })
  planted.push({ thrown, restore: () => Object.defineProperty(prototype, method, { value: original }) })
}
let planted: { thrown: ReturnType<typeof vi.fn>; restore: () => void }[] = []

afterEach(() => {
  for (const { restore } of planted) restore()
  planted = []
})

interface Opened extends OpenRooms {
  readonly bad: TestClient
  readonly peer: TestClient
  readonly other: TestClient
}

async function openThree(): Promise<Opened> {
  const opened = await openRooms()
  const [bad, peer] = [opened.join({ documentId: 'bad' }), opened.join({ documentId: 'bad' })]
  const other = opened.join({ documentId: 'other' })
  await opened.until(() =>
    [bad, peer, other].every((client) => isSynced(client) && client.durable === client.sent),
  )
  return { ...opened, bad, peer, other }
}

async function seeOtherGoOn({ other, until, join }: Opened): Promise<void> {
  expect(planted.map(({ thrown }) => thrown.mock.calls.length)).toEqual(planted.map(() => 1))
  other.type('goes on')
  await until(() => other.durable === other.sent)
  const newcomer = join({ documentId: 'other' })
  await until(() => newcomer.text.toString() === other.text.toString())
  expect(other.closedWith).toBeUndefined()
}

async function seeBadComeBack({ bad, join, until }: Opened): Promise<void> {
  const back = join({ documentId: 'bad', doc: bad.doc })
  await until(() => isSynced(back) && back.durable === back.sent)
  const newcomer = join({ documentId: 'bad' })
  await until(() => newcomer.text.toString() === back.text.toString())
}

const state = new TextEncoder().encode('{}')
const presence = encodeAwareness(encodeAwarenessEntries([{ clientId: 7, clock: 1, state }]))

describe('a defect in one session', () => {
  const cases: [what: string, provoke: (opened: Opened) => void][] = [
    ['judging its update', ({ bad }) => (plant(Room.prototype, 'submit'), bad.type('x'))],
    ['counting its messages', ({ bad }) => (plant(AckCount.prototype, 'take'), bad.type('x'))],
    ['taking its presence', ({ bad }) => (plant(Presence.prototype, 'receive'), bad.send(presence))],
    [
      'answering its step 1',
      ({ bad }) => (plant(Joins.prototype, 'answer'), bad.send(encodeSyncStep1(new Uint8Array([0])))),
    ],
    [
      'answering its step 1 later',
      ({ bad, clock }) => {
        for (let count = 0; count < 9; count++) bad.send(encodeSyncStep1(new Uint8Array([0])))
        plant(Joins.prototype, 'answer')
        clock.advance(5_000)
      },
    ],
    [
      'asking it for what is missing',
      ({ bad }) => (plant(GapAsking.prototype, 'answered'), bad.sendStep2(new Uint8Array([0, 0]))),
    ],
    ['looking after it', ({ clock }) => (plant(Outlet.prototype, 'tick'), clock.advance(1_000))],
    [
      'catching it up',
      ({ bad }) => {
        bad.socket.stick()
        for (let count = 0; count < 40; count++) bad.send(presence)
        bad.socket.bufferedAmount = 2_000_000
        bad.send(encodeSyncStep1(new Uint8Array([0])))
        plant(Joins.prototype, 'answer')
        bad.send(encodeSyncStep1(new Uint8Array([0])))
        bad.socket.drain()
      },
    ],
    ['hearing that its socket is gone', ({ bad }) => (plant(Room.prototype, 'leave'), bad.disconnect())],
  ]
  it.each(cases)('in %s ends that session with 1011 and no other', async (_what, provoke) => {
    const opened = await openThree()
    const { bad, peer, until } = opened
    provoke(opened)
    await until(() => bad.closedWith !== undefined)
    expect([CLOSE.internal, 1006]).toContain(bad.closedWith)
    // Whoever watches the process sees it: one more for each fault of ours, but for whom it found gone already.
    expect(opened.rooms.stats().closes.get(CLOSE.internal) ?? 0).toBe(bad.closedWith === 1006 ? 0 : 1)
    expect(opened.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    peer.type('still here')
    await until(() => peer.durable === peer.sent)
    expect(peer.closedWith).toBeUndefined()
    await seeOtherGoOn(opened)
    await seeBadComeBack(opened)
  })
})

describe('a defect in what a document is made of', () => {
  const cases: [what: string, provoke: (opened: Opened) => void][] = [
    ['what is known', ({ bad }) => (plant(Knowledge.prototype, 'add'), bad.type('x'))],
    ['the queue', ({ bad }) => (plant(CommitQueue.prototype, 'push'), bad.type('x'))],
    ['putting a record together', ({ bad }) => (plant(Batch.prototype, 'finish'), bad.type('x'))],
    ['the log', ({ bad }) => (plant(Log.prototype, 'append'), bad.type('x'))],
  ]
  it.each(cases)('in %s ends its sessions with 1011 and those of no other', async (_what, provoke) => {
    const opened = await openThree()
    const { bad, peer, until, lines } = opened
    provoke(opened)
    await until(() => [bad, peer].every(({ closedWith }) => closedWith !== undefined))
    expect([bad.closedWith, peer.closedWith]).toEqual([CLOSE.internal, CLOSE.internal])
    expect(lines.map(({ level }) => level)).toContain('error')
    await seeOtherGoOn(opened)
    await seeBadComeBack(opened)
  })

  it.each(['load', 'append', 'get'] as const)(
    'in %s of the storage ends only its sessions',
    async (method) => {
      class DefectiveStore extends StoreWrapper {
        #call<T>(name: string, documentId: string, call: () => Promise<T>): Promise<T> {
          if (name === method && documentId === 'bad') throw new TypeError('a planted defect')
          return call()
        }
        override get(id: string) {
          return this.#call('get', id, () => super.get(id))
        }
        override load(id: string) {
          return this.#call('load', id, () => super.load(id))
        }
        override append(...[id, updates]: Parameters<StoreWrapper['append']>) {
          return this.#call('append', id, () => super.append(id, updates))
        }
      }
      const store = new DefectiveStore(await openStore({ kind: 'memory' }))
      const { join, until } = await openRooms({ store })
      const [bad, other] = [join({ documentId: 'bad' }), join({ documentId: 'other' })]
      bad.type('x')
      await until(() => bad.closedWith !== undefined)
      expect(bad.closedWith).toBe(CLOSE.internal)
      other.type('goes on')
      await until(() => other.durable === other.sent)
    },
  )

  it('in folding it fences it, and every other is folded', async () => {
    class DefectiveStore extends StoreWrapper {
      override putSnapshot(...[id, snapshot]: Parameters<StoreWrapper['putSnapshot']>): Promise<void> {
        if (id === 'bad') throw new TypeError('a planted defect')
        return super.putSnapshot(id, snapshot)
      }
    }
    const store = new DefectiveStore(await openStore({ kind: 'memory' }))
    const { join, until, rooms, clock } = await openRooms({ store })
    const clients = ['bad', 'other'].map((documentId) => join({ documentId }))
    for (const client of clients) client.type('x')
    await until(() => clients.every(({ durable, sent }) => durable === sent))
    for (const client of clients) client.disconnect()
    clock.advance(6_000)
    await eventually(() => rooms.stats().compactions === 1 && rooms.stats().fenced.length === 1)
    expect(rooms.stats().fenced).toEqual(['bad'])
    const back = join({ documentId: 'bad' })
    await until(() => back.text.toString() === 'x')
  })
})
