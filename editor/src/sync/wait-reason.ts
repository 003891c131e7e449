/** What it says to people who wait that the server has closed with this code (pure). */
import { CLOSE } from '@weft/protocol'
import type { WaitReason } from './save-state.ts'

export function waitReason(code: number): WaitReason {
  switch (code) {
    case CLOSE.draining:
      return 'restarting'
    case CLOSE.overloaded:
    case CLOSE.rateLimited:
      return 'overloaded'
    case CLOSE.storeUnavailable:
      return 'server-storage'
    case CLOSE.expired:
      return 'signed-out'
    case CLOSE.internal:
      return 'server-fault'
    default:
      return 'unreachable'
  }
}
