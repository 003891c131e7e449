/** Documents that hold, from before it was refused or where it cannot be, what every replica orders in its own way. */
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { replayDamage } from '../cli/replay.ts'
import { Forged } from './testing/forged.ts'
import { eventually, openRooms } from './testing/open-rooms.ts'

/** Replicas that read these in this order, and replicas that read them at once, place the last one differently. */
const CONTRADICTORY = [
  new Forged(3).text('a', { root: 'text' }),
  new Forged(2).text('b', [3, 0]),
  new Forged(1).text('c', [3, 0]),
  new Forged(4).text('d', undefined, [1, 0]),
].map((one) => one.write())

async function folded() {
  const opened = await openRooms()
  const { store, join, until, clock, rooms } = opened
  await store.create({ id: 'doc', kind: 'yjs' })
  await store.append(
    'doc',
    CONTRADICTORY.map((bytes) => ({ bytes, principal: 'somebody' })),
  )
  const writer = join()
  await until(() => writer.received('sync-step-2').length > 0)
  writer.type(' and more', 0)
  writer.text.delete(0, 4)
  await until(() => writer.durable === writer.sent)
  writer.disconnect()
  clock.advance(7_000)
  await eventually(() => rooms.stats().compactions + rooms.stats().fenced.length > 0, 'a compaction')
  return { ...opened, writer }
}

describe('a document that contradicts its order', () => {
  it('is ordered differently by replicas that read it differently', () => {
    const [one, other] = [new Y.Doc(), new Y.Doc()]
    for (const update of CONTRADICTORY) Y.applyUpdate(one, update)
    Y.applyUpdate(other, Y.encodeStateAsUpdate(one))
    expect(one.getText('text').toString()).not.toBe(other.getText('text').toString())
  })

  it('is folded all the same, loses nothing, and is no damage', async () => {
    const { rooms, store, lines, join, until } = await folded()
    expect(rooms.stats().fenced).toEqual([])
    expect(lines).toEqual([])
    const late = join()
    await until(() => late.received('sync-step-2').length > 0)
    expect(late.text.toString().split('').sort().join('')).toBe(' abcdemor')
    const { snapshot, tail } = await store.load('doc')
    expect([snapshot?.through, tail.length]).toEqual([expect.any(Number), 0])
    const updates = CONTRADICTORY.map((bytes) => ({ bytes }))
    const whole = new Y.Doc({ gc: false })
    Y.applyUpdate(whole, Y.mergeUpdates(CONTRADICTORY))
    const inspected = (bytes: Uint8Array): Parameters<typeof replayDamage>[0] =>
      ({ updates, snapshots: [{ through: 4, bytes }] }) as unknown as Parameters<typeof replayDamage>[0]
    expect(replayDamage(inspected(Y.encodeStateAsUpdate(whole)))).toEqual([])
    whole.getText('text').insert(0, 'what nobody wrote')
    expect(replayDamage(inspected(Y.encodeStateAsUpdate(whole)))).toHaveLength(1)
  })
})
