/**
 * The shell of `save-state.ts`: gives events their time, tells listeners when the state has changed, wakes up
 * when it changes by time alone, and resolves those who wait for their edits to arrive.
 */
import { equalityDeep } from 'lib0/function'
import type { Clock } from './clock.ts'
import { SyncError } from './error.ts'
import {
  initialSaveModel,
  nextTickMs,
  reduceSave,
  type SaveHappening,
  type SaveModel,
  type SaveState,
  viewSave,
} from './save-state.ts'

interface Waiter {
  readonly done: (model: SaveModel) => boolean
  readonly hopeless: boolean
  readonly resolve: () => void
  readonly reject: (cause: SyncError) => void
}

export class SaveTracker {
  readonly #clock: Clock
  readonly #listeners = new Set<(state: SaveState) => void>()
  readonly #waiters = new Set<Waiter>()
  #model: SaveModel
  #state: SaveState
  #cancelTick: (() => void) | undefined
  #tickAtMs: number | undefined
  #closed = false

  constructor(clock: Clock, copy: 'off' | 'loading') {
    this.#clock = clock
    this.#model = initialSaveModel(clock.now(), copy)
    this.#state = viewSave(this.#model)
  }

  get model(): SaveModel {
    return this.#model
  }

  get state(): SaveState {
    return this.#state
  }

  /** @returns its undo. */
  onState(listener: (state: SaveState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  dispatch(happening: SaveHappening): void {
    if (this.#closed) return
    this.#model = reduceSave(this.#model, { ...happening, atMs: this.#clock.now() })
    this.#planTick()
    this.#settleWaiters()
    const state = viewSave(this.#model)
    if (equalityDeep(state, this.#state)) return
    this.#state = state
    for (const listener of this.#listeners) listener(state)
  }

  /** Resolves once everything typed until now is on the server's disk. */
  durable(): Promise<void> {
    const { typed, found } = this.#model
    return this.#wait(true, (model) => model.confirmed >= typed && model.foundConfirmed >= found)
  }

  /** Resolves once everything typed until now is on this device or on the server's disk. */
  kept(): Promise<void> {
    const { typed } = this.#model
    return this.#wait(false, (model) => Math.max(model.kept, model.confirmed) >= typed)
  }

  /** Resolves once there is a document to show. */
  async loaded(): Promise<'local-copy' | 'server'> {
    await this.#wait(true, (model) => model.loaded !== undefined)
    return this.#model.loaded ?? 'server'
  }

  close(): void {
    this.#closed = true
    this.#cancelTick?.()
    for (const waiter of this.#waiters) waiter.reject(destroyed())
    this.#waiters.clear()
  }

  #wait(hopeless: boolean, done: Waiter['done']): Promise<void> {
    if (this.#closed) return Promise.reject(destroyed())
    return new Promise((resolve, reject) => {
      this.#waiters.add({ done, hopeless, resolve, reject })
      this.#settleWaiters()
    })
  }

  #settleWaiters(): void {
    for (const waiter of this.#waiters) {
      if (waiter.done(this.#model)) waiter.resolve()
      else if (waiter.hopeless && this.#model.link.kind === 'refused') {
        const { code, words } = this.#model.link.refusal
        waiter.reject(new SyncError('refused', `the server closed for good: ${code} ${words}`.trimEnd()))
      } else continue
      this.#waiters.delete(waiter)
    }
  }

  #planTick(): void {
    const atMs = nextTickMs(this.#model)
    if (atMs === this.#tickAtMs) return
    this.#cancelTick?.()
    this.#cancelTick = undefined
    this.#tickAtMs = atMs
    if (atMs === undefined) return
    this.#cancelTick = this.#clock.after(atMs - this.#model.nowMs, () => {
      this.#tickAtMs = undefined
      this.dispatch({ kind: 'tick' })
    })
  }
}

function destroyed(): SyncError {
  return new SyncError('destroyed', 'the provider was destroyed')
}
