/**
 * Appends that arrive during a commit share the next one.
 *
 * One commit runs at a time, so the disk syncs once for all who wait, whatever their document. The rule kept here:
 * per key, items commit in the order submitted, and an item never commits when one before it failed, because it may
 * build upon what is then missing.
 */

export type Outcome<Result> =
  | { readonly kind: 'committed'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: Error }

export interface GroupCommitOptions<Item, Result> {
  /** Makes the batch durable and tells what became of each item, in order. A rejection fails them all. */
  readonly commit: (batch: readonly Item[]) => Promise<readonly Outcome<Result>[]>
  readonly keyOf: (item: Item) => string
  readonly bytesOf: (item: Item) => number
  /** Runs the start of a commit a moment later, so that what arrives in the same turn shares it. */
  readonly schedule: (start: () => void) => void
  /** A batch ends with the item that reaches either bound: the wait of those behind stays short. */
  readonly maxItems: number
  readonly maxBytes: number
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: Error) => void
}

export class GroupCommit<Item, Result> {
  readonly #options: GroupCommitOptions<Item, Result>
  #waiting: Waiting<Item, Result>[] = []
  #state: 'idle' | 'scheduled' | 'committing' = 'idle'
  #idleListeners: (() => void)[] = []

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = options
  }

  submit(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      this.#scheduleNext()
    })
  }

  /** Resolves once everything submitted so far has an outcome. */
  whenIdle(): Promise<void> {
    if (this.#state === 'idle') return Promise.resolve()
    return new Promise((resolve) => this.#idleListeners.push(resolve))
  }

  #scheduleNext(): void {
    if (this.#state !== 'idle') return
    if (this.#waiting.length === 0) {
      const listeners = this.#idleListeners
      this.#idleListeners = []
      for (const listener of listeners) listener()
      return
    }
    this.#state = 'scheduled'
    this.#options.schedule(() => void this.#commitNext())
  }

  async #commitNext(): Promise<void> {
    this.#state = 'committing'
    const batch = this.#takeBatch()
    const outcomes = await this.#commit(batch.map((waiting) => waiting.item))
    this.#failFollowers(batch, outcomes)
    batch.forEach((waiting, index) => {
      const outcome = outcomes[index]
      if (outcome?.kind === 'committed') waiting.resolve(outcome.result)
      else waiting.reject(outcome?.error ?? new Error('the commit told nothing of this item'))
    })
    this.#state = 'idle'
    this.#scheduleNext()
  }

  #takeBatch(): Waiting<Item, Result>[] {
    const { bytesOf, maxItems, maxBytes } = this.#options
    let bytes = 0
    let count = 0
    for (const { item } of this.#waiting) {
      count += 1
      bytes += bytesOf(item)
      if (count >= maxItems || bytes >= maxBytes) break
    }
    return this.#waiting.splice(0, count)
  }

  async #commit(items: readonly Item[]): Promise<readonly Outcome<Result>[]> {
    try {
      return await this.#options.commit(items)
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error('the commit failed', { cause })
      return items.map(() => ({ kind: 'failed', error }))
    }
  }

  #failFollowers(batch: readonly Waiting<Item, Result>[], outcomes: readonly Outcome<Result>[]): void {
    const failed = new Map<string, Error>()
    batch.forEach(({ item }, index) => {
      const outcome = outcomes[index]
      if (outcome?.kind === 'failed') failed.set(this.#options.keyOf(item), outcome.error)
    })
    if (failed.size === 0) return
    this.#waiting = this.#waiting.filter(({ item, reject }) => {
      const error = failed.get(this.#options.keyOf(item))
      if (error !== undefined) reject(error)
      return error === undefined
    })
  }
}
