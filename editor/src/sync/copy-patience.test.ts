import { expect, it } from 'vitest'
import { COPY_PATIENCE_MS, withPatience } from './copy-patience.ts'
import { manualClock } from './testing/manual-clock.ts'

function start() {
  const clock = manualClock()
  const { promise, resolve } = Promise.withResolvers<void>()
  const told: boolean[] = []
  const waited = withPatience(clock, async (isLate) => {
    await promise
    told.push(isLate())
  })
  return { clock, resolve, told, waited }
}

it('a copy is loaded before anybody goes on, and leaves no timer', async () => {
  const { clock, resolve, told, waited } = start()
  resolve()
  await waited
  expect([told, clock.nextInMs()]).toEqual([[false], undefined])
})

it('one that hangs is waited for so long and no longer, and knows that it is late when it comes', async () => {
  const { clock, resolve, told, waited } = start()
  clock.advance(COPY_PATIENCE_MS)
  await waited
  expect(told).toEqual([])
  resolve()
  await expect.poll(() => told).toEqual([true])
})
