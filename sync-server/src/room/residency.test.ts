import { describe, expect, it } from 'vitest'
import { type Resident, relieve } from './residency.ts'

const limits = { idleRoomMs: 1_000, idleRoomsBytes: 100, maxResidentBytes: 300 }

interface Named extends Resident {
  readonly name: string
}

function room(name: string, residentBytes: number, facts: Partial<Resident> = {}): Named {
  const always = { releasableBytes: residentBytes, idleSince: undefined, usedAt: 0, mayLeave: true }
  return { name, residentBytes, ...always, ...facts }
}

function namesOf(residents: readonly Named[], now = 0): [leaving: string[], releasing: string[]] {
  const { leaving, releasing } = relieve(residents, limits, now)
  return [leaving.map(({ name }) => name), releasing.map(({ name }) => name)]
}

describe('relieve', () => {
  it('lets rooms leave that have been idle for long, and those that are idle longest when they are too large', () => {
    const residents = [
      room('a', 60, { idleSince: 1_500 }),
      room('b', 60, { idleSince: 100 }),
      room('c', 60, { idleSince: 1_600 }),
      room('live', 100),
    ]
    expect(namesOf(residents, 1_600)).toEqual([['b', 'a'], []])
    expect(namesOf([room('a', 60, { idleSince: 1_500 }), room('live', 100)], 1_600)).toEqual([[], []])
  })

  it('takes everything idle before anything that is live', () => {
    const residents = [room('idle', 50, { idleSince: 0 }), room('live', 290), room('small', 10)]
    expect(namesOf(residents)).toEqual([['idle'], []])
  })

  it('releases live rooms that were needed longest ago, and no more than it must', () => {
    const residents = [
      room('new', 150, { usedAt: 3 }),
      room('old', 150, { usedAt: 1 }),
      room('middle', 150, { usedAt: 2 }),
    ]
    expect(namesOf(residents)).toEqual([[], ['old']])
  })

  it('passes over what has nothing to release, and keeps an idle room with work under way', () => {
    const residents = [
      room('waiting', 200, { idleSince: 0, mayLeave: false, releasableBytes: 0, usedAt: 1 }),
      room('released', 0, { usedAt: 2 }),
      room('live', 150, { usedAt: 3 }),
    ]
    expect(namesOf(residents, 9_000)).toEqual([[], ['live']])
  })
})
