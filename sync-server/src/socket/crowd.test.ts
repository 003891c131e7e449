import { CLOSE } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../room/testing/manual-clock.ts'
import { Crowd } from './crowd.ts'

const MAX_BYTES = 100

class FakeSession {
  readonly documentId: string
  readonly slowSince: number | undefined
  closedWith: number | undefined
  ticks = 0
  readonly #bytes: number

  constructor(bytes = 0, slowSince?: number, documentId = 'doc') {
    this.#bytes = bytes
    this.slowSince = slowSince
    this.documentId = documentId
  }

  get isClosed(): boolean {
    return this.closedWith !== undefined
  }

  get waitingBytes(): number {
    return this.isClosed ? 0 : this.#bytes
  }

  tick(): void {
    this.ticks++
  }

  close(code: number): void {
    this.closedWith ??= code
  }
}

function start(...sessions: readonly FakeSession[]) {
  const clock = new ManualClock()
  const backlog = { sharedBytes: 0 }
  const crowd = new Crowd({ clock, backlog, maxTotalBufferedBytes: MAX_BYTES })
  for (const session of sessions) crowd.add(session)
  return { crowd, clock, backlog, closed: () => sessions.map(({ closedWith }) => closedWith) }
}

describe('a crowd', () => {
  it('closes who has been behind the longest until little enough waits, and nobody who is not', () => {
    const { crowd, closed } = start(
      new FakeSession(60, 20),
      new FakeSession(60, 10),
      new FakeSession(30),
      new FakeSession(0, 5),
    )
    crowd.tick(0)
    expect(closed()).toEqual([undefined, CLOSE.overloaded, undefined, undefined])
    expect(crowd.waitingBytes).toBe(90)
  })

  it('closes the largest of those who have been behind equally long', () => {
    const { crowd, closed } = start(new FakeSession(40), new FakeSession(70))
    crowd.tick(0)
    expect(closed()).toEqual([undefined, CLOSE.overloaded])
  })

  it('counts what sockets share once', () => {
    const { crowd, backlog, closed } = start(new FakeSession(80), new FakeSession(80))
    backlog.sharedBytes = 80
    crowd.tick(0)
    expect([crowd.waitingBytes, ...closed()]).toEqual([80, undefined, undefined])
  })

  it('closes those of one document, and forgets who is closed', () => {
    const [mine, other] = [new FakeSession(0, undefined, 'mine'), new FakeSession(0, undefined, 'other')]
    const { crowd } = start(mine, other)
    crowd.close('mine', CLOSE.deleted, 'deleted')
    expect([mine.closedWith, other.closedWith, crowd.size]).toEqual([CLOSE.deleted, undefined, 1])
    crowd.tick(0)
    expect([mine.ticks, other.ticks]).toEqual([0, 1])
  })

  it('leaves in slices of a hundred, in the time there is', async () => {
    const sessions = Array.from({ length: 250 }, () => new FakeSession())
    const { crowd, clock, closed } = start(...sessions)
    const left = (): number => closed().filter((code) => code === CLOSE.draining).length
    const done = crowd.drain(50)
    expect(left()).toBe(100)
    // Four fifths of 50 ms, in two pauses.
    clock.advance(20)
    await expect.poll(left).toBe(200)
    clock.advance(19)
    expect(left()).toBe(200)
    clock.advance(1)
    await done
    expect([left(), crowd.size]).toEqual([250, 0])
  })
})
