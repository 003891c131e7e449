/**
 * The one door through which anything but the user's own typing reaches a Yjs document.
 *
 * Whoever holds edits that are not in the document yet (the binding, while an editor update is pending)
 * registers here and is asked to write them first: once a remote update has been applied it is too late to
 * tell what was typed before it from what was typed after it.
 * The provider, the local copy, undo and redo go through `run`; nobody calls `Y.applyUpdate` beside it.
 */
export class ApplyGate {
  readonly #writers = new Set<() => void>()

  /** @returns its undo. `writePending` runs before every application; it must not itself call `run`. */
  register(writePending: () => void): () => void {
    this.#writers.add(writePending)
    return () => this.#writers.delete(writePending)
  }

  run<T>(apply: () => T): T {
    for (const writePending of this.#writers) writePending()
    return apply()
  }
}
