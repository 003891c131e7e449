/**
 * What may be said about the user's own edits: saved, on the way, on this device only, or in danger.
 *
 * One reducer over what has happened, and one view of it; nothing else decides what the status pill says.
 * It keeps three promises, each a property in the tests:
 * - `saved` only when everything typed here is on the server's disk: covered by a message that was sent after
 *   the server's step 1 and our step 2 on its connection, and that the server called durable.
 * - `on-device` only when the IndexedDB transactions of all edits that wait have completed.
 * - `leavingLoses` is true exactly when an edit is in neither place.
 *
 * Edits are numbered from 1 in the order they were made on this page. Times are whole milliseconds of one
 * monotonic clock and come with every event: the reducer has no clock.
 */

/** Below this an edit on its way is not worth a word; also how long after a keystroke "Saved" and "On this device"
 * stay away, so that the pill does not flicker with every key. */
export const QUIET_MS = 400

/** A connection, or a local copy, that has confirmed nothing for this long is called silent. */
export const SILENT_MS = 5_000

/** Why edits wait, or why the document is not live. */
export type WaitReason =
  | 'connecting'
  | 'unreachable'
  | 'restarting'
  | 'overloaded'
  | 'server-storage'
  | 'signed-out'
  | 'server-fault'
  | 'disconnected'
  | 'no-answer'

/** Why waiting will not help, or must not be relied on. */
export type NotSavedReason =
  | 'storage-full'
  | 'storage-unavailable'
  | 'read-only'
  | 'role'
  | 'no-answer'
  | 'server-never-confirms'
  | 'not-kept'

/** What the person can do about it. */
export type SaveAction = 'keep-open' | 'copy-text' | 'tell-administrator' | 'reload' | 'sign-in'

/** `off`: none was asked for. `failed`: edits made now are not kept on this device. */
export type CopyState =
  | { readonly kind: 'off' | 'loading' | 'working' }
  | { readonly kind: 'failed'; readonly reason: CopyFailure }

export type CopyFailure = 'unavailable' | 'full' | 'broken'

export interface Refusal {
  /** A permanent close code, see `CLOSE` of the protocol. */
  readonly code: number
  /** The server's own words; may be empty. */
  readonly words: string
}

export type SaveState =
  /** Nothing to show yet: neither the local copy nor the server has given the document. */
  | { readonly kind: 'loading'; readonly unreachable: boolean }
  /** Everything typed here is on the server's disk; true also while the connection is away. */
  | { readonly kind: 'saved'; readonly connected: boolean; readonly copy: CopyState }
  /** On its way: to the server, or while it is away to the local copy. `shown` is false for the first `QUIET_MS`;
   * `sinceMs` is a time, not a length. */
  | {
      readonly kind: 'saving'
      readonly to: 'server' | 'device'
      readonly shown: boolean
      readonly sinceMs: number
    }
  /** `edits` wait for the server, and the local copy has them all. */
  | { readonly kind: 'on-device'; readonly edits: number; readonly reason: WaitReason }
  /** `kept`: at least the local copy has them all. */
  | {
      readonly kind: 'not-saved'
      readonly edits: number
      readonly reason: NotSavedReason
      readonly kept: boolean
      readonly action: SaveAction
    }
  /** The server closed for good; no further attempt is made by itself. */
  | {
      readonly kind: 'refused'
      readonly refusal: Refusal
      readonly edits: number
      readonly kept: boolean
      readonly action: SaveAction
    }

/** Through `message` on this connection, everything up to these edits has been sent. */
interface Mark {
  readonly message: number
  readonly typed: number
  readonly found: number
  readonly atMs: number
}

