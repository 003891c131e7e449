/**
 * The words of the status pill. Everything a translation needs is in one table; nothing here decides anything.
 */
import { CLOSE } from '@weft/protocol'
import type { CopyState, NotSavedReason, Refusal, SaveAction, SaveState, WaitReason } from './save-state.ts'

export type SaveIcon = 'hourglass' | 'check' | 'dot' | 'arrows' | 'device' | 'alert' | 'blocked'

/** `quiet`: not announced to screen readers, drawn without colour. */
export type SaveTone = 'quiet' | 'saved' | 'warning' | 'danger'

export interface SaveDescription {
  readonly icon: SaveIcon
  /** A few words for the pill. */
  readonly label: string
  /** One or two sentences for the panel: what is true, and what to do; may be empty. */
  readonly detail: string
  readonly tone: SaveTone
}

export interface SaveStrings {
  readonly loading: string
  readonly loadingUnreachable: string
  readonly saved: string
  readonly savedDetail: string
  readonly savedOffline: string
  readonly notKeptHere: string
  readonly editing: string
  readonly saving: string
  readonly savingDetail: string
  readonly keeping: string
  readonly keepingDetail: string
  readonly onDevice: (edits: number) => string
  readonly onDeviceDetail: string
  readonly notSaved: string
  readonly keptAnyway: string
  readonly keptNowhere: string
  readonly wait: Readonly<Record<WaitReason, string>>
  readonly reasons: Readonly<Record<NotSavedReason, { readonly short: string; readonly long: string }>>
  readonly actions: Readonly<Record<SaveAction, string>>
  /** By close code; `0` is any other. */
  readonly refusals: ReadonlyMap<number, { readonly short: string; readonly long: string }>
}

export const ENGLISH_SAVE_STRINGS: SaveStrings = {
  loading: 'Opening…',
  loadingUnreachable: 'The server cannot be reached. Trying again.',
  saved: 'Saved',
  savedDetail: 'Everything you typed is on the server’s disk.',
  savedOffline: 'Not connected: what others write appears once the connection is back. Trying again.',
  notKeptHere:
    'This browser keeps no copy of the document, so edits made without a connection would be lost.',
  editing: 'Editing',
  saving: 'Saving…',
  savingDetail: 'On the way to the server’s disk.',
  keeping: 'Keeping on this device…',
  keepingDetail:
    'The server has not confirmed your last edits; they are still being written into this browser’s copy.',
  onDevice: (edits) => `On this device, ${edits} ${edits === 1 ? 'edit' : 'edits'} waiting`,
  onDeviceDetail: 'They are kept in this browser, also when you close the page, and are sent by themselves.',
  notSaved: 'Not saved',
  keptAnyway: 'Your edits are kept in this browser.',
  keptNowhere: 'They are nowhere but on this page.',
  wait: {
    connecting: 'Connecting to the server.',
    unreachable: 'The server cannot be reached.',
    restarting: 'The server is restarting.',
    overloaded: 'The server has too much to do.',
    'server-storage': 'The server cannot reach its storage.',
    'signed-out': 'Your sign-in has expired.',
    'server-fault': 'The server had a fault.',
    disconnected: 'The connection was switched off.',
    'no-answer': 'The server does not answer.',
  },
  reasons: {
    'storage-full': { short: 'server storage full', long: 'The server’s disk is full.' },
    'storage-unavailable': {
      short: 'server storage unavailable',
      long: 'The server cannot write to its storage.',
    },
    'read-only': { short: 'read-only', long: 'This document takes no changes at the moment.' },
    role: { short: 'you may not edit', long: 'You may read this document, but not change it.' },
    'no-answer': { short: 'no answer', long: 'The server does not answer.' },
    'server-never-confirms': {
      short: 'server gives no confirmation',
      long: 'The server does not say what it has stored, so nobody can know.',
    },
    'not-kept': {
      short: 'no connection',
      long: 'The server cannot be reached, and this browser cannot keep a copy.',
    },
  },
  actions: {
    'keep-open': 'Keep this page open until the connection is back.',
    'copy-text': 'Copy what you wrote before you leave this page.',
    'tell-administrator': 'Tell whoever runs this server.',
    reload: 'Reload the page.',
    'sign-in': 'Sign in, then reload the page.',
  },
  refusals: new Map([
    [CLOSE.malformed, { short: 'not understood', long: 'The server did not understand this page.' }],
    [CLOSE.unauthenticated, { short: 'sign in', long: 'The server does not know who you are.' }],
    [CLOSE.forbidden, { short: 'no access', long: 'You have no access to this document, or no longer.' }],
    [
      CLOSE.deleted,
      { short: 'in the trash or deleted', long: 'This document is in the trash or was deleted.' },
    ],
    [
      CLOSE.foreignClient,
      { short: 'opened twice', long: 'Somebody else already writes under this page’s number.' },
    ],
    [CLOSE.tooLarge, { short: 'too large', long: 'The document has reached the largest size allowed.' }],
    [CLOSE.schema, { short: 'not allowed here', long: 'The document holds something this server refuses.' }],
    [CLOSE.clientTooOld, { short: 'reload', long: 'This page is older than the document.' }],
    [0, { short: 'refused', long: 'The server refused the connection for good.' }],
  ]),
}

