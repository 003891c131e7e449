/**
 * Every message that travels, as one union. `PROTOCOL.md` is the normative text.
 */
import type { Role } from './ids.ts'

/** First byte of a frame (a varuint below 128). */
export const MESSAGE = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  durable: 100,
  notice: 101,
  hello: 102,
} as const

/** Second byte of a `sync` frame. */
export const SYNC = { step1: 0, step2: 1, update: 2 } as const

export type Message =
  /** "This is what I hold": a Yjs state vector, opaque here. Asks for a step 2. */
  | { readonly kind: 'sync-step-1'; readonly stateVector: Uint8Array }
  /** The answer to a step 1: a Yjs update (V1), opaque here. */
  | { readonly kind: 'sync-step-2'; readonly update: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  /** A y-protocols awareness update, opaque here; see `awareness.ts`. */
  | { readonly kind: 'awareness'; readonly update: Uint8Array }
  | { readonly kind: 'permission-denied'; readonly reason: string }
  | { readonly kind: 'query-awareness' }
  /** Server to client: the first `count` step-2 and update messages of this socket are on disk. */
  | { readonly kind: 'durable'; readonly count: number }
  | { readonly kind: 'notice'; readonly notice: Notice | UnknownNotice }
  | { readonly kind: 'hello'; readonly hello: Hello }

export type StorageState = 'ok' | 'full' | 'unavailable'

/** What the server wants a person, or a status line, to know. */
export type Notice =
  | { readonly kind: 'read-only' }
  | { readonly kind: 'storage'; readonly state: StorageState; readonly message: string }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'limit'; readonly message: string }
  | { readonly kind: 'renamed'; readonly title: string }

/** A notice of a newer server: ignored, never an error. */
export interface UnknownNotice {
  readonly kind: 'unknown'
  readonly name: string
}

/** The first thing a `weft.1` client is sent. */
export interface Hello {
  readonly protocol: number
  /** Version of the document schema the server guards; 0 for a document without one. */
  readonly schema: number
  readonly role: Role
  readonly principal: string
  /** Changes when the server's history may have moved back, after a restore. */
  readonly epoch: string
  /** The document's last committed sequence at the time of opening. */
  readonly seq: number
  /** Nothing this session writes will be stored. */
  readonly readOnly: boolean
  readonly title: string
}
