/**
 * The local copy is in the document before the first handshake, so that the handshake offers what it holds; but what
 * hangs keeps nobody from the server.
 */
import type { Clock } from './clock.ts'

/** Longest a connection waits for the local copy: IndexedDB has been seen to hang. */
export const COPY_PATIENCE_MS = 2_000

/**
 * Resolves when `load` has, or is waited for no longer.
 * @param load must not reject; told whether anybody still waits for it.
 */
export async function withPatience(
  clock: Clock,
  load: (isLate: () => boolean) => Promise<void>,
): Promise<void> {
  let late = false
  const patience = Promise.withResolvers<void>()
  const enough = clock.after(COPY_PATIENCE_MS, () => {
    late = true
    patience.resolve()
  })
  await Promise.race([load(() => late), patience.promise])
  enough()
}
