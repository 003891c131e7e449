import { setImmediate } from 'node:timers/promises'
import { ProtocolError } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Knowledge } from './knowledge.ts'
import { Log } from './log.ts'
import { StructureGuard } from './structure-guard.ts'
import { Forged } from './testing/forged.ts'
import { ManualClock } from './testing/manual-clock.ts'
import { openRooms } from './testing/open-rooms.ts'
import { readOwnLayout } from './update-layout.ts'

/** "ab" and "xy" in two texts, by client 1, and a guard over them. @param folded what a snapshot holds before */
function guarded(folded?: Uint8Array) {
  const snapshot = folded && { through: 1, bytes: folded, summary: new Uint8Array() }
  const log = new Log({ snapshot, tail: [] })
  const known = new Knowledge()
  if (folded !== undefined) known.add(readOwnLayout(folded))
  const clock = new ManualClock()
  let seq = snapshot?.through ?? 0
  const commit = (bytes: Uint8Array): void => {
    const update = readOwnLayout(bytes)
    known.add(update)
    log.append({ seq: ++seq, update, author: 0 })
  }
  commit(new Forged(1).text('ab', { root: 'a' }).text('xy', { root: 'b' }).write())
  const guard = new StructureGuard(log, known, clock)
  /** Accepted, and not yet committed. */
  const take = (forged: Forged): boolean => {
    const update = readOwnLayout(forged.write())
    const isTaken = guard.take(update)
    if (isTaken) known.add(update)
    return isTaken
  }
  const forget = (): void => {
    clock.advance(60_000)
    guard.release()
  }
  return { log, guard, commit, take, forget, clock }
}

