/**
 * Whose address a request counts for: the one it comes from, unless that is a proxy the operator has named.
 *
 * Anybody can write anything into a header; only what a named proxy has added to its right end is true. So the header is
 * read from the right, as far as named proxies go, and the first address that is not one of theirs is the client's.
 */
import { BlockList, isIP } from 'node:net'

/** @param forwardedFor the header `X-Forwarded-For`, several joined by commas; no other is read */
export type ClientAddress = (peer: string, forwardedFor: string | undefined) => string

/** @param proxies addresses and networks (`10.0.0.0/8`) of the operator's proxies, as `networks` in `config-values.ts` takes them */
export function createClientAddress(proxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    trusted.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family)
  }
  const isTrusted = (address: string): boolean => {
    const bare = unmapped(address)
    return trusted.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4')
  }
  return (peer, forwardedFor) => {
    let client = peer
    const hops = forwardedFor?.split(',').map((hop) => hop.trim()) ?? []
    while (isIP(unmapped(client)) !== 0 && isTrusted(client)) {
      const hop = hops.pop()
      // What is no address tells nothing: the proxy itself is the last that is known.
      if (hop === undefined || isIP(hop) === 0) break
      client = hop
    }
    return client
  }
}

/** An IPv4 address as it stands on a socket that takes both. */
function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}
