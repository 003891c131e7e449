import { CLOSE } from '@weft/protocol'
import { describe, expect, it } from 'vitest'
import { Attempts } from './attempts.ts'
import { STEADY_MS } from './backoff.ts'
import { QUIET_MS } from './save-state.ts'
import { manualClock } from './testing/manual-clock.ts'
import { openProvider } from './testing/open-provider.ts'
import { until } from './testing/until.ts'

function start() {
  const clock = manualClock()
  const made: number[] = []
  const attempts = new Attempts(
    clock,
    () => 1 - Number.EPSILON,
    () => {
      attempts.made()
      made.push(clock.now())
    },
  )
  return { attempts, clock, made: () => made.length }
}

it('an attempt is made when it is due, once', () => {
  const { attempts, clock, made } = start()
  attempts.failed(0)
  attempts.plan(false)
  clock.advance(248)
  expect(made()).toBe(0)
  clock.advance(10_000)
  expect(made()).toBe(1)
  expect(clock.nextInMs()).toBeUndefined()
})

it('a nudge makes what is planned at once, not twice in a second, and nothing when nothing is planned', () => {
  const { attempts, clock, made } = start()
  attempts.nudge()
  expect(made()).toBe(0)
  attempts.failed(0)
  attempts.plan(true)
  attempts.nudge()
  expect([made(), clock.nextInMs()]).toEqual([1, undefined])
  attempts.plan(true)
  clock.advance(999)
  attempts.nudge()
  expect(made()).toBe(1)
  clock.advance(1)
  attempts.nudge()
  expect(made()).toBe(2)
})

it('only a connection that lived for a while makes the next failure the first again', () => {
  const { attempts } = start()
  for (const livedMs of [0, 0, STEADY_MS - 1]) attempts.failed(livedMs)
  expect(attempts.failures).toBe(3)
  attempts.failed(STEADY_MS)
  expect(attempts.failures).toBe(1)
})

it('what is cancelled is not made, and cannot be nudged', () => {
  const { attempts, clock, made } = start()
  attempts.plan(false)
  attempts.cancel()
  clock.advance(60_000)
  attempts.nudge()
  expect(made()).toBe(0)
})

describe('a provider', () => {
  it('tries again soon, then more slowly, and never more often than its ceiling', async () => {
    const { wire, clock, provider } = await openProvider()
    const waits: number[] = []
    for (let failure = 0; failure < 26; failure++) {
      wire.last().drop()
      expect(provider.connection).toBe('waiting')
      let waitedMs = 0
      const count = wire.sockets.length
      while (wire.sockets.length === count) {
        clock.advance(10)
        waitedMs += 10
        await Promise.resolve()
      }
      waits.push(waitedMs)
    }
    expect(waits.slice(0, 4)).toEqual([250, 500, 1_000, 2_000])
    // A server that restarts is found within two seconds of its return for the first twenty seconds.
    expect(Math.max(...waits.slice(0, 20))).toBe(2_000)
    expect(waits.at(-1)).toBe(15_000)
  })

  it('does not hurry back to a server that accepts and drops at once', async () => {
    const { wire, clock, reconnect, provider } = await openProvider()
    for (let round = 0; round < 4; round++) {
      wire.shake()
      wire.last().drop(CLOSE.internal)
      await reconnect()
    }
    expect(provider.connectionInfo.failures).toBe(4)
    wire.shake()
    clock.advance(10_000)
    wire.last().drop(CLOSE.internal)
    expect(provider.connectionInfo.failures).toBe(1)
  })

  it('gives an overloaded server two seconds from the first', async () => {
    const { wire, clock } = await openProvider({ random: () => 0.9 })
    wire.shake()
    wire.last().drop(CLOSE.overloaded)
    expect(clock.nextInMs()).toBe(1_800)
  })

  it('says why it waits', async () => {
    const { provider, wire, type, clock, reconnect } = await openProvider({ random: () => 0.999 })
    wire.shake()
    type('mine')
    wire.last().drop(CLOSE.storeUnavailable)
    expect(provider.connectionInfo).toMatchObject({ status: 'waiting', lastClose: { code: 4503 } })
    await reconnect()
    wire.last().drop(CLOSE.draining)
    clock.advance(QUIET_MS)
    expect(provider.saveState).toMatchObject({ kind: 'not-saved', reason: 'not-kept' })
  })

  it('tries at once when the network is back or the page is looked at, but not twice in a second', async () => {
    const { wire, clock, screen } = await openProvider()
    for (let failure = 0; failure < 4; failure++) {
      wire.last().drop()
      clock.advance(2_000)
      await until(() => wire.sockets.length === failure + 2)
    }
    wire.last().drop()
    screen.show()
    screen.online()
    await Promise.resolve()
    expect(wire.sockets).toHaveLength(5)
    clock.advance(1_000)
    screen.show()
    await until(() => wire.sockets.length === 6)
    screen.online()
    await Promise.resolve()
    expect(wire.sockets).toHaveLength(6)
  })

  it('takes a new socket when the network comes back under an open one', async () => {
    const { wire, screen, provider, clock } = await openProvider()
    wire.shake()
    screen.online()
    expect(wire.last().readyState).toBe(3)
    expect(provider.connection).toBe('waiting')
    clock.advance(250)
    await until(() => wire.sockets.length === 2)
  })

  it('starts a new handshake on bytes that make no sense', async () => {
    const failures: string[] = []
    const { wire, provider, reconnect } = await openProvider({ log: (message) => failures.push(message) })
    wire.shake()
    wire.last().deliver(Uint8Array.of(102, 3, 123, 34, 97))
    expect(failures).toHaveLength(1)
    expect(provider.connection).toBe('waiting')
    await reconnect()
    wire.shake()
    expect(provider.connection).toBe('connected')
  })

  it('makes no attempt after disconnect, and says so', async () => {
    const { provider, wire, clock, type } = await openProvider()
    wire.shake()
    provider.disconnect()
    type('mine')
    clock.advance(60_000)
    expect(wire.sockets).toHaveLength(1)
    expect(provider.connection).toBe('off')
    provider.connect()
    await until(() => wire.sockets.length === 2)
  })
})