type Link =
  | { readonly kind: 'down'; readonly reason: WaitReason }
  | {
      readonly kind: 'open'
      readonly confirms: boolean
      /** What has happened on it, in this order; only marks made once answered may confirm anything. */
      readonly phase: 'opened' | 'asked' | 'answered'
      readonly answeredAtMs: number
      readonly marks: readonly Mark[]
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export interface SaveModel {
  readonly nowMs: number
  readonly startedAtMs: number
  readonly link: Link
  /** Where the document that can be shown came from first; undefined until there is one. */
  readonly loaded: 'local-copy' | 'server' | undefined
  /** Edits made on this page; how many of them, in order, are in the local copy, and on the server's disk. */
  readonly typed: number
  readonly kept: number
  readonly confirmed: number
  /** Edits of earlier pages that the local copy still held for the server, and how many of them it now has. */
  readonly found: number
  readonly foundConfirmed: number
  readonly lastEditMs: number | undefined
  readonly waitingSinceMs: number
  readonly unkeptSinceMs: number
  readonly copy: CopyState
  readonly storage: 'ok' | 'full' | 'unavailable'
  /** Why the server would not take this session's writes. */
  readonly barred: 'read-only' | 'role' | undefined
}

export type SaveEvent = { readonly atMs: number } & SaveHappening

export type SaveHappening =
  /** `confirms`: the server took the subprotocol, so it will say what is durable. */
  | { readonly kind: 'opened'; readonly confirms: boolean }
  /** The server's step 1 was seen. */
  | { readonly kind: 'asked' }
  /**
   * The `message`-th step-2 or update message of this connection, from 1, was handed to the socket. It and those before it
   * hold the first `edits` made on this page: one made since may wait for its frame.
   */
  | { readonly kind: 'sent'; readonly message: number; readonly step2: boolean; readonly edits: number }
  | { readonly kind: 'durable'; readonly count: number }
  /** The server's step 2 was applied: the document is whole. */
  | { readonly kind: 'synced' }
  | { readonly kind: 'closed'; readonly reason: WaitReason }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** What it once confirmed may be gone: it was restored from a backup. Comes before anything of this
   * connection is durable, because the hello that tells it comes first. */
  | { readonly kind: 'server-went-back' }
  | { readonly kind: 'edited' }
  /** `waiting` edits of earlier pages were added to this document. `found`: the copy held a document. */
  | { readonly kind: 'copy-loaded'; readonly found: boolean; readonly waiting: number }
  /** The transaction that holds edit `through` has completed. */
  | { readonly kind: 'copy-kept'; readonly through: number }
  /** What the copy held is gone; it is about to be written again. */
  | { readonly kind: 'copy-lost' }
  | { readonly kind: 'copy-failed'; readonly reason: CopyFailure }
  | { readonly kind: 'storage'; readonly state: 'ok' | 'full' | 'unavailable' }
  | { readonly kind: 'barred'; readonly why: 'read-only' | 'role' | undefined }
  | { readonly kind: 'tick' }

export function initialSaveModel(atMs: number, copy: 'off' | 'loading'): SaveModel {
  return {
    nowMs: atMs,
    startedAtMs: atMs,
    link: { kind: 'down', reason: 'connecting' },
    loaded: undefined,
    typed: 0,
    kept: 0,
    confirmed: 0,
    found: 0,
    foundConfirmed: 0,
    lastEditMs: undefined,
    waitingSinceMs: atMs,
    unkeptSinceMs: atMs,
    copy: { kind: copy },
    storage: 'ok',
    barred: undefined,
  }
}

export function reduceSave(before: SaveModel, event: SaveEvent): SaveModel {
  const model = { ...before, nowMs: event.atMs }
  switch (event.kind) {
    case 'opened':
      return {
        ...model,
        storage: 'ok',
        barred: undefined,
        link: { kind: 'open', confirms: event.confirms, phase: 'opened', answeredAtMs: 0, marks: [] },
      }
    case 'asked':
      if (model.link.kind !== 'open' || model.link.phase !== 'opened') return model
      return { ...model, link: { ...model.link, phase: 'asked' } }
    case 'sent':
      return afterSending(model, event)
    case 'durable':
      return afterDurable(model, event.count)
    case 'synced':
      return { ...model, loaded: model.loaded ?? 'server' }
    case 'closed':
      return model.link.kind === 'refused'
        ? model
        : { ...model, link: { kind: 'down', reason: event.reason } }
    case 'refused':
      return { ...model, link: { kind: 'refused', refusal: event.refusal } }
    case 'server-went-back':
      return {
        ...model,
        confirmed: 0,
        foundConfirmed: 0,
        waitingSinceMs: waitingEdits(model) > 0 ? model.waitingSinceMs : event.atMs,
        // The marks stay: this connection's handshake already speaks with the history that is there now.
      }
    case 'edited':
      return {
        ...model,
        typed: model.typed + 1,
        lastEditMs: event.atMs,
        waitingSinceMs: waitingEdits(model) > 0 ? model.waitingSinceMs : event.atMs,
        unkeptSinceMs: model.kept < model.typed ? model.unkeptSinceMs : event.atMs,
      }
    case 'copy-loaded':
      return {
        ...model,
        loaded: model.loaded ?? (event.found ? 'local-copy' : undefined),
        found: model.found + event.waiting,
        waitingSinceMs: waitingEdits(model) > 0 ? model.waitingSinceMs : event.atMs,
        copy: model.copy.kind === 'failed' ? model.copy : { kind: 'working' },
      }
    case 'copy-kept':
      return {
        ...model,
        kept: Math.max(model.kept, Math.min(event.through, model.typed)),
        unkeptSinceMs: event.atMs,
        copy: { kind: 'working' },
      }
    case 'copy-lost':
      return {
        ...model,
        kept: 0,
        unkeptSinceMs: leavingLoses(model) ? model.unkeptSinceMs : event.atMs,
      }
    case 'copy-failed':
      return { ...model, copy: { kind: 'failed', reason: event.reason } }
    case 'storage':
      return { ...model, storage: event.state }
    case 'barred':
      return { ...model, barred: event.why }
    case 'tick':
      return model
  }
}

function afterSending(
  model: SaveModel,
  { message, step2, edits }: Extract<SaveHappening, { kind: 'sent' }>,
): SaveModel {
  const { link } = model
  if (link.kind !== 'open' || link.phase === 'opened' || (link.phase === 'asked' && !step2)) return model
  const mark = { message, typed: edits, found: model.found, atMs: model.nowMs }
  const last = link.marks.at(-1)
  // What was sent in one millisecond is confirmed together: a loop of a hundred thousand edits stays cheap.
  const earlier = last?.atMs === model.nowMs ? link.marks.slice(0, -1) : link.marks
  return {
    ...model,
    link: {
      ...link,
      phase: 'answered',
      answeredAtMs: link.phase === 'answered' ? link.answeredAtMs : model.nowMs,
      marks: [...earlier, mark],
    },
  }
}

function afterDurable(model: SaveModel, count: number): SaveModel {
  const { link } = model
  if (link.kind !== 'open') return model
  const covered = link.marks.findLast((mark) => mark.message <= count)
  if (covered === undefined) return model
  const marks = link.marks.filter((mark) => mark.message > count)
  return {
    ...model,
    confirmed: Math.max(model.confirmed, covered.typed),
    foundConfirmed: Math.max(model.foundConfirmed, covered.found),
    waitingSinceMs: marks[0]?.atMs ?? model.nowMs,
    link: { ...link, marks },
  }
}

/** Edits that the server has not called durable: of this page, and found in the local copy. */
export function waitingEdits(model: SaveModel): number {
  return model.typed - model.confirmed + (model.found - model.foundConfirmed)
}

/** Closing the page now would lose something: an edit is neither on the server's disk nor on this device. */
export function leavingLoses(model: SaveModel): boolean {
  return model.typed > Math.max(model.kept, model.confirmed)
}

export function viewSave(model: SaveModel): SaveState {
  const { link, nowMs } = model
  const edits = waitingEdits(model)
  const kept = !leavingLoses(model)
  if (link.kind === 'refused') {
    const action = edits > 0 ? 'copy-text' : actionForRefusal(link.refusal.code)
    return { kind: 'refused', refusal: link.refusal, edits, kept, action }
  }
  if (edits === 0) return viewNothingWaiting(model)
  const notSaved = (reason: NotSavedReason, action: SaveAction): SaveState => ({
    kind: 'not-saved',
    edits,
    reason,
    kept,
    action,
  })
  if (model.barred !== undefined) return notSaved(model.barred, 'copy-text')
  if (link.kind === 'open' && model.storage === 'full') return notSaved('storage-full', 'tell-administrator')
  if (link.kind === 'open' && model.storage === 'unavailable')
    return notSaved('storage-unavailable', 'tell-administrator')

  const shown = nowMs - model.waitingSinceMs >= QUIET_MS
  const saving: SaveState = { kind: 'saving', to: 'server', shown, sinceMs: model.waitingSinceMs }
  if (!shown) return saving
  if (link.kind === 'open' && link.phase === 'answered') {
    if (!link.confirms) return notSaved('server-never-confirms', 'tell-administrator')
    if (nowMs - Math.max(model.waitingSinceMs, link.answeredAtMs) < SILENT_MS) return saving
    return viewOnDevice(model, 'no-answer') ?? notSaved('no-answer', 'keep-open')
  }
  const reason = link.kind === 'open' ? 'connecting' : link.reason
  return viewOnDevice(model, reason) ?? notSaved('not-kept', 'keep-open')
}

function viewNothingWaiting(model: SaveModel): SaveState {
  const { link, nowMs, lastEditMs } = model
  if (model.loaded === undefined) {
    return { kind: 'loading', unreachable: link.kind === 'down' && nowMs - model.startedAtMs >= SILENT_MS }
  }
  if (lastEditMs !== undefined && nowMs - lastEditMs < QUIET_MS)
    return { kind: 'saving', to: 'server', shown: false, sinceMs: lastEditMs }
  const connected = link.kind === 'open' && link.phase === 'answered'
  return { kind: 'saved', connected, copy: model.copy }
}

/** While the server is away. @returns undefined when the local copy cannot be relied on either. */
function viewOnDevice(model: SaveModel, reason: WaitReason): SaveState | undefined {
  const { nowMs, lastEditMs, waitingSinceMs: sinceMs } = model
  const kept = !leavingLoses(model)
  const unkeptForMs = kept ? 0 : nowMs - model.unkeptSinceMs
  const copyWrites = model.copy.kind === 'working' || model.copy.kind === 'loading'
  if (!kept && !(copyWrites && unkeptForMs < SILENT_MS)) return undefined
  // While somebody types, the newest keystroke is always still being written: no count would be true of all.
  if (!kept || (lastEditMs !== undefined && nowMs - lastEditMs < QUIET_MS))
    return { kind: 'saving', to: 'device', shown: unkeptForMs >= QUIET_MS, sinceMs }
  return { kind: 'on-device', edits: waitingEdits(model), reason }
}

function actionForRefusal(code: number): SaveAction {
  if (code === 4401) return 'sign-in'
  return code === 4426 || code === 4409 ? 'reload' : 'tell-administrator'
}

/** When the view may change by time alone, on the model's clock; undefined when only an event can change it. */
export function nextTickMs(model: SaveModel): number | undefined {
  const moments = [model.startedAtMs + SILENT_MS]
  if (model.lastEditMs !== undefined) moments.push(model.lastEditMs + QUIET_MS)
  if (waitingEdits(model) > 0) {
    moments.push(model.waitingSinceMs + QUIET_MS)
    if (model.link.kind === 'open')
      moments.push(Math.max(model.waitingSinceMs, model.link.answeredAtMs) + SILENT_MS)
    if (leavingLoses(model)) moments.push(model.unkeptSinceMs + QUIET_MS, model.unkeptSinceMs + SILENT_MS)
  }
  const coming = moments.filter((moment) => moment > model.nowMs)
  return coming.length > 0 ? Math.min(...coming) : undefined
}
