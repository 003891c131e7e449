/**
 * Why the provider could not do what it was asked, as a closed set of codes.
 *
 * - `document-id`: not 1 to 128 characters of `A-Z a-z 0-9 _ -`.
 * - `server-address`: not an http or https address.
 * - `refused`: the server will never take these edits from this session.
 * - `destroyed`: the provider was taken down first.
 */
export type SyncErrorCode = 'document-id' | 'server-address' | 'refused' | 'destroyed'

export class SyncError extends Error {
  override readonly name = 'SyncError'
  readonly code: SyncErrorCode

  constructor(code: SyncErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
