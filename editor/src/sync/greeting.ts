/**
 * What the server says of this session, in its hello and in notices: what it means for saving, and what is then known
 * (pure).
 */
import { type Hello, mayWrite, type Notice } from '@weft/protocol'
import type { SaveHappening } from './save-state.ts'

/** Why this page may not write. */
export function barredBy({
  role,
  readOnly,
}: Pick<Hello, 'role' | 'readOnly'>): 'role' | 'read-only' | undefined {
  if (!mayWrite(role)) return 'role'
  return readOnly ? 'read-only' : undefined
}

/** Whether the server shows an earlier state than it did before: it was restored. */
export function isEarlier(hello: Hello, before: Hello): boolean {
  return before.epoch !== hello.epoch || before.seq > hello.seq
}

/** What is known of the session after a notice. */
export function updated(hello: Hello, notice: Notice): Hello {
  if (notice.kind === 'role') return { ...hello, role: notice.role, readOnly: !mayWrite(notice.role) }
  return notice.kind === 'renamed' ? { ...hello, title: notice.title } : hello
}

/** What a notice means for saving; undefined for nothing. */
export function meaningOf(notice: Notice): SaveHappening | undefined {
  switch (notice.kind) {
    case 'storage':
      return { kind: 'storage', state: notice.state }
    case 'read-only':
      return { kind: 'barred', why: 'read-only' }
    case 'role':
      return { kind: 'barred', why: barredBy({ role: notice.role, readOnly: false }) }
    case 'renamed':
    case 'limit':
      return undefined
  }
}
