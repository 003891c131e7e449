/** Where a store is opened: the one place that knows every driver. */
import { join } from 'node:path'
import { setImmediate } from 'node:timers'
import { DriverStore } from './document-store.ts'
import type { Driver } from './driver.ts'
import { MemoryDriver } from './drivers/memory.ts'
import { DATABASE_FILE } from './drivers/sqlite/folder.ts'
import { Inspector } from './drivers/sqlite/inspector.ts'
import { SqliteDriver } from './drivers/sqlite/sqlite-driver.ts'
import type { DocumentStore } from './store.ts'

export type StoreLocation =
  /** Gone when the process ends. */
  | { readonly kind: 'memory' }
  /** One folder on a local disk, for one process at a time. */
  | { readonly kind: 'sqlite'; readonly folder: string }

export interface StoreOptions {
  /** ms since 1970; the wall clock by default. */
  readonly now?: () => number
  /** How long `close` waits for a storage that does not answer, in ms; 20,000 by default: a disk that is only busy. */
  readonly closeWithinMs?: number
  /** Told while the store is opened of what is wrong with what is there, although it is used: one line each. */
  readonly onFinding?: (finding: string) => void
}

const CLOSE_WITHIN_MS = 20_000

/**
 * Opens the store, making what is missing. Whoever opened it closes it.
 *
 * @throws {StoreError} `locked`, naming the process that holds the folder; `newer`; `corrupt`; `full`; `unavailable`
 *   when the folder cannot be used or commits would not survive a power cut. Each message is one line and names the folder.
 */
export async function openStore(location: StoreLocation, options: StoreOptions = {}): Promise<DocumentStore> {
  return storeOn(await openDriver(location, options), options)
}

/** The store over a driver that is already open, such as one of your own. */
export function storeOn(driver: Driver, options: StoreOptions = {}): DocumentStore {
  const { now = Date.now, closeWithinMs = CLOSE_WITHIN_MS } = options
  return new DriverStore(driver, { now, closeWithinMs, schedule: (start) => setImmediate(start) })
}

/** Where a folder keeps its documents: what `backUp`, `openInspector` and `prepareRestore` take and make. */
export function databaseFile(folder: string): string {
  return join(folder, DATABASE_FILE)
}

/** Looks at a database from outside; not in the process whose store has it open. @see Inspector */
export function openInspector(file: string): Inspector {
  return new Inspector(file)
}

async function openDriver(location: StoreLocation, { onFinding }: StoreOptions): Promise<Driver> {
  switch (location.kind) {
    case 'memory':
      return new MemoryDriver()
    case 'sqlite':
      return SqliteDriver.open({
        folder: location.folder,
        ...(onFinding === undefined ? {} : { onFinding }),
      })
  }
}
