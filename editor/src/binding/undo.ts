/**
 * Undo of what this person did, and of nothing else.
 *
 * Rule: only transactions of the binding are tracked, so other people's edits are neither in the stack nor
 * taken away by it; a block made here stays when somebody else has since changed what it is; and what is brought back
 * stays whose it was.
 */
import { isOnlyOurs, signRestored } from '@weft/document'
import * as Y from 'yjs'

/** Edits closer together than this are one step, as long as nothing else ends it. */
export const CAPTURE_MS = 500

export interface UndoCaret<Caret> {
  readonly before: Caret | undefined
  readonly after: Caret | undefined
}

export class FlowUndo<Caret> {
  readonly #doc: Y.Doc
  readonly #manager: Y.UndoManager
  readonly #listeners = new Set<() => void>()
  #before: Caret | undefined

  /** @param origin of the transactions to track, whatever in the document they change. */
  constructor(doc: Y.Doc, origin: object, captureMs = CAPTURE_MS) {
    this.#doc = doc
    this.#manager = new Y.UndoManager(doc, {
      trackedOrigins: new Set<unknown>([origin]),
      captureTimeout: captureMs,
      deleteFilter: isOnlyOurs,
    })
    this.#manager.on('stack-item-added', ({ stackItem }) => {
      const popped = this.#manager.currStackItem
      // The other direction leads between the same two places.
      const carets = popped === null ? undefined : caretsOf<Caret>(popped)
      if (carets === undefined) stackItem.meta.set('before', this.#before)
      else {
        stackItem.meta.set('before', carets.before)
        stackItem.meta.set('after', carets.after)
      }
      this.#notify()
    })
    this.#manager.on('stack-item-popped', () => this.#notify())
    this.#manager.on('stack-cleared', () => this.#notify())
  }

  get canUndo(): boolean {
    return this.#manager.canUndo()
  }

  get canRedo(): boolean {
    return this.#manager.canRedo()
  }

  /** @param fn called after either of `canUndo`, `canRedo` may have changed. @returns its undo. */
  onChange(fn: () => void): () => void {
    this.#listeners.add(fn)
    return () => this.#listeners.delete(fn)
  }

  /** Runs a tracked change. @param before where the caret was. @param isOwnStep whether it starts a new step. */
  track(before: Caret | undefined, isOwnStep: boolean, change: () => void): void {
    if (isOwnStep) this.#manager.stopCapturing()
    this.#before = before
    change()
  }

  /** Says where the caret is after the last tracked change. */
  noteAfter(after: Caret | undefined): void {
    this.#manager.undoStack.at(-1)?.meta.set('after', after)
  }

  stopCapturing(): void {
    this.#manager.stopCapturing()
  }

  /** @returns where the caret was before the step that is undone; undefined when there was none to undo. */
  undo(): Caret | undefined {
    return this.#travelled(this.#manager.undo())?.before
  }

  redo(): Caret | undefined {
    return this.#travelled(this.#manager.redo())?.after
  }

  #travelled(step: ReturnType<Y.UndoManager['undo']>): UndoCaret<Caret> | undefined {
    if (step === null) return undefined
    // Not in the manager's name: a redo would take it for something to take back.
    signRestored(this.#doc, step.deletions, this)
    return caretsOf<Caret>(step)
  }

  destroy(): void {
    this.#listeners.clear()
    this.#manager.destroy()
  }

  #notify(): void {
    for (const fn of this.#listeners) fn()
  }
}

function caretsOf<Caret>(item: { readonly meta: Map<unknown, unknown> }): UndoCaret<Caret> {
  return {
    before: item.meta.get('before') as Caret | undefined,
    after: item.meta.get('after') as Caret | undefined,
  }
}
