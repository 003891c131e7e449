/**
 * Why a socket was closed, as a closed set.
 *
 * 4400 to 4499 are final: stock clients from y-websocket 3.1 on stop for ever on them, so only what
 * trying again cannot mend may use them. Everything else is tried again.
 */

export const CLOSE = {
  /** 1001: the server is going down; another one, or the same, will answer soon. */
  draining: 1001,
  /** 1009: a frame above the limit; sent by the WebSocket library before the frame is read. */
  frameTooBig: 1009,
  /** 1011: a fault of ours. */
  internal: 1011,
  /** 1013: this client reads too slowly, or the server has too much to do. */
  overloaded: 1013,
  /** 4400: bytes that no client of this protocol sends. */
  malformed: 4400,
  /** 4401: nobody is signed in. */
  unauthenticated: 4401,
  /** 4403: not allowed, or no longer. */
  forbidden: 4403,
  /** 4404: the document was deleted. */
  deleted: 4404,
  /** 4409: new content under a client id that belongs to somebody else, or other content under clocks that are known. */
  foreignClient: 4409,
  /** 4413: the document would become larger than the limit. */
  tooLarge: 4413,
  /** 4422: content that the document's schema does not allow. */
  schema: 4422,
  /** 4426: the client is too old for this document. */
  clientTooOld: 4426,
  /** 4501: signed out while connected; sign in and come back. */
  expired: 4501,
  /** 4503: this document's storage cannot be read. */
  storeUnavailable: 4503,
  /** 4529: too many frames or bytes. */
  rateLimited: 4529,
} as const

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE]

/** Whether coming back by itself would be pointless. */
export function isPermanentClose(code: number): boolean {
  return code >= 4400 && code < 4500
}
