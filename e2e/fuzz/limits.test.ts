import { expect, it } from 'vitest'
import { Histogram } from '../load/histogram.ts'
import { LIMITS, memoryFaults, waitFaults } from './limits.ts'
import type { Memory, SocketsResult, Speed } from './sockets-run.ts'
import { Waits } from './waits.ts'

const MEBIBYTE = 1_048_576
const before: Memory = {
  residentBytes: 200 * MEBIBYTE,
  heapBytes: 25 * MEBIBYTE,
  bufferBytes: 12 * MEBIBYTE,
  openFiles: 44,
  listeners: 15,
  timers: 2,
  resources: { TCPSocketWrap: 3 },
}

it.each<[string, Partial<Memory>]>([
  ['heapBytes grew by 9.0 MiB', { heapBytes: 34 * MEBIBYTE }],
  ['bufferBytes grew by 9.0 MiB', { bufferBytes: 21 * MEBIBYTE }],
  ['residentBytes grew by 65.0 MiB', { residentBytes: 265 * MEBIBYTE }],
  ['44 open files became 48', { openFiles: 48 }],
  ['2 timers became 6', { timers: 6 }],
  ['15 listeners on the process became 16', { listeners: 16 }],
  ['3 TCPSocketWrap became 7', { resources: { TCPSocketWrap: 7 } }],
])('more than may be there afterwards is found: %s', (says, more) => {
  expect(memoryFaults(before, { ...before, ...more })).toEqual([says])
  expect(memoryFaults(before, { ...before, heapBytes: 32 * MEBIBYTE, openFiles: 46 })).toEqual([])
})

function speed(ackMs: number, healthzMs: number, processorP99Ms: number): Speed {
  const [acks, healthz] = [new Histogram(), new Histogram()]
  acks.record(ackMs)
  healthz.record(healthzMs)
  return { acks, healthz, processorP99Ms }
}

it('waits may be as long as the limits say, and longer only where the machine itself is slow', () => {
  const found = (idle: Speed, beset: Speed): number =>
    waitFaults({ idle, beset } as unknown as SocketsResult).length
  const quick = speed(5, 1, 1)
  expect(found(quick, speed(LIMITS.ackP99Ms - 1, LIMITS.healthzP99Ms - 1, 1))).toBe(0)
  expect(found(quick, speed(LIMITS.ackP99Ms + 9, 1, 1))).toBe(1)
  expect(found(quick, speed(5, LIMITS.healthzP99Ms + 9, 1))).toBe(1)
  expect(found(quick, speed(LIMITS.ackP99Ms + 9, LIMITS.healthzP99Ms + 9, 20))).toBe(0)
  expect(found(speed(20, 10, 1), speed(LIMITS.ackP99Ms + 9, LIMITS.healthzP99Ms + 9, 1))).toBe(0)
})

it('moments in which the machine stood still are no part of a wait', () => {
  const waits = new Waits()
  waits.record(1_000, 1_500)
  const pauses = [
    { from: 900, to: 1_100 },
    { from: 1_200, to: 1_400 },
    { from: 1_600, to: 1_900 },
  ]
  expect(waits.without([]).quantile(1)).toBeCloseTo(500)
  expect(waits.without(pauses).quantile(1)).toBeCloseTo(200)
})
