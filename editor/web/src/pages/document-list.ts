/**
 * The list of documents, and the trash: find, create, open, rename, throw away, bring back.
 *
 * What is shown and when it is true is `ListSource`'s business, what is done to a document `DocumentDeeds`'; this is their
 * face and their keyboard. What it looks like row by row is `list-rows.ts`, without any row `list-states.ts`.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { type DocumentInfo, inWords } from '../api.ts'
import { ListSource } from '../list-source.ts'
import { nameOf } from '../naming.ts'
import { navigate, replaceAddress } from '../navigation.ts'
import '../parts/ask.ts'
import { base, progress } from '../parts/base.ts'
import { icon } from '../parts/icons.ts'
import { LookAgain } from '../parts/look-again.ts'
import type { MenuItem } from '../parts/menu.ts'
import { toast } from '../parts/toast.ts'
import { pathOf } from '../routes.ts'
import type { Services } from '../services.ts'
import { DocumentDeeds, menuOf } from './document-deeds.ts'
import { listLook } from './document-list-look.ts'
import { renderRows } from './list-rows.ts'
import { renderEmpty, renderFailed, renderStale } from './list-states.ts'
import './welcome.ts'

type Asking =
  | { readonly kind: 'rename'; readonly document: DocumentInfo }
  | { readonly kind: 'remove'; readonly document: DocumentInfo }

/** Typing pauses this long before the search is asked: longer than between two keys, shorter than a wait. */
const SEARCH_PAUSE_MS = 180
/** Others create and rename too; a list that is looked at is never older than this. */
const REFRESH_MS = 15_000
/** While the server is away. */
const RETRY_MS = 3_000

export class AppDocumentList extends LitElement {
  static override styles = [
    base,
    progress,
    listLook,
    css`
      :host {
        display: block;
      }
    `,
  ]

  static override properties = {
    services: { attribute: false },
    view: {},
    search: {},
    asking: { state: true },
    creating: { state: true },
  }
  declare services: Services
  declare view: 'documents' | 'trash'
  declare search: string
  declare private asking: Asking | undefined
  declare private creating: boolean
  private source: ListSource | undefined
  private deeds: DocumentDeeds | undefined
  private searchTimer: ReturnType<typeof setTimeout> | undefined
  private refreshTimer: ReturnType<typeof setTimeout> | undefined
  /** The server was away when the next refresh was planned. */
  private wasAway = false

