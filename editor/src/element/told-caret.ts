/**
 * What others are told of the caret here: where it is, when they do not find it by what this person types.
 *
 * Rule: told at most once a frame, after it is drawn when this person has it drawn, and only while this person is in the text.
 */
import type { WeftCore } from '../core.ts'
import { type Moment, Planned } from '../ui/planned.ts'
import { selectionOf } from './bind-text.ts'
import type { RelativeSelection } from './presence.ts'
import type { Session } from './session.ts'
import { isBehindOwnWriting, isFoundFrom } from './typing-caret.ts'

export interface ToldCaretOptions {
  readonly core: WeftCore
  readonly session: Session
  readonly content: HTMLElement
}

export class ToldCaret {
  readonly #options: ToldCaretOptions
  /** As it was sent, and as it is. */
  #sent = ''
  #told: RelativeSelection | undefined
  readonly #planned = new Planned(() => this.#tell())

  constructor(options: ToldCaretOptions) {
    this.#options = options
  }

  /** The caret, or what it stands in, may have changed. */
  refresh(moment: Moment = 'after-frame'): void {
    this.#planned.plan(moment)
  }

  close(): void {
    this.#planned.cancel()
  }

  #tell(): void {
    const { core, session, content } = this.#options
    const { awareness, doc } = session
    const cursor = content.isContentEditable ? selectionOf(core) : undefined
    if (awareness.getLocalState() === null || isFoundFrom(doc, this.#told, cursor)) return
    const told: RelativeSelection | undefined =
      cursor !== undefined && isBehindOwnWriting(doc, cursor) ? { ...cursor, follows: true } : cursor
    const state = told === undefined ? 'null' : JSON.stringify(told, withoutNulls)
    if (state === this.#sent) return
    this.#sent = state
    this.#told = told
    // As data, so that no Yjs object of ours hangs in a state that is compared and sent.
    awareness.setLocalStateField('cursor', JSON.parse(state))
  }
}

/** What Yjs' own relative positions leave out, too: sent at every key, to everybody. */
const withoutNulls = (_: string, value: unknown): unknown => value ?? undefined
