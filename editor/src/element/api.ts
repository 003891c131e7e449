/**
 * What `<weft-editor>`, `<weft-status>` and `<weft-presence>` offer to a page: names, shapes, events.
 *
 * Rule: everything here is plain data and stays stable; nothing of Lexical, Yjs, Lit or the provider leaks through.
 * Importing `@weft/editor/element` defines the three tags; on a server it does nothing.
 */

/**
 * Everything `exec` and `can` take. Arguments: `link` needs an address, and removes the link without one; `numbered-list`
 * takes the number to start again with, `code-block` the language, `callout` its kind, `callout-sign` an emoji (none gives it
 * its kind's own sign), `start-numbers` a number and asks for it without one, `table` its size as `rows x columns`
 * (`3x3` when left out), `color` and `highlight` a colour's name, and take the colour away without one; `image`, `file` and
 * `embed` take an address, `equation` and `inline-equation` LaTeX, `date` a day, `mention` a name, and ask for it without
 * one; `edit-object` asks for what is selected.
 */
export const COMMANDS = [
  'paragraph',
  'heading-1',
  'heading-2',
  'heading-3',
  'heading-4',
  'bullet-list',
  'numbered-list',
  'check-list',
  'quote',
  'callout',
  'toggle',
  'callout-sign',
  'code-block',
  'restart-numbers',
  'continue-numbers',
  'start-numbers',
  'divider',
  'columns-2',
  'columns-3',
  'table',
  'image',
  'file',
  'equation',
  'embed',
  'inline-equation',
  'date',
  'mention',
  'edit-object',
  'bold',
  'italic',
  'underline',
  'strike',
  'code',
  'link',
  'color',
  'highlight',
  'clear-format',
  'indent',
  'outdent',
  'toggle-check',
  'toggle-open',
  'move-up',
  'move-down',
  'beside-above',
  'out-of-columns',
  'row-above',
  'row-below',
  'move-row-up',
  'move-row-down',
  'delete-row',
  'column-before',
  'column-after',
  'move-column-left',
  'move-column-right',
  'delete-column',
  'header-row',
  'header-column',
  'delete-table',
  'undo',
  'redo',
] as const

export type CommandName = (typeof COMMANDS)[number]

export type EditorMode = 'edit' | 'view'

/** `auto`: at the top, or at the bottom of a window narrower than 720 px, where the thumb is. */
export type ToolbarPlacement = 'auto' | 'top' | 'bottom' | 'floating' | 'none'

export type ThemeChoice = 'auto' | 'light' | 'dark'

/** Who writes here. What is left out is taken from this browser's stored guest. */
export interface WeftUser {
  /** Stable for life: the colour hangs on it. */
  readonly id?: string
  /** At most 80 characters are shown. */
  readonly name?: string
  /** A CSS colour with at least 4.5:1 against white; else the palette's colour for `id`. */
  readonly color?: string
}

/** Somebody in the document now, one entry for each open window. */
export interface Person {
  /** Of the window, not of the person. */
  readonly clientId: number
  readonly id: string
  readonly name: string
  readonly color: string
  /** Nothing moved for a minute, or the window is in the background. */
  readonly idle: boolean
  readonly self: boolean
}

export type EditorRole = 'view' | 'comment' | 'edit' | 'own'

/** What the server said about this document on connecting. Absent with `local`. */
export interface DocumentFacts {
  readonly title: string
  readonly role: EditorRole
  readonly readOnly: boolean
}

/** Where the document on the screen came from. */
export interface ReadyDetail {
  readonly from: 'server' | 'local-copy' | 'nothing'
}

export interface ChangeDetail {
  /** `local`: the person here typed, pasted or undid; `remote`: anybody or anything else. */
  readonly source: 'local' | 'remote'
}

