/** The picker for what a callout is and for the sign that stands before it. */
import { CALLOUT_KINDS, type CalloutKind } from '@weft/document'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { calloutTone } from './block-style.ts'
import { defineElement } from './define.ts'
import { icon } from './icons.ts'
import { gridTarget, holdSelection, menuStyle } from './menu-parts.ts'
import { ENGLISH, type Strings } from './strings.ts'
import { controls, tokens } from './theme.ts'

export type CalloutChoice =
  | { readonly command: 'callout'; readonly argument: CalloutKind }
  /** '' for the sign of its kind. */
  | { readonly command: 'callout-sign'; readonly argument: string }

const SIGNS = '💡 📌 ✅ ❌ ❓ ⭐ 🔥 🎯 📝 📣 🧪 🐛 🚀 🔒 ⏰ 📅 👀 💬 🙏 🎉 🤔 ⚡ 📦'.split(' ')

const COLUMNS = 6

/** Fires `pick` with a choice, or with null when it was left by Escape or Tab. */
export class CalloutMenu extends LitElement {
  static override properties = {
    strings: { attribute: false },
    kind: { attribute: false },
    emoji: { attribute: false },
  }

  declare strings: Strings
  declare kind: CalloutKind
  declare emoji: string

  constructor() {
    super()
    this.strings = ENGLISH
    this.kind = 'note'
    this.emoji = ''
  }

  focusCurrent(): void {
    this.renderRoot.querySelector<HTMLElement>('.kinds [aria-checked=true]')?.focus()
  }

  protected override render(): TemplateResult {
    const { callout } = this.strings
    return html`<div role="menu" aria-label=${callout.title} @keydown=${this.#key} @mousedown=${holdSelection}>
      <div class="kinds" role="group" aria-label=${callout.title}>
        ${CALLOUT_KINDS.map((kind) => this.#kind(kind))}
      </div>
      <div class="rule" role="separator"></div>
      <div role="group" aria-label=${callout.signs}>
        <p aria-hidden="true">${callout.signs}</p>
        <div class="grid">${['', ...SIGNS].map((sign) => this.#sign(sign))}</div>
      </div>
    </div>`
  }

  #kind(kind: CalloutKind): TemplateResult {
    const isCurrent = kind === this.kind
    return html`<button
      type="button"
      role="menuitemradio"
      aria-checked=${isCurrent}
      data-kind=${kind}
      tabindex="-1"
      @click=${() => this.#pick({ command: 'callout', argument: kind })}
    >
      <i style="background: ${calloutTone(kind)}"></i>
      <span class="name">${this.strings.callout.kinds[kind]}</span>
      <span class="tick">${isCurrent ? icon('check') : nothing}</span>
    </button>`
  }

  #sign(sign: string): TemplateResult {
    const { ownSign } = this.strings.callout
    return html`<button
      type="button"
      role="menuitemradio"
      aria-checked=${sign === this.emoji}
      aria-label=${sign === '' ? ownSign : nothing}
      title=${sign === '' ? ownSign : nothing}
      data-sign=${sign}
      tabindex="-1"
      @click=${() => this.#pick({ command: 'callout-sign', argument: sign })}
    >
      ${sign === '' ? icon('callout') : sign}
    </button>`
  }

  #pick(choice: CalloutChoice | null): void {
    this.dispatchEvent(new CustomEvent('pick', { detail: choice }))
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') this.#pick(null)
    else if (!this.#go(event.key, event.target)) return
    event.preventDefault()
    event.stopPropagation()
  }

  /** Below the last kind come the signs, above the first row of them the last kind. */
  #go(key: string, target: EventTarget | null): boolean {
    const kinds = [...this.renderRoot.querySelectorAll<HTMLElement>('.kinds button')]
    const signs = [...this.renderRoot.querySelectorAll<HTMLElement>('.grid button')]
    const isRtl = getComputedStyle(this).direction === 'rtl'
    const inKinds = kinds.findIndex((each) => each === target)
    const inSigns = signs.findIndex((each) => each === target)
    let to: HTMLElement | undefined
    if (inKinds === kinds.length - 1 && key === 'ArrowDown') to = signs[0]
    else if (inKinds === 0 && key === 'ArrowUp') to = signs.at(-1)
    else if (inSigns >= 0 && inSigns < COLUMNS && key === 'ArrowUp') to = kinds.at(-1)
    else if (inSigns >= signs.length - COLUMNS && key === 'ArrowDown') to = kinds[0]
    else if (inKinds >= 0) to = gridTarget({ key, at: inKinds, columns: 1, isRtl }, kinds)
    else to = gridTarget({ key, at: inSigns, columns: COLUMNS, isRtl }, signs)
    to?.focus()
    return to !== undefined
  }

  static override styles = [
    tokens,
    controls,
    menuStyle,
    css`
      :host {
        min-width: 0;
      }
      i {
        width: 12px;
        height: 12px;
        margin: 0 4px;
        border-radius: 50%;
        forced-color-adjust: none;
      }
      p {
        margin: 4px 8px;
        color: var(--w-muted);
        font-size: 13px;
        line-height: 20px;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(6, var(--w-control));
        gap: 4px;
        padding: 0 4px 4px;
      }
      .grid button {
        justify-content: center;
        width: var(--w-control);
        padding: 0;
        font-size: 18px;
      }
      .grid [aria-checked='true'] {
        background: var(--w-accent-soft);
        box-shadow: inset 0 0 0 2px var(--w-accent);
      }
      .grid button:focus-visible {
        outline: 2px solid var(--w-accent);
        outline-offset: 0;
      }
    `,
  ]
}

defineElement('weft-callout-menu', CalloutMenu)

declare global {
  interface HTMLElementTagNameMap {
    'weft-callout-menu': CalloutMenu
  }
}
