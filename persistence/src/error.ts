/**
 * Why a store refused, as a closed set of codes.
 *
 * - `closed`: the store was closed, by its owner or because a sync to disk failed.
 * - `corrupt`: a stored record or snapshot differs from its checksum; only this document is affected.
 * - `exists`: something is there that is not written over.
 * - `full`: no space left; nothing was written, the same call may succeed once space is freed.
 * - `locked`: another process holds the folder; the message names it.
 * - `newer`: the folder was written by a newer version of Weft.
 * - `not-found`: no document of that id.
 * - `unavailable`: the storage cannot be reached or written; nothing was written, try again later.
 */
export type StoreErrorCode =
  | 'closed'
  | 'corrupt'
  | 'exists'
  | 'full'
  | 'locked'
  | 'newer'
  | 'not-found'
  | 'unavailable'

/** The only error this package throws on purpose; any other is a bug. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
