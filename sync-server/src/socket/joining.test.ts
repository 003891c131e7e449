import { ProtocolError } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { JoinAnswer } from '../room/join.ts'
import { ManualClock } from '../room/testing/manual-clock.ts'
import { Joining } from './joining.ts'

const vectorAt = (clock: number): Uint8Array => Y.encodeStateVector(new Map([[1, clock]]))

/** @param answer what is made of the clock that a vector has for client 1. */
function start(
  answer = (clock: number): JoinAnswer | Promise<JoinAnswer> => ({ frames: [], cursor: clock }),
) {
  const clock = new ManualClock()
  const counters = { joins: 0 }
  const answered: number[] = []
  const failed: unknown[] = []
  const reader = { isSlow: false }
  const joining = new Joining({
    joins: { answer: (vector) => answer(vector.get(1) ?? 0) },
    clock,
    limits: { framesPerSecond: 100, joinsPerSecond: 1, joinBurst: 2 },
    counters,
    isSlow: () => reader.isSlow,
    answered: ({ cursor }) => answered.push(cursor),
    failed: (error) => failed.push(error),
  })
  const ask = (at: number): void => joining.ask(vectorAt(at))
  return { joining, ask, clock, counters, answered, failed, reader }
}

describe('a step 1', () => {
  it('is answered at once, but not more often than the rate allows, and then only the newest', () => {
    const { ask, clock, counters, answered } = start()
    for (const at of [1, 2, 3, 4]) ask(at)
    expect(answered).toEqual([1, 2])
    clock.advance(999)
    expect(answered).toEqual([1, 2])
    clock.advance(1)
    expect([answered, counters.joins]).toEqual([[1, 2, 4], 3])
  })

  it('of a slow reader waits until it has caught up', () => {
    const { joining, ask, answered, reader } = start()
    reader.isSlow = true
    ask(1)
    ask(2)
    expect(answered).toEqual([])
    reader.isSlow = false
    joining.answerSoon()
    joining.answerSoon()
    expect(answered).toEqual([2])
  })

  it('that comes while another is being answered is answered after it', async () => {
    const answers = new Map([1, 2].map((at) => [at, Promise.withResolvers<JoinAnswer>()]))
    const { ask, counters, answered } = start((at) => answers.get(at)?.promise ?? { frames: [], cursor: 0 })
    ask(1)
    ask(2)
    expect(counters.joins).toBe(1)
    for (const [at, { resolve }] of answers) resolve({ frames: [], cursor: at })
    await expect.poll(() => answered).toEqual([1, 2])
  })

  it('that cannot be answered is told, and one whose session has ended is not answered', async () => {
    const answers = [Promise.withResolvers<JoinAnswer>(), Promise.withResolvers<JoinAnswer>()]
    const { joining, ask, answered, failed } = start((at) => answers[at]?.promise ?? Promise.reject())
    ask(0)
    answers[0]?.reject(new Error('a disk failed'))
    await expect.poll(() => failed).toEqual([new Error('a disk failed')])
    const other = start((at) => answers[at]?.promise ?? Promise.reject())
    other.ask(1)
    other.joining.close()
    joining.close()
    answers[1]?.resolve({ frames: [], cursor: 1 })
    await answers[1]?.promise
    await Promise.resolve()
    expect([answered, other.answered, other.failed]).toEqual([[], [], []])
  })

  it('that is no state vector is refused', () => {
    const { joining } = start()
    expect(() => joining.ask(Uint8Array.of(2, 1))).toThrow(ProtocolError)
  })

  it('leaves no timer when the session ends while it waits', () => {
    const { joining, ask, clock, answered } = start()
    for (const at of [1, 2, 3]) ask(at)
    expect(clock.timers).toBe(1)
    joining.close()
    joining.close()
    expect(clock.timers).toBe(0)
    joining.answerSoon()
    expect(answered).toEqual([1, 2])
  })
})
