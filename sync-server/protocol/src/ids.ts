/**
 * Names that travel: document ids, roles, the subprotocol.
 */

/** Offered by clients that understand `durable`, `notice` and `hello`; nobody else is sent them. */
export const SUBPROTOCOL = 'weft.1'

/** In the query of the address: the version of the document schema that a client knows, when it knows one. */
export const SCHEMA_PARAMETER = 'schema'

/** Of the messages in `PROTOCOL.md`; raised only when an older client could misread a newer server. */
export const PROTOCOL_VERSION = 1

/** Longest document id, in characters: fits a URL segment and a file name with room for a suffix. */
export const MAX_DOCUMENT_ID_LENGTH = 128

const documentId = /^[A-Za-z0-9_-]{1,128}$/

/** Whether `text` may name a document: 1 to 128 characters of `A-Z a-z 0-9 _ -`. */
export function isDocumentId(text: string): boolean {
  return documentId.test(text)
}

/** What a session may do, weakest first; each includes the ones before it. */
export const ROLES = ['view', 'comment', 'edit', 'own'] as const

export type Role = (typeof ROLES)[number]

/** Whether `role` may change a document's content. */
export function mayWrite(role: Role): boolean {
  return role === 'edit' || role === 'own'
}
