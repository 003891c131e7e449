export { type LogSizes, shouldCompact } from './compaction-policy.ts'
export { StoreError, type StoreErrorCode } from './error.ts'
export { openStore, type StoreLocation, type StoreOptions } from './open-store.ts'
export type {
  DocumentInfo,
  DocumentKind,
  DocumentQuery,
  DocumentStore,
  NewUpdate,
  Sequence,
  Snapshot,
  StoredDocument,
  StoredUpdate,
} from './store.ts'
