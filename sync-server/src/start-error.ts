/**
 * Why the server could not start, other than a wrong setting: something outside it stands in the way.
 *
 * - `address-in-use`: another program listens there.
 * - `cannot-listen`: the system does not allow it, or the address is not this machine's.
 * - `data-folder`: it cannot be used, or another process uses it.
 */
export type StartErrorCode = 'address-in-use' | 'cannot-listen' | 'data-folder'

/** Its message is one line that says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly code: StartErrorCode

  constructor(code: StartErrorCode, message: string, cause?: unknown) {
    super(message.replace(/\s+/g, ' '), { cause })
    this.code = code
  }
}

/** `EACCES` and the like, when there is one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