  constructor() {
    super()
    this.view = 'documents'
    this.search = ''
    this.asking = undefined
    this.creating = false
    this.addController(new LookAgain(() => this.refresh()))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('keydown', this.keyPressed)
    this.scheduleRefresh()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('keydown', this.keyPressed)
    clearTimeout(this.searchTimer)
    clearTimeout(this.refreshTimer)
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.source === undefined) {
      const { api, known } = this.services
      const source = new ListSource(api, known, () => this.listChanged())
      this.source = source
      this.deeds = new DocumentDeeds(this.services, source, (id) => this.dropRow(id))
    }
    if (changed.has('view') || changed.has('search')) {
      clearTimeout(this.searchTimer)
      void this.source.ask({ search: this.search, trashed: this.view === 'trash' })
    }
  }

  private refresh(): void {
    void this.source?.refresh()
  }

  private listChanged(): void {
    this.requestUpdate()
    if (this.isConnected && this.isAway !== this.wasAway) this.scheduleRefresh()
  }

  private get isAway(): boolean {
    const state = this.source?.state
    return state?.kind === 'failed' || (state?.kind === 'shown' && state.stale !== undefined)
  }

  private scheduleRefresh(): void {
    clearTimeout(this.refreshTimer)
    this.wasAway = this.isAway
    this.refreshTimer = setTimeout(
      () => {
        if (document.visibilityState === 'visible') this.refresh()
        this.scheduleRefresh()
      },
      this.wasAway ? RETRY_MS : REFRESH_MS,
    )
  }

  // --- keyboard

  private readonly keyPressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const path = event.composedPath()
    const [within] = path
    // Keys that belong to a field, a dialog or a menu are theirs, also those of the frame around this page.
    if (within instanceof HTMLInputElement) return
    if (path.some((node) => node instanceof Element && node.matches('dialog, [popover]'))) return
    switch (event.key) {
      case '/':
        event.preventDefault()
        this.searchField?.focus()
        return
      case 'n':
        if (event.repeat) return
        event.preventDefault()
        void this.create()
        return
      case 'ArrowDown':
      case 'ArrowUp':
        this.moveFocus(event)
    }
  }

  private moveFocus(event: KeyboardEvent): void {
    const links = [...this.renderRoot.querySelectorAll<HTMLElement>('.open')]
    const at = links.findIndex((link) => link.closest('li')?.matches(':focus-within') === true)
    if (at === -1 && this.shadowRoot?.activeElement !== null) return
    const next = links[event.key === 'ArrowDown' ? at + 1 : Math.max(0, at - 1)]
    if (next === undefined) return
    event.preventDefault()
    next.focus()
  }

  private get searchField(): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>('.search input')
  }

  /** For a reader who came here by a link: the focus starts at the page's name. */
  focusHeading(): void {
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus()
  }

  // --- what people do

  private async create(): Promise<void> {
    if (this.creating) return
    this.creating = true
    try {
      const { id } = await this.services.api.create()
      navigate(pathOf({ kind: 'document', id }), { fresh: true })
    } catch (error) {
      toast({ text: inWords(error, 'start a document') })
    } finally {
      this.creating = false
    }
  }

  private readonly searched = (event: InputEvent): void => {
    const text = (event.target as HTMLInputElement).value
    clearTimeout(this.searchTimer)
    this.searchTimer = setTimeout(() => this.setSearch(text.trim()), SEARCH_PAUSE_MS)
  }

  private setSearch(search: string): void {
    this.search = search
    replaceAddress(pathOf({ kind: 'documents', search }))
  }

  private clearSearch(): void {
    if (this.searchField !== null) {
      this.searchField.value = ''
      this.searchField.focus()
    }
    this.setSearch('')
  }

  /** The focus goes to the row that takes the place, so that a keyboard stays where it was. */
  private dropRow(id: string): () => void {
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>('li[data-id]')]
    const at = rows.findIndex((row) => row.dataset['id'] === id)
    const next = rows[at + 1] ?? rows[at - 1]
    const key = next?.dataset['id']
    const putBack = this.source?.drop(id)
    void this.focusRow(key)
    return () => putBack?.()
  }

  private async focusRow(id: string | undefined): Promise<void> {
    await this.updateComplete
    const row = this.renderRoot.querySelector(`li[data-id="${CSS.escape(id ?? '')}"] .open`)
    if (row instanceof HTMLElement) row.focus()
    else this.focusHeading()
  }

  // --- how it looks

  protected override render(): TemplateResult {
    const trash = this.view === 'trash'
    const state = this.source?.state ?? { kind: 'loading' }
    const empty = state.kind === 'shown' && state.total === 0
    const first = empty && !trash && this.search === '' && state.stale === undefined
    if (first && !this.services.known.hasOpened()) {
      return html`<main>
        <app-welcome .creating=${this.creating} @app-create=${() => void this.create()}></app-welcome>
      </main>`
    }
    return html`<main class="page">
        <div class="head">
          <h1 tabindex="-1">${trash ? 'Trash' : 'Documents'}</h1>
          ${trash ? nothing : this.renderCreate()}
        </div>
        ${trash ? html`<p class="explain">Documents stay here until somebody deletes them for good.</p>` : this.renderSearch()}
        ${state.kind === 'shown' && state.stale !== undefined ? renderStale(state, () => this.refresh()) : nothing}
        ${this.renderState(state)}
      </main>
      ${this.renderAsking()}`
  }

  private renderCreate(): TemplateResult {
    return html`<button
      class="button primary create"
      aria-keyshortcuts="n"
      title="New document (N)"
      aria-disabled=${this.creating}
      @click=${() => void this.create()}
    >
      ${icon('plus', 18)} <span>New<span class="wide"> document</span></span>
    </button>`
  }

  private renderSearch(): TemplateResult {
    return html`<div class="search" role="search">
      ${icon('search', 18)}
      <input
        class="field"
        type="search"
        aria-label="Search by title"
        aria-keyshortcuts="/"
        placeholder="Search by title"
        autocomplete="off"
        spellcheck="false"
        .value=${this.search}
        @input=${this.searched}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Escape') this.clearSearch()
          if (event.key === 'ArrowDown') {
            this.renderRoot.querySelector<HTMLElement>('.open')?.focus()
            event.preventDefault()
          }
        }}
      />
      ${
        this.search === ''
          ? html`<kbd aria-hidden="true">/</kbd>`
          : html`<button class="button quiet icon clear" aria-label="Clear the search" @click=${() => this.clearSearch()}>
              ${icon('close', 18)}
            </button>`
      }
    </div>`
  }

  private renderState(state: ListSource['state']): TemplateResult {
    switch (state.kind) {
      case 'loading':
        return html`<div class="loading" role="status"><span class="unseen">Loading documents</span></div>`
      case 'failed':
        return renderFailed(state, () => this.refresh())
      case 'shown':
        if (state.documents.length === 0) return renderEmpty(this.view, this.search, () => this.clearSearch())
        return renderRows(state, {
          isGrouped: this.view === 'documents' && this.search === '',
          itemsOf: (document) => this.itemsOf(document),
          showMore: () => void this.source?.showMore(),
        })
    }
  }

  private itemsOf(document: DocumentInfo): MenuItem[] {
    if (this.deeds === undefined) return []
    return menuOf(document, this.deeds, (kind) => {
      this.asking = { kind, document }
    })
  }

  private renderAsking(): TemplateResult | typeof nothing {
    const { asking } = this
    const close = (): void => {
      this.asking = undefined
    }
    switch (asking?.kind) {
      case undefined:
        return nothing
      case 'rename':
        return html`<app-rename-dialog
          .current=${asking.document.title}
          @app-answer=${(event: CustomEvent<string>) => {
            close()
            void this.deeds?.rename(asking.document, event.detail)
          }}
          @app-close=${close}
        ></app-rename-dialog>`
      case 'remove':
        return html`<app-confirm-dialog
          heading=${`Delete “${nameOf(asking.document)}” for good?`}
          text="Its text and everything about it leave the server. This cannot be undone."
          action="Delete for good"
          @app-answer=${() => {
            close()
            void this.deeds?.deleteForGood(asking.document)
          }}
          @app-close=${close}
        ></app-confirm-dialog>`
    }
  }
}
customElements.define('app-document-list', AppDocumentList)

declare global {
  interface HTMLElementTagNameMap {
    'app-document-list': AppDocumentList
  }
}
