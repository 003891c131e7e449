/** Who came, for which document, and the socket they came on: what `upgrade.ts` hands to a session. */
import type { Role } from '@weft/protocol'
import type { WebSocket } from 'ws'
import type { OutletSocket } from './outlet.ts'

export interface Arrival {
  readonly documentId: string
  /** As `access/principal.ts` says: the word itself tells whether anybody vouched for it. */
  readonly principal: string
  readonly role: Role
  /** Speaks `weft.1`: may be sent hello, durable and notice. */
  readonly weft: boolean
  /** Version of the document schema that the client knows; undefined when it said nothing. */
  readonly schema: number | undefined
  readonly address: string
}

/** The part of a `ws` WebSocket that is used. */
export interface SessionSocket
  extends OutletSocket,
    Pick<WebSocket, 'close' | 'terminate' | 'ping' | 'pause' | 'resume' | 'on'> {
  /** What is sent until `uncork` may leave together. */
  cork?(): void
  uncork?(): void
}
