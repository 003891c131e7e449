/**
 * The small card that makes, changes, opens or removes a link.
 *
 * It takes only addresses that `link-address.ts` allows.
 */
import { css, html, nothing, type TemplateResult } from 'lit'
import { Card, type CardChoice } from './card-parts.ts'
import { defineElement } from './define.ts'
import { linkAddress } from './link-address.ts'
import { menuIcon } from './menu-icons.ts'
import type { Box } from './popover.ts'

interface Applied {
  readonly kind: 'apply'
  readonly address: string
}

export type LinkChoice = CardChoice<Applied>

export class LinkCard extends Card<Applied> {
  static override properties = {
    address: { state: true },
    existing: { state: true },
    refused: { state: true },
  }

  declare protected address: string
  declare protected existing: string | undefined
  declare protected refused: boolean

  constructor() {
    super()
    this.address = ''
    this.existing = undefined
    this.refused = false
  }

  /** @param existing the address of the link that stands there already. */
  async open(anchor: Box, existing: string | undefined): Promise<void> {
    this.existing = existing
    this.address = existing ?? ''
    this.refused = false
    await this.show(anchor)
  }

  protected override render(): TemplateResult {
    const words = this.strings.link
    const safe = linkAddress(this.existing ?? '')
    return html`<form
      role="dialog"
      aria-label=${words.title}
      novalidate
      @submit=${this.#submit}
      @keydown=${this.key}
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
            <button class="plain" type="button" @click=${this.takeAway}>${menuIcon('unlink')}${words.remove}</button>
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
    if (this.address.trim() === '') return this.existing === undefined ? this.close() : this.takeAway()
    const address = linkAddress(this.address)
    if (address === undefined) {
      this.refused = true
      return
    }
    this.answer({ kind: 'apply', address })
  }

  static override styles = [
    Card.styles,
    css`
      :host {
        padding: 10px;
      }
      .row {
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
    `,
  ]
}

defineElement('weft-link-card', LinkCard)

declare global {
  interface HTMLElementTagNameMap {
    'weft-link-card': LinkCard
  }
}
