export type { ConnectionInfo, ConnectionStatus } from './connection-info.ts'
export type { SocketConstructor, SocketLike } from './counting-socket.ts'
export { SyncError, type SyncErrorCode } from './error.ts'
export { LocalCopy, type LocalCopyOptions } from './local-copy.ts'
export { WeftProvider, type WeftProviderOptions } from './provider.ts'
export type { CopyState, NotSavedReason, Refusal, SaveAction, SaveState, WaitReason } from './save-state.ts'
export {
  describeSaveState,
  ENGLISH_SAVE_STRINGS,
  type SaveDescription,
  type SaveIcon,
  type SaveStrings,
  type SaveTone,
} from './save-state-text.ts'
