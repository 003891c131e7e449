/**
 * What a document page may show: asked of the server, and of what this device knows when the server is away.
 *
 * Rules: a document opened here before is shown at once when the server does not answer; one that is not known here
 * is shown only after the server has it, because in an open server connecting to an unknown id would create it.
 * Once shown, it stays shown: what happens to it later is a remark above it.
 */
import { type Api, ApiError, type DocumentInfo } from './api.ts'
import type { Known } from './known.ts'

export type DocumentState =
  | { readonly kind: 'asking' }
  /** `remark`: it was thrown away, or deleted, while it is open here. */
  | { readonly kind: 'shown'; readonly document: DocumentInfo; readonly remark: Remark | undefined }
  | { readonly kind: 'trashed'; readonly document: DocumentInfo }
  /** Made by another application; its shape is not ours to edit. */
  | { readonly kind: 'foreign'; readonly document: DocumentInfo }
  /** `known`: opened on this device before, so a copy may still be here. */
  | { readonly kind: 'missing'; readonly known: DocumentInfo | undefined }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'failed'; readonly message: string }

export type Remark = 'trashed' | 'deleted'

export class DocumentSource {
  state: DocumentState = { kind: 'asking' }
  private readonly id: string
  private readonly api: Api
  private readonly known: Known
  private readonly changed: () => void
  /** Counts questions and my own renames: an answer from before the last of them may be out of date. */
  private turn = 0
  private asked = 0

  constructor(deps: { id: string; api: Api; known: Known; changed: () => void }) {
    this.id = deps.id
    this.api = deps.api
    this.known = deps.known
    this.changed = deps.changed
  }

  /**
   * Asks the server what the document is now.
   *
   * @param patience resolves when somebody who waits for a document that is here anyway should be shown it.
   */
  async ask(patience?: Promise<void>): Promise<void> {
    const turn = ++this.turn
    this.asked = turn
    if (patience !== undefined) void this.showKnownAfter(patience)
    try {
      const document = await this.api.get(this.id)
      if (turn === this.turn) this.received(document)
    } catch (error) {
      if (turn === this.turn) this.failed(error)
    }
    if (this.asked === turn) this.asked = 0
  }

  private async showKnownAfter(patience: Promise<void>): Promise<void> {
    await patience
    const known = this.known.opened(this.id)
    if (this.state.kind === 'asking' && known !== undefined) this.show(known)
  }

  /** Shows what this device has of a document the server has not: the editor's copy goes back to the server. */
  bringBack(): void {
    if (this.state.kind === 'missing' && this.state.known !== undefined) this.show(this.state.known)
  }

  /** Out of the trash again; what is on the screen stays there. @throws {ApiError} */
  async restore(): Promise<void> {
    await this.api.restore(this.id)
    if (this.state.kind === 'shown') this.set({ ...this.state, remark: undefined })
    else this.set({ kind: 'asking' })
    await this.ask()
  }

  /** I named it, and the server has it. */
  renamed(title: string): void {
    if (this.state.kind !== 'shown') return
    const document = { ...this.state.document, title }
    this.known.rememberOpened(document)
    this.set({ ...this.state, document })
    // A question that is still out may have been answered before: that answer is dropped, and asked for again.
    if (this.asked !== 0) void this.ask()
  }

  /**
   * The connection says how it is called. What it says was true when it was said, which may be before my own last
   * rename: so a title that is not the one shown is a reason to ask, not yet an answer.
   */
  heard(title: string): void {
    if (this.state.kind === 'shown' && this.state.document.title !== title) void this.ask()
  }

  private received(document: DocumentInfo): void {
    if (document.kind === 'yjs') {
      this.set({ kind: 'foreign', document })
    } else if (this.state.kind === 'shown') {
      this.known.rememberOpened(document)
      this.set({ kind: 'shown', document, remark: document.trashedAt === null ? undefined : 'trashed' })
    } else if (document.trashedAt !== null) {
      this.set({ kind: 'trashed', document })
    } else {
      this.show(document)
    }
  }

  private failed(error: unknown): void {
    const code = error instanceof ApiError ? error.code : undefined
    const known = this.known.opened(this.id)
    if (this.state.kind === 'shown') {
      // Everything else is the status pill's to say.
      if (code === 'not-found') this.set({ ...this.state, remark: 'deleted' })
    } else if (code === 'not-found') {
      this.set({ kind: 'missing', known })
    } else if (known !== undefined) {
      this.show(known)
    } else if (code === 'unreachable') {
      this.set({ kind: 'unreachable' })
    } else {
      this.set({ kind: 'failed', message: error instanceof Error ? error.message : 'something went wrong' })
    }
  }

  private show(document: DocumentInfo): void {
    this.known.rememberOpened(document)
    this.set({ kind: 'shown', document, remark: undefined })
  }

  private set(state: DocumentState): void {
    this.state = state
    this.changed()
  }
}
