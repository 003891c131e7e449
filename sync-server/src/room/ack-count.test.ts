import { describe, expect, it } from 'vitest'
import { AckCount } from './ack-count.ts'

describe('AckCount', () => {
  it('counts messages once the ticket they wait for is committed', () => {
    const acks = new AckCount()
    acks.take(1, 10)
    acks.take(2, 20)
    acks.take(2, 30)
    expect(acks.commit(1)).toBe(10)
    expect(acks.durable).toBe(1)
    expect(acks.commit(1)).toBeUndefined()
    expect(acks.commit(2)).toBe(20)
    expect(acks.durable).toBe(3)
  })

  it('counts a message that brought nothing new once that content is committed', () => {
    const acks = new AckCount()
    acks.take(5, 5)
    expect(acks.commit(4)).toBeUndefined()
    expect(acks.commit(5)).toBe(5)
  })

  it('is held by a refused message, whatever is committed after it', () => {
    const acks = new AckCount()
    acks.take(1, 1)
    acks.refuse()
    acks.take(2, 2)
    acks.commit(9)
    expect(acks.durable).toBe(1)
  })

  it('goes on over a refused message once a whole answer that came after it is committed, and not before', () => {
    const acks = new AckCount()
    acks.refuse()
    acks.take(1, 1)
    acks.commit(1)
    acks.cover(3, 3)
    acks.commit(2)
    expect(acks.durable).toBe(0)
    acks.commit(3)
    expect(acks.durable).toBe(3)
    acks.take(4, 4)
    acks.commit(4)
    expect(acks.durable).toBe(4)
  })
})
