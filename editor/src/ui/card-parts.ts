/**
 * What the cards have in common: they open beside what they are about, keep their keys to themselves, and answer once.
 *
 * A card gives the selection back to the text when it closes: that is its opener's business (`element/cards.ts`).
 */
import { type CSSResultGroup, css, LitElement, type PropertyDeclarations } from 'lit'
import { type Box, openBeside } from './popover.ts'
import { ENGLISH, type Strings } from './strings.ts'
import { controls, tokens } from './theme.ts'

/** `remove` what it was about, or `close` when nothing is to change. */
export type CardChoice<Applied> = Applied | { readonly kind: 'remove' } | { readonly kind: 'close' }

const CLOSE = { kind: 'close' } as const

/** Fires `choice` once for each time it was opened. */
export abstract class Card<Applied> extends LitElement {
  static override properties: PropertyDeclarations = { strings: { attribute: false } }

  declare strings: Strings

  /** Closing by a press elsewhere must not be taken for a second answer. */
  #answered = true

  constructor() {
    super()
    this.strings = ENGLISH
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.addEventListener('toggle', this.#toggled)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.removeEventListener('toggle', this.#toggled)
  }

  /** With the keyboard in its first field, all that stands there selected. */
  protected async show(anchor: Box): Promise<void> {
    this.#answered = false
    await this.updateComplete
    openBeside(this, anchor)
    const field = this.renderRoot.querySelector<HTMLInputElement>('.field')
    field?.focus()
    field?.select()
  }

  protected answer(choice: CardChoice<Applied>): void {
    if (this.#answered) return
    this.#answered = true
    if (this.matches(':popover-open')) this.hidePopover()
    this.dispatchEvent(new CustomEvent<CardChoice<Applied>>('choice', { detail: choice }))
  }

  protected readonly takeAway = (): void => this.answer({ kind: 'remove' })

  protected readonly close = (): void => this.answer(CLOSE)

  /** Keys in the card are not for the text around it. */
  protected readonly key = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.key !== 'Escape') return
    event.preventDefault()
    this.close()
  }

  readonly #toggled = (event: Event): void => {
    if ((event as ToggleEvent).newState === 'closed') this.close()
  }

  static override styles: CSSResultGroup = [
    tokens,
    controls,
    css`
      :host {
        position: fixed;
        inset: auto;
        margin: 0;
        border: 1px solid var(--w-line);
        padding: 12px;
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
