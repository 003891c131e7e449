/** Where a store is opened: the one place that knows every driver. */
import { setImmediate } from 'node:timers'
import { DriverStore } from './document-store.ts'
import { MemoryDriver } from './drivers/memory.ts'
import type { DocumentStore } from './store.ts'

export type StoreLocation =
  /** Gone when the process ends. */
  { readonly kind: 'memory' }

export interface StoreOptions {
  /** ms since 1970; the wall clock by default. */
  readonly now?: () => number
}

/** Opens the store, making what is missing. Whoever opened it closes it. */
export async function openStore(
  _location: StoreLocation,
  options: StoreOptions = {},
): Promise<DocumentStore> {
  const { now = Date.now } = options
  return new DriverStore(new MemoryDriver(), { now, schedule: (start) => setImmediate(start) })
}