export function describeSaveState(
  state: SaveState,
  strings: SaveStrings = ENGLISH_SAVE_STRINGS,
): SaveDescription {
  switch (state.kind) {
    case 'loading': {
      const detail = state.unreachable ? strings.loadingUnreachable : ''
      return { icon: 'hourglass', label: strings.loading, detail, tone: 'quiet' }
    }
    case 'saved': {
      const detail = sentences(
        strings.savedDetail,
        state.connected ? '' : strings.savedOffline,
        keepsNothing(state.copy) ? strings.notKeptHere : '',
      )
      return { icon: 'check', label: strings.saved, detail, tone: 'saved' }
    }
    case 'saving':
      if (!state.shown) return { icon: 'dot', label: strings.editing, detail: '', tone: 'quiet' }
      return state.to === 'server'
        ? { icon: 'arrows', label: strings.saving, detail: strings.savingDetail, tone: 'quiet' }
        : { icon: 'arrows', label: strings.keeping, detail: strings.keepingDetail, tone: 'warning' }
    case 'on-device': {
      const detail = sentences(strings.wait[state.reason], strings.onDeviceDetail)
      return { icon: 'device', label: strings.onDevice(state.edits), detail, tone: 'warning' }
    }
    case 'not-saved': {
      const reason = strings.reasons[state.reason]
      const detail = sentences(reason.long, where(state, strings), strings.actions[state.action])
      return { icon: 'alert', label: `${strings.notSaved}: ${reason.short}`, detail, tone: 'danger' }
    }
    case 'refused': {
      const reason = refusalText(state.refusal, strings)
      const detail = sentences(
        reason.long,
        state.edits > 0 ? where(state, strings) : '',
        strings.actions[state.action],
      )
      // "Not saved" only when something is not.
      const label = state.edits > 0 ? `${strings.notSaved}: ${reason.short}` : reason.long.replace(/\.$/, '')
      return { icon: 'blocked', label, detail, tone: 'danger' }
    }
  }
}

function refusalText(refusal: Refusal, strings: SaveStrings): { short: string; long: string } {
  const found = strings.refusals.get(refusal.code) ?? strings.refusals.get(0)
  return found ?? { short: refusal.words, long: refusal.words }
}

function where(state: { readonly kept: boolean }, strings: SaveStrings): string {
  return state.kept ? strings.keptAnyway : strings.keptNowhere
}

function keepsNothing(copy: CopyState): boolean {
  return copy.kind === 'failed'
}

function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}
