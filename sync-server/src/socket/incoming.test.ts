import { CLOSE } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import { Intake } from '../room/intake.ts'
import { RoomCounters } from '../room/room-stats.ts'
import { ManualClock } from '../room/testing/manual-clock.ts'
import { Incoming } from './incoming.ts'

const LIMITS = { framesPerSecond: 10, bytesPerSecond: 100, burstSeconds: 2, maxFrameBytes: 50 }

function start() {
  const clock = new ManualClock()
  const counters = new RoomCounters()
  const intake = new Intake(1_000)
  const admitted: string[] = []
  const refused: number[] = []
  let isRead = true
  const incoming = new Incoming({
    socket: { pause: () => void (isRead = false), resume: () => void (isRead = true) },
    clock,
    limits: LIMITS,
    counters,
    intake,
    admitted: (frame) => admitted.push(Buffer.from(frame).toString()),
    refused: (code) => {
      refused.push(code)
      incoming.close()
    },
  })
  const receive = (text: string, isBinary = true): void => incoming.receive(Buffer.from(text), isBinary)
  return { incoming, receive, clock, counters, intake, admitted, refused, isRead: () => isRead }
}

describe('frames in', () => {
  it('wait while the document is loaded, are admitted in their order, and then one by one', () => {
    const { incoming, receive, admitted, isRead } = start()
    const buffer = Buffer.from('first')
    incoming.receive(buffer, true)
    buffer.fill(0)
    receive('second')
    expect([admitted, isRead()]).toEqual([[], false])
    incoming.open()
    receive('third')
    expect([admitted, isRead()]).toEqual([['first', 'second', 'third'], true])
  })

  it('end the session when more than one frame’s worth comes before the document is loaded', () => {
    const { incoming, receive, admitted, refused, counters } = start()
    receive('x'.repeat(50))
    receive('x')
    expect([refused, counters.refusals['queue-full']]).toEqual([[CLOSE.overloaded], 1])
    incoming.open()
    expect(admitted).toEqual([])
  })

  it('that are text end the session', () => {
    const { incoming, receive, admitted, refused, counters } = start()
    incoming.open()
    receive('words', false)
    expect([refused, counters.refusals.malformed, admitted]).toEqual([[CLOSE.malformed], 1, []])
  })

  it('end the session above their rate, and nothing after that is admitted', () => {
    const { incoming, receive, clock, admitted, refused } = start()
    incoming.open()
    for (let frame = 0; frame < 20; frame++) receive('')
    expect(refused).toEqual([])
    clock.advance(100)
    receive('')
    receive('one too many')
    receive('and after it')
    expect([refused, admitted.length]).toEqual([[CLOSE.rateLimited], 21])
  })

  it('of too many bytes are admitted, and the socket is not read from until they are paid for', () => {
    const { incoming, receive, clock, admitted, refused, isRead } = start()
    incoming.open()
    receive('x'.repeat(300))
    expect([admitted.length, refused, isRead()]).toEqual([1, [], false])
    clock.advance(999)
    expect(isRead()).toBe(false)
    clock.advance(1)
    expect(isRead()).toBe(true)
  })

  it('are not read while too much waits for the store', () => {
    const { incoming, intake, isRead } = start()
    incoming.open()
    incoming.holdBack()
    expect(isRead()).toBe(true)
    intake.add(1_001)
    incoming.holdBack()
    expect([isRead(), intake.held]).toEqual([false, 1])
    intake.remove(501)
    expect([isRead(), intake.held]).toEqual([true, 0])
  })

  it('leave nothing behind when the session ends', () => {
    const { incoming, receive, clock, intake } = start()
    incoming.open()
    intake.add(1_001)
    receive('x'.repeat(300))
    incoming.holdBack()
    incoming.close()
    incoming.close()
    expect([clock.timers, intake.held]).toEqual([0, 0])
  })

  it('of a session that has ended while one was taken hold nobody back', () => {
    const { incoming, intake, isRead } = start()
    incoming.open()
    intake.add(1_001)
    incoming.close()
    incoming.holdBack()
    expect([isRead(), intake.held]).toEqual([true, 0])
  })
})
