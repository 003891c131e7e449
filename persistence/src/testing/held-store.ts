/**
 * A store whose appends the test lets go: what happens between "accepted" and "on disk" can be looked at.
 *
 * Everything but `append` and `close` goes straight to the store below.
 */
import { setImmediate } from 'node:timers/promises'
import type { StoreError } from '../error.ts'
import type { DocumentStore, NewUpdate, Sequence } from '../store.ts'
import { StoreWrapper } from './store-wrapper.ts'

interface Held {
  readonly documentId: string
  readonly updates: readonly NewUpdate[]
  readonly resolve: (seq: Sequence) => void
  readonly reject: (error: unknown) => void
}

export class HeldStore extends StoreWrapper {
  #held: Held[] = []
  #watchers: { count: number; resolve: () => void }[] = []

  /** How many appends are held now. */
  get held(): number {
    return this.#held.length
  }

  override append(documentId: string, updates: readonly NewUpdate[]): Promise<Sequence> {
    return new Promise((resolve, reject) => {
      this.#held.push({ documentId, updates, resolve, reject })
      this.#watchers = this.#watchers.filter((watcher) => {
        if (this.held < watcher.count) return true
        watcher.resolve()
        return false
      })
    })
  }

  /** Resolves once at least `count` appends are held. */
  whenHeld(count = 1): Promise<void> {
    if (this.held >= count) return Promise.resolve()
    return new Promise((resolve) => this.#watchers.push({ count, resolve }))
  }

  /** Commits what is held now, in order; resolves a turn after its callers have been told. */
  async release(): Promise<void> {
    const settled = this.#take().map(({ documentId, updates, resolve, reject }) =>
      this.inner.append(documentId, updates).then(resolve, reject),
    )
    await Promise.all(settled)
    await setImmediate()
  }

  /** Fails what is held now with `error`, writing nothing; resolves a turn after its callers have been told. */
  async refuse(error: StoreError): Promise<void> {
    for (const { reject } of this.#take()) reject(error)
    await setImmediate()
  }

  /** Finishes what was accepted, as every store does. */
  override async close(): Promise<void> {
    await this.release()
    await super.close()
  }

  #take(): Held[] {
    const taken = this.#held
    this.#held = []
    return taken
  }
}

export function heldStore(store: DocumentStore): HeldStore {
  return new HeldStore(store)
}
