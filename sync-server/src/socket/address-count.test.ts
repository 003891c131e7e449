import { describe, expect, it } from 'vitest'
import { addressKey, createAddressCount } from './address-count.ts'

describe('createAddressCount', () => {
  it('refuses the one above the bound until a place is given back, and counts a place once', () => {
    const count = createAddressCount(2)
    const leave = count.take('10.0.0.1')
    expect(count.take('10.0.0.1')).toBeDefined()
    expect(count.take('10.0.0.1')).toBeUndefined()
    expect(count.take('10.0.0.2')).toBeDefined()
    leave?.()
    leave?.()
    expect(count.take('10.0.0.1')).toBeDefined()
    expect(count.take('10.0.0.1')).toBeUndefined()
  })
})

describe('addressKey', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })
})
