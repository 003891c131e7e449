/**
 * Who an update is from, in the word that is stored beside it.
 *
 * The word itself says whether anybody vouched for it, so that a log can be read years later without asking: one that
 * was identified is `kind:id` (`user:…`, `token:…`), anything without a colon is somebody nobody knows, and owns nothing.
 */

/** Everybody, where nobody signs in. */
export const ANYBODY = 'guest'

/** Whether two sessions with this principal are the same person, as far as the server could find out. */
export function isIdentified(principal: string): boolean {
  return principal.includes(':')
}
