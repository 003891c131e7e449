/**
 * The small card that makes, changes, opens or removes a link.
 *
 * It takes only addresses that `link-address.ts` allows, and gives the selection back to the text when it closes.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { defineElement } from './define.ts'
import { linkAddress } from './link-address.ts'
import { menuIcon } from './menu-icons.ts'
import { type Box, openBeside } from './popover.ts'
import { ENGLISH, type Strings } from './strings.ts'
import { controls, tokens } from './theme.ts'

/** `apply` with an address, `remove`, or `close` when nothing is to change. */
export type LinkChoice =
  | { readonly kind: 'apply'; readonly address: string }
  | { readonly kind: 'remove' }
  | { readonly kind: 'close' }

/** Fires `choice` once for each time it was opened. */
export class LinkCard extends LitElement {
  static override properties = {
    strings: { attribute: false },
    address: { state: true },
    existing: { state: true },
    refused: { state: true },
  }

  declare strings: Strings
  declare protected address: string
  declare protected existing: string | undefined
  declare protected refused: boolean

  /** Closing by a press elsewhere must not be taken for a second answer. */
  #answered = true

  constructor() {
    super()
    this.strings = ENGLISH
    this.address = ''
    this.existing = undefined
    this.refused = false
  }

  /** @param existing the address of the link that stands there already. */
  async open(anchor: Box, existing: string | undefined): Promise<void> {
    this.existing = existing
    this.address = existing ?? ''
    this.refused = false
    this.#answered = false
    await this.updateComplete
    openBeside(this, anchor)
    const field = this.renderRoot.querySelector('input')
    field?.focus()
    field?.select()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.addEventListener('toggle', this.#toggled)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.removeEventListener('toggle', this.#toggled)
  }

  protected override render(): TemplateResult {
    const words = this.strings.link
    const safe = linkAddress(this.existing ?? '')
    return html`<form
      role="dialog"
      aria-label=${words.title}
      novalidate
      @submit=${this.#submit}
      @keydown=${this.#key}
    >
      <div class="row">
        <input
          class="field"
          type="url"
          inputmode="url"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          aria-label=${words.address}
          aria-invalid=${this.refused ? 'true' : nothing}
          aria-describedby=${this.refused ? 'refused' : nothing}
          placeholder=${words.address}
          .value=${this.address}
          @input=${this.#input}
        />
        <button class="filled" type="submit">${words.apply}</button>
      </div>
      ${this.refused ? html`<p id="refused" role="alert">${words.refused}</p>` : nothing}
      ${
        this.existing === undefined
          ? nothing
          : html`<div class="row more">
            ${
              safe === undefined
                ? nothing
                : html`<a class="plain" href=${safe} target="_blank" rel="noopener noreferrer nofollow"
                  >${menuIcon('open')}${words.open}</a
                >`
            }
            <button class="plain" type="button" @click=${this.#remove}>${menuIcon('unlink')}${words.remove}</button>
          </div>`
      }
    </form>`
  }

  readonly #input = (event: Event): void => {
    this.address = (event.target as HTMLInputElement).value
    this.refused = false
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault()
    if (this.address.trim() === '')
      return this.#answer(this.existing === undefined ? CLOSE : { kind: 'remove' })
    const address = linkAddress(this.address)
    if (address === undefined) {
      this.refused = true
      return
    }
    this.#answer({ kind: 'apply', address })
  }

  readonly #remove = (): void => this.#answer({ kind: 'remove' })

  readonly #key = (event: KeyboardEvent): void => {
    // Keys in the card are not for the text around it.
    event.stopPropagation()
    if (event.key !== 'Escape') return
    event.preventDefault()
    this.#answer(CLOSE)
  }

  readonly #toggled = (event: Event): void => {
    if ((event as ToggleEvent).newState === 'closed') this.#answer(CLOSE)
  }

  #answer(choice: LinkChoice): void {
    if (this.#answered) return
    this.#answered = true
    if (this.matches(':popover-open')) this.hidePopover()
    this.dispatchEvent(new CustomEvent<LinkChoice>('choice', { detail: choice }))
  }

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        position: fixed;
        inset: auto;
        margin: 0;
        border: 1px solid var(--w-line);
        padding: 10px;
        width: min(380px, calc(100vw - 16px));
        border-radius: var(--w-radius-menu);
        background: var(--w-surface);
        color: var(--w-text);
        box-shadow: var(--w-shadow);
        font-family: var(--w-font);
        font-size: 14px;
      }
      .row {
        display: flex;
        gap: 8px;
        align-items: center;
      }
      .more {
        margin-top: 8px;
        gap: 4px;
      }
      .plain {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        padding: 0 10px;
        border-radius: var(--w-radius);
        color: inherit;
        text-decoration: none;
        font-size: 14px;
      }
      .plain .icon {
        width: 18px;
        height: 18px;
        color: var(--w-muted);
      }
      p {
        margin: 8px 2px 0;
        color: var(--w-danger);
        font-size: 13px;
        line-height: 1.4;
      }
    `,
  ]
}

const CLOSE: LinkChoice = { kind: 'close' }

defineElement('weft-link-card', LinkCard)

declare global {
  interface HTMLElementTagNameMap {
    'weft-link-card': LinkCard
  }
}