describe('StructureGuard', () => {
  it('needs no log for text that goes on, and the log for all else', () => {
    const { log, take, forget } = guarded()
    expect(take(new Forged(2).text('1', [1, 0], [1, 1]))).toBe(true)
    log.release()
    forget()
    expect(take(new Forged(2, 1).text('2', [2, 0], [1, 1]))).toBe(true)
    expect(take(new Forged(2, 2).text('3', [2, 1], [1, 1]))).toBe(true)
    const others: Forged[] = [
      new Forged(2, 3).text('4', [2, 1], [1, 1]),
      new Forged(2, 3).text('4', [2, 2], [1, 3]),
      new Forged(2, 3).text('4', [2, 2]),
      new Forged(2, 3).format([2, 2]),
      new Forged(3).text('4', [2, 2], [1, 1]),
    ]
    expect(others.map(take)).toEqual(others.map(() => false))
  })

  it('knows what went on while it had no index', async () => {
    const { guard, take, forget, commit } = guarded()
    const first = new Forged(2).text('1', [1, 0], [1, 1])
    take(first)
    commit(first.write())
    forget()
    // Not in the log when the index is made.
    take(new Forged(2, 1).text('2', [2, 0], [1, 1]))
    await guard.prepare()
    expect(() => take(new Forged(3).text('!', [2, 1], [1, 2]))).toThrow(ProtocolError)
    expect(take(new Forged(3).text('!', [2, 1], [1, 1]))).toBe(true)
  })

  it('forgets where somebody was who has done something else since', () => {
    const { log, take, forget } = guarded()
    take(new Forged(2).text('1', [1, 0], [1, 1]))
    take(new Forged(2, 1).text('2', [1, 2], [1, 3]).format([2, 1], [1, 3]))
    log.release()
    forget()
    expect(take(new Forged(2, 3).text('3', [2, 2], [1, 1]))).toBe(false)
  })

  it('keeps its index for a while after it was needed, and counts it', async () => {
    const { guard, log, clock } = guarded()
    await guard.prepare()
    expect(guard.residentBytes).toBeGreaterThan(100)
    log.release()
    clock.advance(5_000)
    guard.release()
    expect(guard.residentBytes).toBeGreaterThan(100)
    clock.advance(6_000)
    guard.release()
    expect(guard.residentBytes).toBe(0)
  })

  it('makes its index anew from a folded log that is much smaller than it', () => {
    const { guard, take } = guarded()
    // Each in front of the one before it, so that no two are one run.
    for (let clock = 0; clock < 2_000; clock++)
      take(
        clock === 0
          ? new Forged(2).text('.', [1, 0], [1, 1])
          : new Forged(2, clock).text('.', [1, 0], [2, clock - 1]),
      )
    const { residentBytes } = guard
    guard.folded(residentBytes)
    expect(guard.residentBytes).toBe(residentBytes)
    guard.folded(200)
    expect(guard.residentBytes).toBe(0)
  })

  it('has steps for two who come back after long, takes no more than those, and has them again with time', () => {
    const { commit, take, clock } = guarded()
    // A chain that two wrote in turns, 7,000 long, and somebody's word beside it.
    const [even, odd] = [new Forged(2), new Forged(3)]
    even.text('.', [1, 0], [1, 1])
    for (let link = 0; link < 3_500; link++) {
      odd.text('.', [2, link], [1, 1])
      even.text('.', [3, link], [1, 1])
    }
    commit(new Forged(0).with(odd, even).write())
    commit(new Forged(4).text('word', [1, 0], [1, 1]).write())
    // To tell that the end of the chain stands before the word takes some 14,000 steps.
    let client = 10
    const ask = () => take(new Forged(client++).text('!', [2, 3_500], [4, 0]))
    expect(ask()).toBe(true)
    expect(ask).toThrow('never side by side')
    clock.advance(1_000)
    expect(ask, 'a second brings 10,000').toThrow('never side by side')
    clock.advance(2_000)
    expect(ask()).toBe(true)
    clock.advance(3_600_000)
    expect(ask()).toBe(true)
    expect(ask, 'an hour brings no more than 20,000').toThrow('never side by side')
    expect(take(new Forged(5).text('short', [1, 2], [1, 3])), 'others need none').toBe(true)
  })

  it('opens what was stored before contradictions were refused, and takes more', async () => {
    const { store, join, until } = await openRooms()
    await store.create({ id: 'doc', kind: 'yjs' })
    const torn = new Forged(2).text('!', [1, 0], [1, 3]).text('text under a key', { root: 'm', key: 'k' })
    const updates = [new Forged(1).text('ab', { root: 'text' }).text('xy', { root: 'b' }), torn]
    await store.append(
      'doc',
      updates.map((one) => ({ bytes: one.write(), principal: 'somebody' })),
    )
    const reader = join({ doc: new Y.Doc() })
    await until(() => reader.received('sync-step-2').length > 0)
    reader.type(' and more')
    await until(() => reader.durable === reader.sent)
    expect(reader.text.toString()).toMatch(/^a.*and more/)
  })

  it.each(['', ' that was folded'])(
    'makes the index of a large log%s in turns, while others have theirs',
    async (folded) => {
      const words = scattered(3, 20_000)
      const { guard, commit, take } = guarded(folded === '' ? undefined : words)
      if (folded === '') commit(words)
      expect(take(new Forged(2).text('!', [1, 0], [1, 3])), 'before there is one').toBe(false)
      const made = guard.prepare().then(() => 'made')
      let turns = 0
      while ((await Promise.race([made, setImmediate('turn')])) === 'turn') turns++
      expect(turns).toBeGreaterThan(15)
      expect(() => take(new Forged(2).text('!', [1, 0], [1, 3]))).toThrow(ProtocolError)
      expect(take(new Forged(2).text('!', [1, 0], [1, 1]))).toBe(true)
    },
  )

  it('asks again who waited for it', async () => {
    const { store, join, until, rooms } = await openRooms()
    await store.create({ id: 'doc', kind: 'yjs' })
    await store.append('doc', [{ bytes: scattered(3, 10_000), principal: 'somebody' }])
    const writer = join({ doc: new Y.Doc() })
    await until(() => writer.received('sync-step-2').length > 0)
    writer.text.insert(3, 'and more')
    await until(() => writer.durable === writer.sent)
    expect(rooms.stats().refusals['queue-full'], 'it had to wait once').toBe(1)
    const reader = join({ doc: new Y.Doc() })
    await until(() => reader.text.length === writer.text.length)
    expect(reader.text.toString()).toBe(writer.text.toString())
  })
})

/** Words here and there, so that no two are one item. */
function scattered(client: number, words: number): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = client
  const text = doc.getText('text')
  doc.transact(() => {
    for (let word = 0; word < words; word++) text.insert((word * 7_919) % (text.length + 1), 'words ')
  })
  return Y.encodeStateAsUpdate(doc)
}
