/** What a room needs of a session, so that rooms know nothing of sockets. */
import type { Notice } from '@weft/protocol'

export interface Member {
  /** Different for every session of the process. */
  readonly id: number
  readonly principal: string
  /** Version of the schema that its client knows; undefined when it did not say. */
  readonly schema: number | undefined
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
  /** The document now holds what its client might misread. */
  outgrown(): void
  close(code: number, reason: string): void
}
