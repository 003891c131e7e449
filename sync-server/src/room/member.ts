/** What a room needs of a session, so that rooms know nothing of sockets. */
import type { Notice } from '@weft/protocol'

export interface Member {
  /** Different for every session of the process. */
  readonly id: number
  readonly principal: string
  /** The log has grown: take what is new, and what that acknowledges. */
  advance(): void
  /** More is known than before: ask again for what was missing. */
  learn(): void
  /** Who is here has changed. */
  deliverPresence(frame: Uint8Array): void
  /** Nothing of what this session offered while the store was behind was kept: ask for it. */
  askAgain(): void
  /** Reaches `weft.1` clients only. */
  notify(notice: Notice): void
  close(code: number, reason: string): void
}
