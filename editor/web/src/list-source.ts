/**
 * The documents a list page shows: asked for, paged, kept fresh, and still there when the server is away.
 *
 * Rule: what was shown stays until something truer comes; a failure adds a remark and takes nothing away.
 * No DOM here: the page tells it when to look again, and is told when something changed.
 */
import { type Api, type DocumentInfo, type DocumentPage, inWords, isUnreachable } from './api.ts'
import type { Known } from './known.ts'

export type ListState =
  | { readonly kind: 'loading' }
  /** Nothing to show, and why. */
  | { readonly kind: 'failed'; readonly message: string; readonly unreachable: boolean }
  | ShownList

export interface ShownList {
  readonly kind: 'shown'
  readonly documents: readonly DocumentInfo[]
  readonly total: number
  /** Why this may be out of date; undefined when the server said so itself. */
  readonly stale: { readonly message: string; readonly unreachable: boolean } | undefined
}

export interface ListQuestion {
  readonly search: string
  readonly trashed: boolean
}

/** As many as fill two screens; more come on request. */
export const PAGE_SIZE = 50

export class ListSource {
  state: ListState = { kind: 'loading' }
  private question: ListQuestion = { search: '', trashed: false }
  /** The question that what is shown answers. */
  private answered: ListQuestion | undefined
  /** Counts up with each question and change made here: an answer to an older one is not shown. */
  private turn = 0
  private readonly api: Api
  private readonly known: Known
  private readonly changed: () => void

  constructor(api: Api, known: Known, changed: () => void) {
    this.api = api
    this.known = known
    this.changed = changed
  }

  /** Asks something else. The former answer stays on the screen until the new one comes, if both are of one view. */
  async ask(question: ListQuestion): Promise<void> {
    if (question.trashed !== this.question.trashed) this.set({ kind: 'loading' })
    this.question = question
    await this.load(PAGE_SIZE)
  }

  /** Looks again at as much as is shown. */
  async refresh(): Promise<void> {
    await this.load(this.state.kind === 'shown' ? this.state.documents.length : PAGE_SIZE)
  }

  async showMore(): Promise<void> {
    if (this.state.kind === 'shown') await this.load(this.state.documents.length + PAGE_SIZE)
  }

  /**
   * Takes a document off the screen at once, while the server is being told.
   *
   * @returns puts it back where it was, for when the server could not be told: unless the list has come to answer something else.
   */
  drop(id: string): () => void {
    if (this.state.kind !== 'shown') return () => {}
    const { question } = this
    const at = this.state.documents.findIndex((document) => document.id === id)
    const dropped = this.state.documents[at]
    const documents = this.state.documents.filter((document) => document.id !== id)
    const total = this.state.total - (this.state.documents.length - documents.length)
    this.turn++
    this.set({ ...this.state, documents, total })
    return () => {
      if (dropped !== undefined && question === this.question) this.putBack(dropped, at)
    }
  }

  private putBack(dropped: DocumentInfo, at: number): void {
    if (this.state.kind !== 'shown' || this.state.documents.some(({ id }) => id === dropped.id)) return
    this.turn++
    const documents = this.state.documents.toSpliced(at, 0, dropped)
    this.set({ ...this.state, documents, total: this.state.total + 1 })
  }

  /** Shows a changed entry at once, in its place. */
  replace(document: DocumentInfo): void {
    if (this.state.kind !== 'shown') return
    this.turn++
    this.set({
      ...this.state,
      documents: this.state.documents.map((other) => (other.id === document.id ? document : other)),
    })
  }

  private async load(count: number): Promise<void> {
    const turn = ++this.turn
    const { question } = this
    try {
      const page = await this.fetch(question, count)
      if (turn !== this.turn) return
      if (question.search === '' && !question.trashed) this.known.rememberList(page)
      this.answered = question
      this.set({ kind: 'shown', ...page, stale: undefined })
    } catch (error) {
      if (turn !== this.turn) return
      this.fail(error)
    }
  }

  /** Page after page, because the server bounds one answer. */
  private async fetch(question: ListQuestion, count: number): Promise<DocumentPage> {
    const documents = new Map<string, DocumentInfo>()
    for (;;) {
      const page = await this.api.list({ ...question, limit: PAGE_SIZE, offset: documents.size })
      const before = documents.size
      for (const document of page.documents) documents.set(document.id, document)
      // A page that adds nothing: the list moved while it was read. The next refresh sets it right.
      const done = documents.size >= Math.min(count, page.total) || documents.size === before
      if (done) return { documents: [...documents.values()], total: page.total }
    }
  }

  private fail(error: unknown): void {
    const stale = { message: inWords(error, 'load the documents'), unreachable: isUnreachable(error) }
    const { search, trashed } = this.question
    if (this.state.kind === 'shown' && this.answered === this.question) {
      this.set({ ...this.state, stale })
      return
    }
    const known = trashed ? undefined : this.known.list()
    if (known !== undefined) {
      this.answered = this.question
      const documents = known.documents.filter(({ title }) =>
        title.toLowerCase().includes(search.toLowerCase()),
      )
      this.set({ kind: 'shown', documents, total: documents.length, stale })
    } else {
      this.set({ kind: 'failed', ...stale })
    }
  }

  private set(state: ListState): void {
    this.state = state
    this.changed()
  }
}
