/**
 * What a failed request is told. The only translator of errors: everything else throws.
 *
 * The body is `{ error: { code, message, retryable } }`; `code` is from a closed set and part of the API,
 * `message` is for people. A fault of ours says nothing about its inside; the log has it.
 */
import { StoreError } from '@weft/persistence'
import type { Logger } from '../observe/logger.ts'

const STATUS = {
  'bad-request': 400,
  'foreign-origin': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-in-trash': 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'wrong-host': 421,
  'not-an-upgrade': 426,
  'too-many-sockets': 429,
  internal: 500,
  'not-built': 503,
  'server-full': 503,
  'storage-full': 503,
  'storage-unavailable': 503,
  draining: 503,
} as const

export type HttpErrorCode = keyof typeof STATUS
export type HttpErrorStatus = (typeof STATUS)[HttpErrorCode]

/** Asking again later, unchanged, may work. */
const RETRYABLE: ReadonlySet<HttpErrorCode> = new Set([
  'too-many-sockets',
  'server-full',
  'storage-full',
  'storage-unavailable',
  'draining',
])

export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code: HttpErrorCode

  constructor(code: HttpErrorCode, message: string) {
    super(message)
    this.code = code
  }

  get status(): HttpErrorStatus {
    return STATUS[this.code]
  }

  get body(): { error: { code: HttpErrorCode; message: string; retryable: boolean } } {
    return { error: { code: this.code, message: this.message, retryable: RETRYABLE.has(this.code) } }
  }

  get headers(): Record<string, string> {
    if (this.code === 'not-an-upgrade') return { Upgrade: 'websocket' }
    return RETRYABLE.has(this.code) ? { 'Retry-After': '1' } : {}
  }
}

/** Turns whatever was thrown into what the client is told; logs what is nobody's fault but ours. */
export function translate(error: unknown, logger: Logger): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof StoreError) {
    switch (error.code) {
      case 'not-found':
        return new HttpError('not-found', 'no such document')
      case 'full':
        return new HttpError('storage-full', 'the server has no space left; nothing was changed')
      case 'unavailable':
        return new HttpError('storage-unavailable', 'the storage cannot be reached; nothing was changed')
      case 'closed':
        // After a failed sync nobody knows which bytes are on disk.
        return new HttpError(
          'storage-unavailable',
          'the storage is closed; whether this was kept is not known',
        )
      case 'corrupt':
      case 'exists':
      case 'locked':
      case 'newer':
        break
    }
  }
  logger.error({ err: error }, 'request failed')
  return new HttpError('internal', 'something went wrong on the server; its log says what')
}
