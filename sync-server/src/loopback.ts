/** Which names and addresses mean this machine and nobody else. */
import { isIPv4 } from 'node:net'

/** @param host as in a URL or a socket address; brackets around IPv6 and a mapped IPv4 are understood */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  const address = bare.startsWith('::ffff:') ? bare.slice(7) : bare
  return address === 'localhost' || address === '::1' || (isIPv4(address) && address.startsWith('127.'))
}
