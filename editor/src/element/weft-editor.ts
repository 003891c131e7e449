/**
 * `<weft-editor src="https://host/d/<id>">`: the whole editor as one element.
 *
 * Rules: the text is shown only once there is a document, from the server or from this device, and never taken away
 * again by a spinner; moving the element in the page keeps everything; removing it lets go after a moment.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { blockStyle } from '../ui/block-style.ts'
import { defineElement } from '../ui/define.ts'
import { browserStorage, guestOf } from '../ui/guest.ts'
import { LateFloating } from '../ui/late-floating.ts'
import { objectStyle } from '../ui/object-style.ts'
import { fetchPartsWhenIdle } from '../ui/parts.ts'
import { colorOf, shownColor } from '../ui/people.ts'
import { ENGLISH, type Strings } from '../ui/strings.ts'
import { inCells, tableStyle } from '../ui/table-style.ts'
import { textStyle } from '../ui/text-style.ts'
import { controls, tokens } from '../ui/theme.ts'
import '../ui/toolbar.ts'
import type { Again } from '../sync/went-back.ts'
import { Activity } from './activity.ts'
import { addressOfParts, addressOfSource, type DocumentAddress } from './address.ts'
import type {
  CommandName,
  ConnectionFacts,
  DocumentFacts,
  EditorErrorCode,
  EditorMode,
  Person,
  ReadyDetail,
  SaveStatus,
  ThemeChoice,
  ToolbarPlacement,
  WeftEditorApi,
  WeftEventMap,
  WeftUser,
} from './api.ts'
import { Cards } from './cards.ts'
import { editorStyle } from './editor-style.ts'
import { heldStatus } from './held-status.ts'
import { guardLeaving } from './leave-guard.ts'
import { movedSelection, type RelativeSelection } from './presence.ts'
import { Session } from './session.ts'
import './weft-presence.ts'
import './weft-status.ts'
import { watchWindow } from './window-watch.ts'
import { Writing } from './writing.ts'

export type * from './api.ts'

/** A framework may take an element out and put it back elsewhere; longer than that it is gone. */
const MOVE_MS = 500

export class WeftEditor extends LitElement implements WeftEditorApi {
  static override properties = {
    src: {},
    server: {},
    doc: {},
    local: { type: Boolean },
    user: { attribute: false },
    mode: {},
    readonly: { type: Boolean, reflect: true },
    placeholder: {},
    autofocus: { type: Boolean },
    toolbar: {},
    theme: { reflect: true },
    narrow: { state: true },
    phase: { state: true },
  }

  declare src: string
  declare server: string
  declare doc: string
  declare local: boolean
  declare user: WeftUser | undefined
  declare mode: EditorMode
  declare readonly: boolean
  declare placeholder: string
  declare autofocus: boolean
  declare toolbar: ToolbarPlacement
  declare theme: ThemeChoice
  declare protected narrow: boolean
  /** What the page part shows. */
  declare protected phase: 'opening' | 'ready' | 'refused' | 'no-address'

