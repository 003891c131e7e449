/** A storage that takes nothing: what was not stored is not acknowledged, and nobody loses a word of it. */
import { StoreError } from '@weft/persistence'
import { CLOSE } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import { aFewTurns, openHeldRooms } from './testing/open-rooms.ts'
import { isSynced } from './testing/test-client.ts'

describe('a storage that refuses', () => {
  it('is never acknowledged, is told to people, and recovers by itself without loss or doubling', async () => {
    for (const code of ['full', 'unavailable'] as const) {
      const { held, join, until, store, clock } = await openHeldRooms()
      const [alice, bob] = [join(), join()]
      await until(() => isSynced(alice) && isSynced(bob))
      alice.type('one ')
      await held.whenHeld()
      await held.refuse(new StoreError(code, 'no space left'))
      alice.type('two')
      await aFewTurns()
      expect(alice.durable).toBeLessThan(alice.sent)
      expect(bob.text.toString()).toBe('')
      expect(bob.received('notice').map(({ notice }) => notice)).toEqual([
        { kind: 'storage', state: code, message: 'no space left' },
      ])
      // Reading goes on, and a newcomer learns how things are.
      const carol = join()
      await until(() => isSynced(carol))
      expect(carol.received('notice')).toHaveLength(1)
      for (let attempt = 0; attempt < 3; attempt++) {
        clock.advance(10_000)
        await held.whenHeld()
        await held.refuse(new StoreError(code, 'no space left'))
      }
      clock.advance(10_000)
      while (alice.durable < alice.sent) {
        await held.whenHeld()
        await held.release()
        clock.advance(100)
      }
      await until(() => bob.text.toString() === 'one two')
      expect(bob.received('notice').at(-1)).toMatchObject({ notice: { kind: 'storage', state: 'ok' } })
      expect((await store.load('doc')).tail).toHaveLength(2)
    }
  })

  it('asks again for what it had no room to hold', async () => {
    const { held, join, until, rooms, clock } = await openHeldRooms({ limits: { maxQueuedBytes: 2_000 } })
    const [alice, bob] = [join(), join()]
    await until(() => isSynced(alice) && isSynced(bob))
    for (let line = 0; line < 100; line++) alice.type(`line ${line} of many `)
    await held.whenHeld()
    expect(rooms.stats().refusals['queue-full']).toBeGreaterThan(0)
    await until(async () => {
      if (held.held > 0) await held.release()
      clock.advance(50)
      return alice.durable === alice.sent
    }, 'everything to be on disk')
    await until(() => bob.text.toString() === alice.text.toString())
  })

  it('closes the document, not the process, when a store fails in a way it does not know', async () => {
    const { held, join, until, lines } = await openHeldRooms()
    const [alice, other] = [join(), join({ documentId: 'other' })]
    await until(() => isSynced(alice) && isSynced(other))
    alice.type('hi')
    await held.whenHeld()
    await held.refuse(new RangeError('a bug') as never)
    await until(() => alice.closedWith === CLOSE.internal)
    expect(lines.map(({ level }) => level)).toContain('error')
    other.type('fine')
    await held.whenHeld()
    await held.release()
    await until(() => other.durable === other.sent)
    // The room is gone; who comes back finds what was committed, and brings the rest.
    const again = join({ doc: alice.doc })
    await held.whenHeld()
    await held.release()
    await until(() => again.durable === again.sent)
  })
})
