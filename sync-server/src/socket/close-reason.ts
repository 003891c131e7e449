/**
 * What a close frame has room for of a reason.
 *
 * A reason names what was sent, in whatever script; one that is too long is refused by `ws`, and the code that goes
 * with it, which tells the client not to come back, would never arrive.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.5
 */

/** Of the 125 that a control frame carries, two are the code's. */
const MAX_REASON_BYTES = 123

/** @returns as much of it as fits, in whole characters. */
export function closeReason(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(MAX_REASON_BYTES))
  return reason.slice(0, read)
}
