/**
 * The little of a service worker's global scope that ours uses.
 *
 * TypeScript's own types for it clash with those of a page, and this package is checked as a page.
 */

interface ExtendableEvent extends Event {
  /** Keeps the worker alive until `work` is done; for `install`, a rejection means not installed. */
  waitUntil(work: Promise<unknown>): void
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

export interface WorkerScope {
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
}
