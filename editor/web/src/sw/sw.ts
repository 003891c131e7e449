/**
 * The service worker: the application opens when the server is down, so that a closed tab can be opened again and
 * shows its document from the local copy.
 *
 * One cache for each build, filled whole at installation or not at all, so a cached page never meets the assets of
 * another build. The build before stays for the tabs that still run it.
 */
import { isFromWeft, policyFor } from './policy.ts'
import type { WorkerScope } from './scope.ts'

/** Replaced at build time by the build's id and its files; see vite.config.ts. */
declare const __WEFT_SHELL__: { readonly build: string; readonly paths: readonly string[] }

const worker = self as unknown as WorkerScope
const shell = __WEFT_SHELL__
const PREFIX = 'weft-shell-'
const cacheName = PREFIX + shell.build
const paths = new Set(shell.paths)

/** A person who waits for a page that is here already should not wait longer for a server that stays silent. */
const NAVIGATION_TIMEOUT_MS = 2_000

/** The address alone names a file of ours: a server that allows embedding varies by Origin, which a page does not send. */
const ANY: CacheQueryOptions = { ignoreVary: true }

worker.addEventListener('install', (event) => {
  event.waitUntil(install())
})
worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOldBuilds().then(() => worker.clients.claim()))
})
worker.addEventListener('fetch', (event) => {
  const policy = policyFor(event.request, worker.location.origin, paths)
  switch (policy) {
    case 'ignore':
      return
    case 'cache-first':
      event.respondWith(cacheFirst(event.request))
      return
    case 'network-first':
      event.respondWith(networkFirst(event.request))
      return
  }
})

async function install(): Promise<void> {
  const cache = await caches.open(cacheName)
  // `reload`: past the HTTP cache, which may hold the page of the build before.
  await cache.addAll(shell.paths.map((path) => new Request(path, { cache: 'reload' })))
  await worker.skipWaiting()
}

async function dropOldBuilds(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== cacheName)
  // In order of creation: the last one is the build that open tabs may still be running.
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)))
}

async function cacheFirst(request: Request): Promise<Response> {
  const own = await caches.open(cacheName)
  return (await own.match(request, ANY)) ?? (await caches.match(request, ANY)) ?? fetch(request)
}

async function networkFirst(request: Request): Promise<Response> {
  const cached = async (): Promise<Response | undefined> => (await caches.open(cacheName)).match('/', ANY)
  const giveUp = new AbortController()
  const timer = setTimeout(() => giveUp.abort(), NAVIGATION_TIMEOUT_MS)
  try {
    const response = await fetch(request, { signal: giveUp.signal })
    return isFromWeft(response.status) ? response : ((await cached()) ?? response)
  } catch (error) {
    const page = await cached()
    if (page !== undefined) return page
    throw error
  } finally {
    // The limit is on the wait for an answer, not on reading one that has begun.
    clearTimeout(timer)
  }
}
