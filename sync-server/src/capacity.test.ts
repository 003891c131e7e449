import { describe, expect, it } from 'vitest'
import { capacityOf } from './capacity.ts'

describe('capacityOf', () => {
  it.each([
    [20_000, 256, { connections: 192, sockets: 160 }],
    [100, 256, { connections: 192, sockets: 100 }],
    [20_000, 1_048_576, { connections: 1_048_512, sockets: 20_000 }],
    [20_000, Number.POSITIVE_INFINITY, { connections: Number.POSITIVE_INFINITY, sockets: 20_000 }],
    [20_000, 64, { connections: 2, sockets: 1 }],
  ])('of %i sockets at most and %i files is %o', (maxSockets, openFiles, capacity) => {
    expect(capacityOf(maxSockets, openFiles)).toEqual(capacity)
  })

  it('knows what the system allows this process', () => {
    const { connections } = capacityOf(Number.POSITIVE_INFINITY)
    expect(connections).toBeGreaterThan(100)
  })
})
