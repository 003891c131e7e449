export { type AwarenessEntry, decodeAwarenessEntries, encodeAwarenessEntries } from './awareness.ts'
export { CLOSE, type CloseCode, isPermanentClose } from './close-codes.ts'
export { decodeMessage } from './decode.ts'
export {
  encodeAwareness,
  encodeDurable,
  encodeHello,
  encodeNotice,
  encodePermissionDenied,
  encodeQueryAwareness,
  encodeSyncStep1,
  encodeSyncStep2,
  encodeUpdate,
} from './encode.ts'
export { ProtocolError, type ProtocolErrorCode } from './error.ts'
export {
  isDocumentId,
  MAX_DOCUMENT_ID_LENGTH,
  mayWrite,
  PROTOCOL_VERSION,
  ROLES,
  type Role,
  SCHEMA_PARAMETER,
  SUBPROTOCOL,
} from './ids.ts'
export { LIMITS, type Limits } from './limits.ts'
export { cleanLine } from './line.ts'
export {
  type Hello,
  MESSAGE,
  type Message,
  type Notice,
  type StorageState,
  SYNC,
  type UnknownNotice,
} from './message.ts'
export { MAX_NESTING, nestsTooDeep } from './nesting.ts'
export { Reader } from './reader.ts'
