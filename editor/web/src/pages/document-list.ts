/**
 * The list of documents, and the trash: find, create, open, rename, throw away, bring back.
 *
 * What is shown and when it is true is `ListSource`'s business; this is its face and its keyboard.
 */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { type DocumentInfo, inWords } from '../api.ts'
import { ListSource, type ShownList } from '../list-source.ts'
import { nameOf, quoted } from '../naming.ts'
import { navigate, replaceAddress } from '../navigation.ts'
import '../parts/ask.ts'
import { base, progress } from '../parts/base.ts'
import { icon } from '../parts/icons.ts'
import '../parts/menu.ts'
import type { MenuItem } from '../parts/menu.ts'
import '../parts/notice.ts'
import '../parts/state-page.ts'
import { toast } from '../parts/toast.ts'
import { swatch } from '../parts/weave.ts'
import { pathOf } from '../routes.ts'
import type { Services } from '../services.ts'
import { ago, exactly, type Period, periodOf } from '../when.ts'
import { listLook } from './document-list-look.ts'
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
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('keydown', this.keyPressed)
    window.addEventListener('online', this.lookAgain)
    document.addEventListener('visibilitychange', this.lookAgain)
    this.scheduleRefresh()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('keydown', this.keyPressed)
    window.removeEventListener('online', this.lookAgain)
    document.removeEventListener('visibilitychange', this.lookAgain)
    clearTimeout(this.searchTimer)
    clearTimeout(this.refreshTimer)
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.source ??= new ListSource(this.services.api, this.services.known, () => this.listChanged())
    if (changed.has('view') || changed.has('search')) {
      clearTimeout(this.searchTimer)
      void this.source.ask({ search: this.search, trashed: this.view === 'trash' })
    }
  }

  private readonly lookAgain = (): void => {
    if (document.visibilityState === 'visible') void this.source?.refresh()
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
        if (document.visibilityState === 'visible') void this.source?.refresh()
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

  private async rename(document: DocumentInfo, title: string): Promise<void> {
    this.asking = undefined
    if (title === document.title) return
    this.source?.replace({ ...document, title })
    await this.told('rename the document', this.services.api.rename(document.id, title))
  }

  private async trash(document: DocumentInfo): Promise<void> {
    this.dropRow(document.id)
    const done = await this.told('move the document to the trash', this.services.api.trash(document.id))
    if (!done) return
    toast({
      text: `${quoted(document)} is in the trash.`,
      action: {
        label: 'Undo',
        run: () => void this.told('undo that', this.services.api.restore(document.id)),
      },
    })
  }

  private async restore(document: DocumentInfo): Promise<void> {
    this.dropRow(document.id)
    const done = await this.told('restore the document', this.services.api.restore(document.id))
    if (!done) return
    toast({
      text: `${quoted(document)} is back among your documents.`,
      action: { label: 'Open', run: () => navigate(pathOf({ kind: 'document', id: document.id })) },
    })
  }

  private async deleteForGood(document: DocumentInfo): Promise<void> {
    this.asking = undefined
    this.dropRow(document.id)
    if (await this.told('delete the document', this.services.api.remove(document.id))) {
      this.services.known.forget(document.id)
      toast({ text: `${quoted(document)} was deleted for good.` })
    }
  }

  /** Waits for the server, says what failed, and shows what is true now. @returns whether it was done. */
  private async told(action: string, work: Promise<unknown>): Promise<boolean> {
    let done = true
    try {
      await work
    } catch (error) {
      done = false
      toast({ text: inWords(error, action) })
    }
    await this.source?.refresh()
    return done
  }

  /** The focus goes to the row that takes the place, so that a keyboard stays where it was. */
  private dropRow(id: string): void {
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>('li[data-id]')]
    const at = rows.findIndex((row) => row.dataset['id'] === id)
    const next = rows[at + 1] ?? rows[at - 1]
    const key = next?.dataset['id']
    this.source?.drop(id)
    void this.focusRow(key)
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
        ${state.kind === 'shown' && state.stale !== undefined ? this.renderStale(state) : nothing}
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

  private renderStale(state: ShownList): TemplateResult {
    return html`<app-notice .icon=${'offline'}>
      ${
        state.stale?.unreachable === true
          ? 'The server cannot be reached. This is the list as last seen; what was opened here before still opens.'
          : state.stale?.message
      }
      <button slot="action" class="button quiet" @click=${() => void this.source?.refresh()}>Try again</button>
    </app-notice>`
  }

  private renderState(state: ListSource['state']): TemplateResult {
    switch (state.kind) {
      case 'loading':
        return html`<div class="loading" role="status"><span class="unseen">Loading documents</span></div>`
      case 'failed':
        return html`<app-state .icon=${'offline'} heading="The server cannot be reached">
          ${
            state.unreachable
              ? 'Nothing is lost: documents are on the server’s disk, and edits that wait on this device are still here. Weft tries again by itself.'
              : state.message
          }
          <button slot="actions" class="button" @click=${() => void this.source?.refresh()}>Try again now</button>
        </app-state>`
      case 'shown':
        return state.documents.length === 0 ? this.renderEmpty() : this.renderList(state)
    }
  }

  private renderEmpty(): TemplateResult {
    if (this.view === 'trash') {
      return html`<app-state .icon=${'trash'} heading="The trash is empty">
        What you move here can be restored.
        <a slot="actions" class="button" href="/" data-route>Back to documents</a>
      </app-state>`
    }
    if (this.search === '') {
      return html`<app-state .icon=${'pencil'} heading="No documents">
        Start one with the button above, or press N.
        <a slot="actions" class="button" href="/trash" data-route>Look in the trash</a>
      </app-state>`
    }
    return html`<app-state .icon=${'search'} heading=${`No title contains “${this.search}”`}>
      The search looks at titles, in any case.
      <button slot="actions" class="button" @click=${() => this.clearSearch()}>Clear the search</button>
    </app-state>`
  }

  private renderList(state: ShownList): TemplateResult {
    const now = Date.now()
    const grouped = this.view === 'documents' && this.search === ''
    const periods = new Map<Period | 'Found', DocumentInfo[]>()
    for (const document of state.documents) {
      const period = grouped ? periodOf(document.updatedAt, now) : 'Found'
      periods.set(period, [...(periods.get(period) ?? []), document])
    }
    const left = state.total - state.documents.length
    return html`${[...periods].map(
      ([period, documents]) => html`<section>
        ${period === 'Found' ? nothing : html`<h2>${period}</h2>`}
        <ul>
          ${repeat(
            documents,
            ({ id }) => id,
            (document) => this.renderRow(document, now),
          )}
        </ul>
      </section>`,
    )}
    ${
      left > 0
        ? html`<div class="foot">
            <button class="button" @click=${() => void this.source?.showMore()}>Show more</button>
            <span class="muted">${left} not shown</span>
          </div>`
        : nothing
    }`
  }

  private renderRow(document: DocumentInfo, now: number): TemplateResult {
    const trashed = document.trashedAt !== null
    const at = document.trashedAt ?? document.updatedAt
    return html`<li data-id=${document.id}>
      <a class="open" href=${pathOf({ kind: 'document', id: document.id })} data-route>
        ${swatch(document.id)}
        <span class="what">
          <span class="title ${document.title === '' ? 'untitled' : ''}">${nameOf(document)}</span>
          <span class="when">
            ${
              document.kind === 'yjs'
                ? html`<span class="kind" title="Made by another Yjs application; Weft keeps and relays it but cannot edit it">Other app</span>`
                : nothing
            }
            <time datetime=${new Date(at).toISOString()} title=${exactly(at)}>
              ${trashed ? 'Moved here ' : html`<span class="narrow">Edited </span>`}${ago(at, now)}
            </time>
          </span>
        </span>
      </a>
      <app-menu label=${`More for ${nameOf(document)}`} .items=${this.actionsOf(document)}></app-menu>
    </li>`
  }

  private actionsOf(document: DocumentInfo): MenuItem[] {
    if (document.trashedAt !== null) {
      return [
        { kind: 'action', label: 'Restore', icon: 'restore', run: () => void this.restore(document) },
        {
          kind: 'action',
          label: 'Delete for good…',
          icon: 'trash',
          danger: true,
          run: () => {
            this.asking = { kind: 'remove', document }
          },
        },
      ]
    }
    return [
      {
        kind: 'action',
        label: 'Rename…',
        icon: 'pencil',
        run: () => {
          this.asking = { kind: 'rename', document }
        },
      },
      {
        kind: 'action',
        label: 'Copy link',
        icon: 'link',
        run: () => void this.copyLink(document),
      },
      { kind: 'separator' },
      {
        kind: 'action',
        label: 'Move to trash',
        icon: 'trash',
        danger: true,
        run: () => void this.trash(document),
      },
    ]
  }

  private async copyLink(document: DocumentInfo): Promise<void> {
    const address = this.services.server + pathOf({ kind: 'document', id: document.id })
    try {
      await navigator.clipboard.writeText(address)
      toast({ text: 'Link copied.' })
    } catch {
      toast({ text: `The browser does not allow copying here: ${address}` })
    }
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
          @app-answer=${(event: CustomEvent<string>) => void this.rename(asking.document, event.detail)}
          @app-close=${close}
        ></app-rename-dialog>`
      case 'remove':
        return html`<app-confirm-dialog
          heading=${`Delete “${nameOf(asking.document)}” for good?`}
          text="Its text and everything about it leave the server. This cannot be undone."
          action="Delete for good"
          @app-answer=${() => void this.deleteForGood(asking.document)}
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
