/**
 * Keeps carets alive across a reconnect.
 *
 * An awareness state is taken only when its clock is higher than the one known. Stock clients keep everybody's
 * clock when their socket closes, so on the next one they ignore all who have not moved since: carets are
 * gone for up to 15 s. And a server that has just restarted may still be told of our old clock by others.
 */
import type { Awareness } from 'y-protocols/awareness'

/** After a close, when the others' states have been removed: whatever is heard next counts as new. */
export function forgetOthers(awareness: Awareness): void {
  for (const id of awareness.meta.keys()) {
    if (id !== awareness.clientID && !awareness.states.has(id)) awareness.meta.delete(id)
  }
}

/** On open, before our state is sent: nobody may take it for one they know. Tells no listener, nothing changed. */
export function raiseOwn(awareness: Awareness): void {
  const own = awareness.meta.get(awareness.clientID)
  if (own !== undefined) awareness.meta.set(awareness.clientID, { ...own, clock: own.clock + 1 })
}
