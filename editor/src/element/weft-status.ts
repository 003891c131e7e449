/**
 * `<weft-status>`: where the words are kept, always in words, at every width; a press opens the figures behind it.
 *
 * It says what the editor's `status` says and decides nothing. Set its `editor` property to a `<weft-editor>`.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { defineElement } from '../ui/define.ts'
import { type IconName, icon } from '../ui/icons.ts'
import { openBeside } from '../ui/popover.ts'
import { statusStyle } from '../ui/status-style.ts'
import { ENGLISH, type Strings } from '../ui/strings.ts'
import { controls, tokens } from '../ui/theme.ts'
import type { SaveStatus, WeftEditorApi } from './api.ts'

/** While the panel is open its figures are read anew this often. */
const REFRESH_MS = 1_000
/** Typing makes "Editing", "Saving" and "Saved" alternate; a screen reader hears where it came to rest. */
const ANNOUNCE_MS = 1_200

const SIGNS: Readonly<Record<SaveStatus['kind'], IconName>> = {
  loading: 'saving',
  saving: 'saving',
  saved: 'saved',
  'on-device': 'device',
  'not-saved': 'warning',
  refused: 'warning',
  local: 'device',
}

export class WeftStatus extends LitElement {
  static override properties = {
    editor: { attribute: false },
    theme: { reflect: true },
    status: { state: true },
    open: { state: true },
    said: { state: true },
  }

  declare editor: (WeftEditorApi & HTMLElement) | undefined
  declare theme: string | undefined
  declare protected status: SaveStatus | undefined
  declare protected open: boolean
  /** What a screen reader hears: it follows `status` at a calmer pace. */
  declare protected said: string

  readonly #strings: Strings = ENGLISH
  #followed: EventTarget | undefined
  #refresh: ReturnType<typeof setInterval> | undefined
  #announce: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.editor = undefined
    this.theme = undefined
    this.status = undefined
    this.open = false
    this.said = ''
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#follow()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#unfollow()
    clearInterval(this.#refresh)
    clearTimeout(this.#announce)
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('editor')) this.#follow()
  }

  #follow(): void {
    this.#unfollow()
    const { editor } = this
    this.status = editor?.status
    if (editor === undefined || !this.isConnected) return
    this.#followed = editor
    editor.addEventListener('weft-status', this.#changed)
  }

  #unfollow(): void {
    this.#followed?.removeEventListener('weft-status', this.#changed)
    this.#followed = undefined
  }

  readonly #changed = (): void => {
    const status = this.editor?.status
    this.status = status
    clearTimeout(this.#announce)
    this.#announce = setTimeout(() => {
      if (status !== undefined && status.tone !== 'quiet') this.said = status.label
    }, ANNOUNCE_MS)
  }

  protected override render(): TemplateResult | typeof nothing {
    const { status } = this
    if (status === undefined || status.label === '')
      return html`<span class="visually-hidden" aria-live="polite"></span>`
    return html`<button
        type="button"
        class="pill ${status.tone}"
        data-kind=${status.kind}
        aria-haspopup="dialog"
        aria-expanded=${this.open ? 'true' : 'false'}
        @click=${this.#toggle}
      >
        ${icon(SIGNS[status.kind])}<span class="label">${status.label}</span>
      </button>
      <span class="visually-hidden" role="status" aria-live="polite">${this.said}</span>
      <div
        class="panel"
        popover="auto"
        role="dialog"
        aria-label=${this.#strings.status.title}
        @toggle=${this.#toggled}
      >
        ${this.open ? this.#panel(status) : nothing}
      </div>`
  }

  #panel(status: SaveStatus): TemplateResult {
    const words = this.#strings.status
    const facts = this.editor?.connection
    return html`<p class="head ${status.tone}">${icon(SIGNS[status.kind])}<strong>${status.label}</strong></p>
      ${status.detail === '' ? nothing : html`<p class="detail">${status.detail}</p>`}
      ${
        facts === undefined
          ? nothing
          : html`<dl>
            <dt>${words.transport}</dt>
            <dd>${facts.connected ? words.connected : words.disconnected}</dd>
            <dt>${words.server}</dt>
            <dd>${hostOf(facts.server)}</dd>
            <dt>${words.roundTrip}</dt>
            <dd>${facts.roundTripMs === undefined ? words.none : `${Math.round(facts.roundTripMs)} ms`}</dd>
            <dt>${words.lastAck}</dt>
            <dd>${facts.lastAckAgoMs === undefined ? words.none : words.ago(Math.round(facts.lastAckAgoMs / 1_000))}</dd>
            <dt>${words.queue}</dt>
            <dd>${words.edits(facts.editsWaiting)}</dd>
          </dl>`
      }
      ${
        status.tone === 'warning' || status.tone === 'danger'
          ? html`<p class="hint">${words.administrator}</p>`
          : nothing
      }`
  }

  readonly #toggle = (): void => {
    const panel = this.renderRoot.querySelector<HTMLElement>('.panel')
    const pill = this.renderRoot.querySelector<HTMLElement>('.pill')
    if (panel === null || pill === null) return
    if (this.open) return panel.hidePopover()
    void this.#show(panel, pill)
  }

  async #show(panel: HTMLElement, pill: HTMLElement): Promise<void> {
    // Drawn before it is placed: its height decides on which side it fits.
    this.open = true
    await this.updateComplete
    openBeside(panel, pill.getBoundingClientRect())
    this.#refresh = setInterval(() => this.requestUpdate(), REFRESH_MS)
  }

  readonly #toggled = (event: Event): void => {
    if ((event as ToggleEvent).newState === 'open') return
    this.open = false
    clearInterval(this.#refresh)
  }

  static override styles = [tokens, controls, statusStyle]
}

function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).host : server
}

defineElement('weft-status', WeftStatus)

declare global {
  interface HTMLElementTagNameMap {
    'weft-status': WeftStatus
  }
}
