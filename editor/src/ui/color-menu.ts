/** The colours of text and of what is behind it: two grids of the same nine names, each with a way back to none. */
import { COLORS, type Color } from '@weft/document'
import { css, html, LitElement, type TemplateResult } from 'lit'
import { defineElement } from './define.ts'
import { icon } from './icons.ts'
import { gridTarget, holdSelection, menuStyle } from './menu-parts.ts'
import { colorRules } from './palette.ts'
import { ENGLISH, type Strings } from './strings.ts'
import { controls, tokens } from './theme.ts'

/** Without a colour it takes the one that is there away. */
export interface ColorChoice {
  readonly command: 'color' | 'highlight'
  readonly color: Color | undefined
}

const COLUMNS = 5
const CHOICES: readonly (Color | undefined)[] = [undefined, ...COLORS]

/** Fires `pick` with a choice, or with null when it was left by Escape or Tab. */
export class ColorMenu extends LitElement {
  static override properties = {
    strings: { attribute: false },
    color: { attribute: false },
    highlight: { attribute: false },
  }

  declare strings: Strings
  declare color: Color | undefined
  declare highlight: Color | undefined

  constructor() {
    super()
    this.strings = ENGLISH
    this.color = undefined
    this.highlight = undefined
  }

  /** Puts the keyboard on the colour that the text has. */
  focusCurrent(): void {
    const [first, ...others] = this.#swatches()
    const ticked = [first, ...others].filter((one) => one?.getAttribute('aria-checked') === 'true')
    // Who looks for a colour mostly wants another one where there is one.
    ;(ticked.find((one) => one?.dataset['name'] !== 'none') ?? first)?.focus()
  }

  protected override render(): TemplateResult {
    return html`<div
      role="menu"
      aria-label=${this.strings.colorMenu}
      @keydown=${this.#key}
      @mousedown=${holdSelection}
    >
      ${this.#grid('color')} ${this.#grid('highlight')}
    </div>`
  }

  #grid(command: ColorChoice['command']): TemplateResult {
    const name = this.strings.commands[command]
    return html`<div role="group" aria-label=${name}>
      <p aria-hidden="true">${name}</p>
      <div class="grid">${CHOICES.map((color) => this.#swatch({ command, color }))}</div>
    </div>`
  }

  #swatch(choice: ColorChoice): TemplateResult {
    const { command, color } = choice
    const label = color === undefined ? this.strings.plainColor : this.strings.colors[color]
    const isCurrent = this[command] === color
    return html`<button
      type="button"
      role="menuitemradio"
      aria-checked=${isCurrent}
      aria-label=${label}
      title=${label}
      data-command=${command}
      data-name=${color ?? 'none'}
      tabindex="-1"
      @click=${() => this.#pick(choice)}
    >
      <span data-color=${command === 'color' ? color : 'no'} data-highlight=${command === 'highlight' ? color : 'no'}
        >${color === undefined ? icon('close') : 'A'}</span
      >
    </button>`
  }

  #pick(choice: ColorChoice | null): void {
    this.dispatchEvent(new CustomEvent('pick', { detail: choice }))
  }

  readonly #key = (event: KeyboardEvent): void => {
    const swatches = this.#swatches()
    const at = swatches.findIndex((swatch) => swatch === event.target)
    const isRtl = getComputedStyle(this).direction === 'rtl'
    const to = gridTarget({ key: event.key, at, columns: COLUMNS, isRtl }, swatches)
    if (event.key === 'Escape' || event.key === 'Tab') this.#pick(null)
    else if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    to?.focus()
  }

  #swatches(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll('button')]
  }

  static override styles = [
    tokens,
    controls,
    menuStyle,
    css`
      :host {
        min-width: 0;
        padding: 8px 12px 12px;
      }
      p {
        margin: 4px 0;
        color: var(--w-muted);
        font-size: 13px;
        line-height: 20px;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(5, var(--w-control));
        gap: 4px;
      }
      button {
        justify-content: center;
        width: var(--w-control);
        padding: 0;
      }
      span {
        display: grid;
        place-items: center;
        width: 24px;
        height: 24px;
        border: 1px solid var(--w-line);
        border-radius: 4px;
        font-weight: 650;
        font-size: 15px;
      }
      span .icon {
        width: 14px;
        height: 14px;
      }
      [aria-checked='true'] span {
        border-color: transparent;
        outline: 2px solid var(--w-accent);
      }
      button:focus-visible {
        outline: 2px solid var(--w-accent);
        outline-offset: 0;
      }
      ${colorRules('button')}
      @media (forced-colors: active) {
        span {
          forced-color-adjust: none;
        }
      }
    `,
  ]
}

defineElement('weft-color-menu', ColorMenu)

declare global {
  interface HTMLElementTagNameMap {
    'weft-color-menu': ColorMenu
  }
}
