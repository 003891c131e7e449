/**
 * One document: the top bar, remarks, and the editor below; or, in its place, why it cannot be shown.
 *
 * What may be shown is `DocumentSource`'s business; saving is the editor's. This page only tells them apart.
 */
import type { DocumentFacts, ErrorDetail, StatusDetail, WeftEditor } from '@weft/editor/element'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { inWords } from '../api.ts'
import { DocumentSource, type DocumentState, type Remark } from '../document-source.ts'
import type { Me } from '../me.ts'
import { nameOf, quoted } from '../naming.ts'
import { navigate, takeArrival } from '../navigation.ts'
import { base } from '../parts/base.ts'
import { icon } from '../parts/icons.ts'
import { LookAgain } from '../parts/look-again.ts'
import '../parts/menu.ts'
import type { MenuItem } from '../parts/menu.ts'
import '../parts/share.ts'
import '../parts/title-field.ts'
import { toast } from '../parts/toast.ts'
import { pathOf } from '../routes.ts'
import type { Services } from '../services.ts'
import type { Theme } from '../theme.ts'
import { renderInstead } from './document-instead.ts'
import { documentLook } from './document-page-look.ts'
import { renderIntroduction, renderRemark } from './document-remarks.ts'

/** A document that is here anyway is not kept waiting longer for a server that is slow to answer. */
const PATIENCE_MS = 500
/** How often a server that is away is asked again for a document that is not here. */
const RETRY_MS = 3_000

/** The editor is most of the application's bytes; the list does not wait for them. */
const editorElements = (): Promise<unknown> => import('@weft/editor/element')

/** Fetches what a document page will need; whoever opens one hears of it when that fails. */
export function prepareDocumentPage(): void {
  editorElements().catch(() => undefined)
}

const after = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

export class AppDocumentPage extends LitElement {
  static override styles = [base, documentLook]

  static override properties = {
    services: { attribute: false },
    documentId: {},
    me: { attribute: false },
    theme: {},
    settings: { attribute: false },
    round: { state: true },
    editor: { state: true },
    titleFixed: { state: true },
  }
  declare services: Services
  declare documentId: string
  declare me: Me
  declare theme: Theme
  /** The rows that every page's menu ends with. */
  declare settings: readonly MenuItem[]
  /** Counts up to give the editor a new life, after the server had refused the document for good. */
  declare private round: number
  declare private editor: WeftEditor | undefined
  declare private titleFixed: boolean
  private source: DocumentSource | undefined
  private retry: ReturnType<typeof setInterval> | undefined
  /** Made a moment ago: the title waits to be typed, and has the focus as soon as it is there. */
  private fresh = false
  private titleOffered = false
  /** The text takes typing. */
  private ready = false
  /** Enter in the title came before that: the caret goes to the text as soon as it can. */
  private entering = false
  /** The server has closed the document for good; asked once why. */
  private refused = false

