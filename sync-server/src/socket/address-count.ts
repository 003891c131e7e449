/**
 * How many sockets each address holds, so that one machine cannot take them all.
 *
 * An IPv6 customer has a whole /64 to choose from; it counts as one address.
 */
import { isIPv6 } from 'node:net'

export interface AddressCount {
  /** @returns gives the place back, safe to call twice; undefined when the address has none left */
  take(address: string): (() => void) | undefined
}

/** @param most places of one address; `Infinity` counts without refusing */
export function createAddressCount(most: number): AddressCount {
  const taken = new Map<string, number>()
  return {
    take(address) {
      const key = addressKey(address)
      const before = taken.get(key) ?? 0
      if (before >= most) return undefined
      taken.set(key, before + 1)
      let held = true
      return () => {
        if (!held) return
        held = false
        const left = (taken.get(key) ?? 1) - 1
        if (left === 0) taken.delete(key)
        else taken.set(key, left)
      }
    },
  }
}

/** The IPv4 address, also when it is written as IPv6, or the first 64 bits of an IPv6 one. */
export function addressKey(address: string): string {
  const bare = address.split('%')[0]?.toLowerCase() ?? ''
  if (bare.startsWith('::ffff:') && bare.includes('.')) return bare.slice(7)
  if (!isIPv6(bare)) return bare
  const [head = '', tail] = bare.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0')
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
