/** The picker for what a callout is and for the sign that stands before it. */
import { CALLOUT_KINDS, type CalloutKind } from '@weft/document'
import { css, html, nothing, type TemplateResult } from 'lit'
import { calloutTone } from './block-style.ts'
import { defineElement } from './define.ts'
import { isRightToLeft } from './direction.ts'
import { menuIcon } from './menu-icons.ts'
import { goByKey, gridStyle, gridTarget, holdSelection, Menu, tellPick, tick } from './menu-parts.ts'

export type CalloutChoice =
  | { readonly command: 'callout'; readonly argument: CalloutKind }
  /** '' for the sign of its kind. */
  | { readonly command: 'callout-sign'; readonly argument: string }

const SIGNS = '💡 📌 ✅ ❌ ❓ ⭐ 🔥 🎯 📝 📣 🧪 🐛 🚀 🔒 ⏰ 📅 👀 💬 🙏 🎉 🤔 ⚡ 📦'.split(' ')

const COLUMNS = 6

/** Fires `pick` with a choice, or with null when it was left by Escape or Tab. */
export class CalloutMenu extends Menu {
  static override properties = {
    kind: { attribute: false },
    emoji: { attribute: false },
  }

  declare kind: CalloutKind
  declare emoji: string

  constructor() {
    super()
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
      @click=${() => tellPick(this, { command: 'callout', argument: kind })}
    >
      <i style="background: ${calloutTone(kind)}"></i>
      <span class="name">${this.strings.callout.kinds[kind]}</span>
      ${tick(isCurrent)}
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
      @click=${() => tellPick(this, { command: 'callout-sign', argument: sign })}
    >
      ${sign === '' ? menuIcon('callout') : sign}
    </button>`
  }

  readonly #key = (event: KeyboardEvent): void => goByKey(this, event, (key, from) => this.#target(key, from))

  /** Below the last kind come the signs, above the first row of them the last kind. */
  #target(key: string, from: HTMLElement): HTMLElement | undefined {
    const kinds = [...this.renderRoot.querySelectorAll<HTMLElement>('.kinds button')]
    const signs = [...this.renderRoot.querySelectorAll<HTMLElement>('.grid button')]
    const inKinds = kinds.findIndex((each) => each === from)
    const inSigns = signs.findIndex((each) => each === from)
    if (inKinds === kinds.length - 1 && key === 'ArrowDown') return signs[0]
    if (inKinds === 0 && key === 'ArrowUp') return signs.at(-1)
    if (inSigns >= 0 && inSigns < COLUMNS && key === 'ArrowUp') return kinds.at(-1)
    if (inSigns >= signs.length - COLUMNS && key === 'ArrowDown') return kinds[0]
    const [at, columns, entries] = inKinds >= 0 ? [inKinds, 1, kinds] : [inSigns, COLUMNS, signs]
    return gridTarget({ key, at, columns, isRtl: isRightToLeft(this) }, entries)
  }

  static override styles = [
    Menu.styles,
    gridStyle,
    css`
      :host {
        --columns: 6;
      }
      i {
        width: 12px;
        height: 12px;
        margin: 0 4px;
        border-radius: 50%;
        forced-color-adjust: none;
      }
      p {
        margin-inline: 8px;
      }
      .grid {
        padding: 0 4px 4px;
      }
      .grid button {
        font-size: 18px;
      }
      .grid [aria-checked='true'] {
        background: var(--w-accent-soft);
        box-shadow: inset 0 0 0 2px var(--w-accent);
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