  constructor() {
    super()
    this.round = 0
    this.editor = undefined
    this.titleFixed = false
    this.addController(new LookAgain(() => void this.source?.ask()))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.fresh = takeArrival().fresh
    editorElements().catch(() => {
      // Its old name is gone after a deployment; and a failed import may stay failed for the life of the page.
      toast({
        text: 'The editor could not be loaded.',
        action: { label: 'Reload', run: () => location.reload() },
      })
    })
    this.retry = setInterval(() => {
      const kind = this.source?.state.kind
      if (kind === 'unreachable' || kind === 'failed') void this.source?.ask()
    }, RETRY_MS)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.retry)
  }

  protected override willUpdate(): void {
    if (this.source === undefined) {
      const { api, known } = this.services
      this.source = new DocumentSource({
        id: this.documentId,
        api,
        known,
        changed: () => this.requestUpdate(),
      })
      void this.source.ask(after(PATIENCE_MS))
    }
    document.title = this.pageTitle
  }

  protected override updated(): void {
    const editor = this.renderRoot.querySelector('weft-editor') ?? undefined
    if (editor !== this.editor) this.editor = editor
    if (this.fresh && !this.titleOffered && this.state.kind === 'shown') {
      this.titleOffered = true
      void this.focusTitle()
    }
  }

  /** For a reader who came here by a link: the focus starts at the page's name. */
  focusHeading(): void {
    if (!this.fresh) this.renderRoot.querySelector<HTMLElement>('h1')?.focus()
  }

  private async focusTitle(): Promise<void> {
    const title = this.renderRoot.querySelector('app-title-field')
    // On the page's own first update the field has not drawn its input yet.
    await title?.updateComplete
    title?.focus()
  }

  private get state(): DocumentState {
    return this.source?.state ?? { kind: 'asking' }
  }

  private get pageTitle(): string {
    const { state } = this
    switch (state.kind) {
      case 'shown':
      case 'trashed':
      case 'foreign':
        return nameOf(state.document)
      case 'missing':
        return state.known?.title || 'Not found – Weft'
      case 'asking':
      case 'unreachable':
      case 'failed':
        return 'Weft'
    }
  }

  private get address(): string {
    return this.services.server + pathOf({ kind: 'document', id: this.documentId })
  }

  // --- what people do

  private readonly saveTitle = (title: string): Promise<{ readonly title: string }> =>
    this.services.api.rename(this.documentId, title)

  private renewEditor(): void {
    this.ready = false
    this.round++
  }

  private moveToText(): void {
    this.entering = !this.ready
    if (this.ready) this.editor?.focus()
  }

  private textReady(): void {
    this.ready = true
    if (this.entering) this.moveToText()
  }

  private async trash(): Promise<void> {
    const { api } = this.services
    const id = this.documentId
    const name = quoted({ title: this.state.kind === 'shown' ? this.state.document.title : '' })
    try {
      await api.trash(id)
    } catch (error) {
      toast({ text: inWords(error, 'move the document to the trash') })
      return
    }
    navigate('/')
    const undo = async (): Promise<void> => {
      try {
        await api.restore(id)
        navigate(pathOf({ kind: 'document', id }))
      } catch (error) {
        toast({ text: inWords(error, 'undo that') })
      }
    }
    toast({ text: `${name} is in the trash.`, action: { label: 'Undo', run: () => void undo() } })
  }

  private async restore(): Promise<void> {
    try {
      await this.source?.restore()
      this.renewEditor()
    } catch (error) {
      toast({ text: inWords(error, 'restore the document') })
      // It may have been deleted for good meanwhile: what is offered must follow.
      void this.source?.ask()
    }
  }

  private bringBack(): void {
    this.source?.bringBack()
    this.renewEditor()
  }

  private readonly heard = (event: CustomEvent<DocumentFacts>): void => {
    const { title, readOnly, role } = event.detail
    this.titleFixed = readOnly || role === 'view' || role === 'comment'
    this.source?.heard(title)
  }

  private readonly failed = (event: CustomEvent<ErrorDetail>): void => {
    if (event.detail.code === 'notice') toast({ text: event.detail.message })
  }

  private readonly saved = (event: CustomEvent<StatusDetail>): void => {
    const refused = event.detail.status.kind === 'refused'
    // The reason may be the trash, which this page can say better than the pill.
    if (refused && !this.refused) void this.source?.ask()
    this.refused = refused
  }

  // --- how it looks

  protected override render(): TemplateResult {
    const { state } = this
    return html`${this.renderBar(state)}
      <main>
        <h1 class="unseen" tabindex="-1">${this.pageTitle}</h1>
        ${state.kind === 'shown' ? this.renderEditor(state.remark) : this.instead(state)}
      </main>`
  }

  private renderBar(state: DocumentState): TemplateResult {
    return html`<header class="bar">
      <a class="button quiet icon back" href="/" data-route aria-label="Back to documents" title="Back to documents">${icon('back')}</a>
      ${
        state.kind === 'shown'
          ? html`<app-title-field
                .save=${this.saveTitle}
                .told=${state.document.title}
                .fixed=${this.titleFixed}
                @app-titled=${(event: CustomEvent<string>) => this.source?.renamed(event.detail)}
                @app-title-done=${() => this.moveToText()}
              ></app-title-field>
              <weft-status class="status" theme=${this.theme} .editor=${this.editor}></weft-status>
              <weft-presence class="presence" theme=${this.theme} .editor=${this.editor}></weft-presence>
              <app-share .server=${this.services.server} .address=${this.address}></app-share>`
          : html`<span class="elsewhere">${state.kind === 'asking' ? '' : this.pageTitle}</span>`
      }
      <app-menu class="more" label="More" .items=${this.actions(state)}></app-menu>
    </header>`
  }

  private renderEditor(remark: Remark | undefined): TemplateResult {
    return html`${remark === undefined ? nothing : renderRemark(remark, () => void this.restore())}
      ${this.me.asking && remark === undefined ? this.introduction() : nothing}
      ${keyed(
        this.round,
        html`<weft-editor
          class="editor"
          src=${this.address}
          theme=${this.theme}
          .user=${{ id: this.me.id, name: this.me.name, color: this.me.color }}
          @weft-ready=${() => this.textReady()}
          @weft-document=${this.heard}
          @weft-status=${this.saved}
          @weft-error=${this.failed}
        ></weft-editor>`,
      )}`
  }

  private introduction(): TemplateResult {
    const say = (name: string) => (): void => void this.dispatchEvent(new CustomEvent(name))
    return renderIntroduction(this.me, say('app-introduce'), say('app-keep-name'))
  }

  private instead(state: Exclude<DocumentState, { kind: 'shown' }>): TemplateResult {
    return renderInstead(state, {
      restore: () => void this.restore(),
      bringBack: () => this.bringBack(),
      tryAgain: () => void this.source?.ask(),
    })
  }

  private actions(state: DocumentState): MenuItem[] {
    if (state.kind !== 'shown') return [...this.settings]
    return [
      {
        kind: 'action',
        label: 'Rename',
        icon: 'pencil',
        run: () => void this.focusTitle(),
      },
      { kind: 'action', label: 'Move to trash', icon: 'trash', danger: true, run: () => void this.trash() },
      { kind: 'separator' },
      ...this.settings,
    ]
  }
}
customElements.define('app-document-page', AppDocumentPage)

declare global {
  interface HTMLElementTagNameMap {
    'app-document-page': AppDocumentPage
  }
}
