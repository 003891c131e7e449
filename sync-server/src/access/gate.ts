/**
 * May this request be listened to at all? Asked of every HTTP request and of every WebSocket handshake.
 *
 * `Host` must be a name of ours: a page on a name that its owner points at 127.0.0.1 (DNS rebinding) fails here.
 * `Origin`, which browsers send and pages cannot forge, must be ours or one the operator listed: WebSockets
 * know no same-origin rule, so without this any site a person visits could open their documents.
 * Programs outside browsers send no Origin; they are let in as long as they bring no cookie.
 */
import { isLoopback } from '../loopback.ts'

export interface GateFacts {
  /** The header as sent; undefined when absent. Two headers must arrive joined, or as undefined. */
  readonly host: string | undefined
  readonly origin: string | undefined
  /** `Sec-Fetch-Site`, as browsers send it with every request. */
  readonly fetchSite: string | undefined
  readonly hasCookie: boolean
  /** Reading only: GET, HEAD, OPTIONS, and no handshake. */
  readonly safe: boolean
}

export type GateAnswer =
  | { readonly kind: 'ours' }
  /** From a site listed in `embedOrigins`: it may read what we answer. */
  | { readonly kind: 'embedder'; readonly origin: string }
  | { readonly kind: 'wrong-host' }
  | { readonly kind: 'foreign-origin' }

export type Gate = (facts: GateFacts) => GateAnswer

export function createGate(config: {
  readonly host: string
  readonly publicUrl?: string | undefined
  readonly embedOrigins: readonly string[]
}): Gate {
  const publicUrl = config.publicUrl === undefined ? undefined : new URL(config.publicUrl)
  const local = new Set(['localhost', '127.0.0.1', '[::1]'])
  if (isLoopback(config.host)) local.add(config.host.toLowerCase())
  const embedders = new Set(config.embedOrigins)

  return ({ host, origin, fetchSite, hasCookie, safe }) => {
    const name = nameOf(host)
    if (name === undefined || !(local.has(name) || name === publicUrl?.hostname))
      return { kind: 'wrong-host' }
    if (origin === undefined) {
      if (safe) return { kind: 'ours' }
      const crossSite = fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none'
      return hasCookie || crossSite ? { kind: 'foreign-origin' } : { kind: 'ours' }
    }
    if (embedders.has(origin)) return { kind: 'embedder', origin }
    if (origin === publicUrl?.origin) return { kind: 'ours' }
    // Any port, so that a forwarded one works; but the very one the browser asked, so that another local server's pages do not.
    const sameHost = local.has(name) && origin === `http://${host?.toLowerCase()}`
    return sameHost ? { kind: 'ours' } : { kind: 'foreign-origin' }
  }
}

/** @returns the host without its port, in lower case; undefined when it is not a plain `name[:port]` */
function nameOf(host: string | undefined): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(host?.toLowerCase() ?? '')?.[1]
}