/** Where the words on this screen are kept, in a word for the page and in sentences for the person. */
export interface SaveStatus {
  /**
   * `loading`: nothing to show yet. `saved`: everything typed here is on the server's disk. `saving`: on its way.
   * `on-device`: kept by this browser, sent by itself later. `not-saved`: neither. `refused`: the server closed for
   * good. `local`: there is no server, by the page's own wish.
   */
  readonly kind: 'loading' | 'saved' | 'saving' | 'on-device' | 'not-saved' | 'refused' | 'local'
  /** A few words, as the status pill shows them. */
  readonly label: string
  /** One or two sentences: what is true and what to do; may be empty. */
  readonly detail: string
  readonly tone: 'quiet' | 'saved' | 'warning' | 'danger'
  /** Closing the page now would lose something typed. */
  readonly leavingLoses: boolean
}

export interface StatusDetail {
  readonly status: SaveStatus
}

export interface PresenceDetail {
  /** Self first, then in an order that stays while the same people are here. */
  readonly people: readonly Person[]
}

/** Closed; codes are API. */
export type EditorErrorCode =
  /** `src`, or `server` and `doc`, are missing or malformed. */
  | 'address'
  /** The server refused this document or this person and will go on refusing. */
  | 'refused'
  /** The server says something a person should know: a limit, full storage. */
  | 'notice'
  /** The editor failed and was set up anew from the document. */
  | 'editor'

export interface ErrorDetail {
  readonly code: EditorErrorCode
  /** One sentence for a person. */
  readonly message: string
}

/** All of them bubble and cross shadow roots. */
export interface WeftEventMap {
  /** The text is on the screen and, in mode `edit`, takes typing. Once for each document. */
  'weft-ready': CustomEvent<ReadyDetail>
  'weft-change': CustomEvent<ChangeDetail>
  'weft-status': CustomEvent<StatusDetail>
  'weft-presence': CustomEvent<PresenceDetail>
  /** Title or role came, or changed. */
  'weft-document': CustomEvent<DocumentFacts>
  'weft-error': CustomEvent<ErrorDetail>
}

/** The figures of the status panel. Times in milliseconds; undefined before the first was measured. */
export interface ConnectionFacts {
  readonly server: string
  readonly transport: 'websocket'
  readonly connected: boolean
  readonly roundTripMs: number | undefined
  readonly lastAckAgoMs: number | undefined
  /** Edits that the server has not called durable. */
  readonly editsWaiting: number
}

/** What can be done with a `<weft-editor>` element. */
export interface WeftEditorApi {
  /** The document's address, `https://host/d/<id>`. Wins over `server` and `doc`. */
  src: string
  server: string
  doc: string
  /** No server and nothing kept: a scratch pad. */
  local: boolean
  user: WeftUser | undefined
  mode: EditorMode
  readonly: boolean
  placeholder: string
  autofocus: boolean
  toolbar: ToolbarPlacement
  theme: ThemeChoice

  /** Never `undefined`; `loading` before the first connection. */
  readonly status: SaveStatus
  readonly people: readonly Person[]
  /** Measured when asked; undefined with `local` and before an address is known. */
  readonly connection: ConnectionFacts | undefined
  readonly facts: DocumentFacts | undefined

  focus(): void
  /** Plain text, blocks separated by a newline. Empty before `weft-ready`. */
  getText(): string
  /** GitHub flavour. Empty before `weft-ready`. */
  getMarkdown(): string
  /** As `readFlow` of `@weft/document` gives it. `undefined` before `weft-ready`. */
  getJSON(): unknown
  undo(): void
  redo(): void
  /** @returns whether the command did something. */
  exec(command: CommandName, argument?: string): boolean
  can(command: CommandName): boolean
  /** Scrolls to a person's caret, once it can be drawn. @returns false when they have none on this page, as far as is known. */
  goToPerson(clientId: number): boolean
  /** Resolves when everything typed so far is on the server's disk; rejects when the element is destroyed first. */
  flush(options: { readonly durable: true }): Promise<void>
  /** Ends editing and connection for good; removing the element from the page does the same after a moment. */
  destroy(): void
}

declare global {
  interface HTMLElementEventMap extends WeftEventMap {}
}
