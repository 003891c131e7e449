import { describe, expect, it } from 'vitest'
import { AckCount } from './ack-count.ts'

describe('AckCount', () => {
  it('counts messages once the ticket they wait for is committed', () => {
    const acks = new AckCount()
    acks.take(1)
    acks.take(2)
    acks.take(2)
    expect(acks.commit(1)).toBe(true)
    expect(acks.durable).toBe(1)
    expect(acks.commit(1)).toBe(false)
    expect(acks.commit(2)).toBe(true)
    expect(acks.durable).toBe(3)
  })

  it('counts a message that brought nothing new once that content is committed', () => {
    const acks = new AckCount()
    acks.take(5)
    expect(acks.commit(4)).toBe(false)
    expect(acks.commit(5)).toBe(true)
  })

  it('is held by a refused message, whatever is committed after it', () => {
    const acks = new AckCount()
    acks.take(1)
    acks.refuse()
    acks.take(2)
    acks.commit(9)
    expect(acks.durable).toBe(1)
  })

  it('goes on over a refused message once a whole answer that came after it is committed, and not before', () => {
    const acks = new AckCount()
    acks.refuse()
    acks.take(1)
    acks.commit(1)
    acks.cover(3)
    acks.commit(2)
    expect(acks.durable).toBe(0)
    acks.commit(3)
    expect(acks.durable).toBe(3)
    acks.take(4)
    acks.commit(4)
    expect(acks.durable).toBe(4)
  })
})
