export { type LogSizes, shouldCompact } from './compaction-policy.ts'
export {
  backUp,
  type PreparedRestore,
  prepareRestore,
  type RestoreOptions,
  stamp,
} from './drivers/sqlite/backup.ts'
export type { Damage, DamagedPart, InspectedDocument } from './drivers/sqlite/inspect-document.ts'
export type { Inspector } from './drivers/sqlite/inspector.ts'
export { StoreError, type StoreErrorCode } from './error.ts'
export {
  databaseFile,
  openInspector,
  openStore,
  type StoreLocation,
  type StoreOptions,
} from './open-store.ts'
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
