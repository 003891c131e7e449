/**
 * Why bytes were not understood, as a closed set of codes.
 *
 * - `truncated`: the frame ends inside a field.
 * - `trailing`: a complete message is followed by more bytes.
 * - `unknown-type`: a message or sync type that this version does not know.
 * - `invalid`: complete, but a field holds what it may not.
 */
export type ProtocolErrorCode = 'truncated' | 'trailing' | 'unknown-type' | 'invalid'

/** The only error this package throws. On a server it closes that socket with `CLOSE.malformed`. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  readonly code: ProtocolErrorCode

  constructor(code: ProtocolErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
