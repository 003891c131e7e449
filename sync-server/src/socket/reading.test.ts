import { expect, it } from 'vitest'
import { Reading } from './reading.ts'

it('a socket is read from only when no reason stands against it', () => {
  let reads = true
  const reading = new Reading({
    pause: () => {
      reads = false
    },
    resume: () => {
      reads = true
    },
  })
  reading.pause('loading')
  reading.pause('rate')
  reading.resume('rate')
  expect(reads).toBe(false)
  reading.pause('store')
  reading.resume('loading')
  expect(reads).toBe(false)
  reading.resume('store')
  expect(reads).toBe(true)
  // What never stood against it changes nothing.
  reading.pause('rate')
  reading.resume('store')
  expect(reads).toBe(false)
})