  readonly #strings: Strings = ENGLISH
  readonly #activity = new Activity((idle) => this.#session?.setIdle(idle))
  readonly #guard = guardLeaving(() => this.status.leavingLoses)
  readonly #cards = new Cards(
    this,
    () => this.#writing,
    () => this.#missing(),
  )
  readonly #floating = new LateFloating()
  #session: Session | undefined
  #writing: Writing | undefined
  #content: HTMLElement | undefined
  #layer: HTMLElement | undefined
  #unwatch: (() => void) | undefined
  #leaving: ReturnType<typeof setTimeout> | undefined
  #destroyed = false
  #stopFetching: (() => void) | undefined
  /** Where the caret was before the document was opened anew. */
  #place: RelativeSelection | undefined

  constructor() {
    super()
    this.src = ''
    this.server = ''
    this.doc = ''
    this.local = false
    this.user = undefined
    this.mode = 'edit'
    this.readonly = false
    this.placeholder = ''
    this.autofocus = false
    this.toolbar = 'auto'
    this.theme = 'auto'
    this.narrow = false
    this.phase = 'opening'
  }

  get status(): SaveStatus {
    const status = this.#session?.status
    if (status === undefined)
      return { kind: 'loading', label: '', detail: '', tone: 'quiet', leavingLoses: false }
    return this.#writing?.isHolding === true ? heldStatus(status, this.#strings.status.composing) : status
  }

  get people(): readonly Person[] {
    return this.#session?.people ?? []
  }

  get connection(): ConnectionFacts | undefined {
    return this.#session?.connection
  }

  get facts(): DocumentFacts | undefined {
    return this.#session?.facts
  }

  override focus(): void {
    this.#writing?.surface.focus()
  }

  getText(): string {
    return this.#session?.text() ?? ''
  }

  getMarkdown(): string {
    return this.#session?.markdown() ?? ''
  }

  getJSON(): unknown {
    return this.#writing === undefined ? undefined : this.#session?.json()
  }

  undo(): void {
    this.exec('undo')
  }

  redo(): void {
    this.exec('redo')
  }

  exec(command: CommandName, argument?: string): boolean {
    return this.#writing?.surface.exec(command, argument) ?? false
  }

  can(command: CommandName): boolean {
    return this.#writing?.surface.can(command) ?? false
  }

  goToPerson(clientId: number): boolean {
    return this.#writing?.carets.goTo(clientId) ?? false
  }

  async flush(_options: { readonly durable: true }): Promise<void> {
    await this.updateComplete
    await this.#session?.provider?.flush({ durable: true })
  }

  destroy(): void {
    this.#destroyed = true
    this.#close()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    clearTimeout(this.#leaving)
    this.#leaving = undefined
    this.#unwatch = watchWindow(
      (narrow) => {
        this.narrow = narrow
      },
      // The bar is lifted above it.
      (px) => this.style.setProperty('--keyboard', `${px}px`),
    )
    this.#activity.start()
    this.#guard(this.status.kind)
    this.#writing?.carets.refresh()
    // Out of the page for longer, it has let go of its document.
    if (this.#session === undefined) this.requestUpdate()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#unwatch?.()
    this.#activity.stop()
    this.#leaving = setTimeout(() => this.#close(), MOVE_MS)
  }

  protected override firstUpdated(): void {
    this.#content = this.renderRoot.querySelector<HTMLElement>('.content') ?? undefined
    this.#layer = this.renderRoot.querySelector<HTMLElement>('.carets') ?? undefined
  }

  protected override willUpdate(changed: PropertyValues): void {
    const moved = ['src', 'server', 'doc', 'local'].some((name) => changed.has(name))
    // What is no address stays none until it is changed, and is told once.
    if (moved || (this.#session === undefined && this.phase !== 'no-address')) this.#open()
    if (changed.has('user')) this.#session?.setUser(this.#person())
  }

  protected override updated(): void {
    const { empty, reference, orphan } = this.#strings.table
    const words = { placeholder: this.placeholder, 'table-empty': empty, 'table-reference': reference }
    for (const [name, text] of Object.entries({ ...words, 'table-orphan': orphan }))
      this.#content?.style.setProperty(`--${name}`, JSON.stringify(text))
    this.#writing?.setEditable(this.#editable())
    this.#float()
  }

  protected override render(): TemplateResult {
    const editable = this.#editable()
    return html`<div class="frame ${editable ? '' : 'readonly'}">
      ${this.#bar(editable)}
      <div class="page" part="page" @mousedown=${this.#pageDown}>
        <div class="sheet">
          <div
            class="content"
            part="content"
            role="textbox"
            aria-multiline="true"
            aria-readonly=${editable ? 'false' : 'true'}
            aria-busy=${this.phase === 'opening' ? 'true' : 'false'}
            aria-label=${this.getAttribute('aria-label') ?? this.#strings.editorLabel}
            ?hidden=${this.phase !== 'ready'}
          ></div>
          <div class="carets" aria-hidden="true"></div>
          <div class="handles"></div>
          ${this.#instead()}
        </div>
      </div>
      <weft-link-card popover="auto" .strings=${this.#strings} @choice=${this.#cards.linkChosen}></weft-link-card>
      <weft-table-menu popover="auto" .strings=${this.#strings}></weft-table-menu>
      <weft-object-card popover="auto" .strings=${this.#strings} @choice=${this.#cards.objectChosen}></weft-object-card>
    </div>`
  }

  #bar(editable: boolean): TemplateResult | typeof nothing {
    const placement = this.#placement()
    if (placement === 'none' || (!editable && this.phase === 'ready')) return nothing
    return html`<div class="bar ${placement}" part="toolbar">
      <weft-toolbar
        placement=${placement}
        .strings=${this.#strings}
        .surface=${this.#writing?.surface}
        .onLink=${() => void this.#cards.openLink()}
        .onMissing=${this.#missing}
      ></weft-toolbar>
    </div>`
  }

  /** What stands in for the text while there is none. */
  #instead(): TemplateResult | typeof nothing {
    switch (this.phase) {
      case 'ready':
        return nothing
      case 'opening':
        return html`<div class="skeleton" role="status" aria-label=${this.#strings.opening}>
          <i></i><i></i><i></i><i></i>
        </div>`
      case 'refused': {
        const { label, detail } = this.status
        return html`<p class="said" role="alert">${detail === '' ? label : detail}</p>`
      }
      case 'no-address':
        return html`<p class="said" role="alert">${this.#strings.errors.address}</p>`
    }
  }

  /**
   * The page went back to an earlier state of itself: its document is opened anew, as by loading the page, with what
   * was typed since under another client id.
   */
  #beginAgain(again: Again): void {
    const place = this.#writing?.place
    this.#open(again)
    this.#place = place && movedSelection(place, again.moves)
  }

  #open(again?: Again): void {
    if (this.#destroyed || !this.isConnected) return
    this.#close()
    const address = this.#address()
    if (address === undefined && !this.local) {
      // A page may set the address later: an element without any is not in error yet.
      if (this.src === '' && this.doc === '') return
      this.phase = 'no-address'
      this.#fail('address', this.#strings.errors.address)
      return
    }
    this.phase = 'opening'
    const session = new Session({
      address: this.local ? undefined : address,
      user: this.#person(),
      strings: this.#strings,
      listener: {
        onStatus: () => this.#statusChanged(),
        onFacts: () => this.#factsChanged(),
        onPeople: () => this.#emit('weft-presence', { people: this.people }),
        onCarets: () => this.#writing?.carets.refresh(),
        onChange: (source) => {
          if (this.phase === 'ready') this.#emit('weft-change', { source })
        },
        onNotice: (message) => this.#fail('notice', message),
        onWentBack: (next) => this.#beginAgain(next),
      },
      again,
    })
    this.#session = session
    session.setIdle(this.#activity.idle)
    this.#emit('weft-status', { status: session.status })
    this.#emit('weft-presence', { people: session.people })
    void this.#show(session)
  }

  async #show(session: Session): Promise<void> {
    let from: ReadyDetail['from']
    try {
      from = await session.whenLoaded()
    } catch {
      // Refused before there was anything to show: the status says why. Destroyed: nobody is looking any more.
      if (session === this.#session) this.phase = 'refused'
      return
    }
    await this.updateComplete
    const handles = this.renderRoot.querySelector<HTMLElement>('.handles')
    const tableMenu = this.renderRoot.querySelector('weft-table-menu')
    if (session !== this.#session || this.#content === undefined || this.#layer === undefined) return
    if (handles === null || tableMenu === null) return
    this.phase = 'ready'
    this.#writing = new Writing({
      session,
      root: this.renderRoot as ShadowRoot,
      content: this.#content,
      layer: this.#layer,
      handles,
      tableMenu,
      strings: this.#strings,
      onMissing: this.#missing,
      editable: this.#editable(),
      onLink: () => void this.#cards.openLink(),
      onEdit: (key, element) => void this.#cards.openObject(key, element),
      onFault: () => this.#fail('editor', this.#strings.errors.editor),
      onHolding: () => this.#statusChanged(),
    })
    this.requestUpdate()
    await this.updateComplete
    const place = this.#place
    this.#place = undefined
    if (place !== undefined) this.#writing?.focusAt(place)
    else if (this.autofocus) this.focus()
    this.#emit('weft-ready', { from })
    if (this.#editable()) this.#stopFetching = fetchPartsWhenIdle()
  }

  #close(): void {
    this.#stopFetching?.()
    this.#floating.hide()
    this.#writing?.close()
    this.#writing = undefined
    const session = this.#session
    this.#session = undefined
    this.#guard(undefined)
    void session?.close()
    this.requestUpdate()
  }

  #address(): DocumentAddress | undefined {
    const base = this.ownerDocument.baseURI
    return this.src === ''
      ? addressOfParts(this.server === '' ? location.origin : this.server, this.doc, base)
      : addressOfSource(this.src, base)
  }

  #person(): Required<WeftUser> {
    const guest = guestOf(browserStorage())
    const id = this.user?.id ?? guest.id
    const color = this.user?.color === undefined ? colorOf(id) : shownColor(this.user.color, id)
    return { id, name: this.user?.name ?? guest.name, color }
  }

  #editable(): boolean {
    const facts = this.facts
    const allowed =
      facts === undefined || ((facts.role === 'edit' || facts.role === 'own') && !facts.readOnly)
    return this.mode === 'edit' && !this.readonly && allowed && this.status.kind !== 'refused'
  }

  #placement(): Exclude<ToolbarPlacement, 'auto'> {
    if (this.toolbar === 'auto') return this.narrow ? 'bottom' : 'top'
    return this.toolbar
  }

  #statusChanged(): void {
    this.#guard(this.status.kind)
    this.#emit('weft-status', { status: this.status })
    this.requestUpdate()
  }

  #factsChanged(): void {
    const facts = this.facts
    if (facts !== undefined) this.#emit('weft-document', facts)
    this.requestUpdate()
  }

  readonly #pageDown = (event: MouseEvent): void => {
    const page = event.currentTarget as HTMLElement
    const below = this.#content?.getBoundingClientRect().bottom ?? 0
    if (!this.#editable() || event.button !== 0 || this.phase !== 'ready') return
    if (event.target instanceof Element && event.target.closest('.content') !== null) return
    if (!page.contains(event.target as Node) || event.clientY < below) return
    event.preventDefault()
    this.#writing?.focusEnd()
  }

  readonly #missing = (): void => this.#fail('notice', this.#strings.errors.part)

  #float(): void {
    const bar = this.renderRoot.querySelector<HTMLElement>('.bar.floating')
    const [content, surface] = [this.#content, this.#writing?.surface]
    if (bar === null || surface === undefined || content === undefined) this.#floating.hide()
    else this.#floating.show({ bar, content, root: this.renderRoot as ShadowRoot, surface })
  }

  #fail(code: EditorErrorCode, message: string): void {
    this.#emit('weft-error', { code, message })
  }

  #emit<K extends keyof WeftEventMap>(type: K, detail: WeftEventMap[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
  }

  static override styles = [
    tokens,
    controls,
    editorStyle,
    inCells(textStyle),
    inCells(blockStyle),
    inCells(objectStyle),
    tableStyle,
  ]
}

defineElement('weft-editor', WeftEditor)

declare global {
  interface HTMLElementTagNameMap {
    'weft-editor': WeftEditor
  }
}
