/** The end of a process under people: what was accepted is on disk, and they go in slices. */
import { CLOSE } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import { openHeldRooms, openRooms } from './testing/open-rooms.ts'
import { isSynced } from './testing/test-client.ts'

describe('rooms', () => {
  it('drain: commit what was accepted, then close everybody with 1001, and take nobody new', async () => {
    const { held, join, until, rooms } = await openHeldRooms()
    const writer = join()
    const others = Array.from({ length: 250 }, () => join())
    await until(() => isSynced(writer) && others.every(isSynced))
    writer.type('last words')
    await held.whenHeld()
    let drained = false
    const draining = rooms.drain().then(() => {
      drained = true
      return drained
    })
    const late = join()
    expect(late.closedWith).toBe(CLOSE.draining)
    expect(writer.closedWith).toBeUndefined()
    await held.release()
    expect(writer.durable).toBe(writer.sent)
    await until(() => drained)
    await draining
    expect([writer, ...others].map(({ closedWith }) => closedWith)).toEqual(
      Array.from({ length: 251 }, () => CLOSE.draining),
    )
    await rooms.drain()
  })

  it.for<[people: number, spreadMs: number]>([
    [250, 200],
    [2_050, 800],
  ])('drain: let %i go spread, over %i ms of the second there is', async ([people, spreadMs]) => {
    const { join, until, rooms, clock } = await openRooms()
    const everybody = Array.from({ length: people }, () => join())
    await until(() => everybody.every(isSynced))
    const isLeft = ({ closedWith }: { closedWith: number | undefined }): boolean => closedWith === undefined
    const startedAt = clock.now()
    const draining = rooms.drain({ withinMs: 1_000 })
    await until(() => !everybody.some(isLeft))
    expect(clock.now() - startedAt).toBeGreaterThan(spreadMs - 25)
    expect(clock.now() - startedAt).toBeLessThan(spreadMs + 100)
    await draining
  })

  it('drain in time also when the storage hangs', async () => {
    const { held, join, until, rooms, clock } = await openHeldRooms()
    const writer = join()
    await until(() => isSynced(writer))
    writer.type('never stored')
    await held.whenHeld()
    let drained = false
    void rooms.drain({ withinMs: 1_000 }).then(() => {
      drained = true
      return drained
    })
    clock.advance(600)
    await until(() => drained)
    expect(writer.durable).toBeLessThan(writer.sent)
  })
})
