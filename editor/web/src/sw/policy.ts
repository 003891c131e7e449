/**
 * What the service worker may answer by itself. Pure.
 *
 * Rule: only the application's shell. Documents, their list and their sockets are never answered from a cache:
 * what they say is true only when the server says it, and the local copy is the editor's own business.
 */

export type Policy =
  /** The browser does as if there were no service worker. */
  | 'ignore'
  /** Its name changes with its content: the cache is always right. */
  | 'cache-first'
  /** The page itself: the server's, so that a new deployment wins as soon as it answers; else the cached shell. */
  | 'network-first'

export interface Asked {
  readonly method: string
  readonly url: string
  /** As in `Request.mode`. */
  readonly mode: string
}

/** @param shell paths that are cached at installation, such as `/assets/main-4f2a.js`. */
export function policyFor(asked: Asked, origin: string, shell: ReadonlySet<string>): Policy {
  const url = new URL(asked.url)
  if (asked.method !== 'GET' || url.origin !== origin) return 'ignore'
  if (/^\/(api|sync|healthz|readyz)(\/|$)/.test(url.pathname)) return 'ignore'
  if (asked.mode === 'navigate') return isPage(url.pathname) ? 'network-first' : 'ignore'
  if (url.pathname.startsWith('/assets/') || shell.has(url.pathname)) return 'cache-first'
  return 'ignore'
}

/** Addresses the application renders; anything else a person opens (a file, the metrics) is the server's. */
function isPage(path: string): boolean {
  return path === '/' || /^\/(trash|d\/[^/]+)\/?$/.test(path)
}

/** A proxy that has lost its server answers too, with a page of its own that must not replace ours. */
export function isFromWeft(status: number): boolean {
  return status < 500
}
