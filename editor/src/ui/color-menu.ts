/** The colours of text and of what is behind it: two grids of the same nine names, each with a way back to none. */
import { COLORS, type Color } from '@weft/document'
import { css, html, type TemplateResult } from 'lit'
import { defineElement } from './define.ts'
import { isRightToLeft } from './direction.ts'
import { menuIcon } from './menu-icons.ts'
import { entriesOf, goByKey, gridStyle, gridTarget, holdSelection, Menu, tellPick } from './menu-parts.ts'
import { colorRules } from './palette.ts'

/** Without a colour it takes the one that is there away. */
export interface ColorChoice {
  readonly command: 'color' | 'highlight'
  readonly color: Color | undefined
}

const COLUMNS = 5
const CHOICES: readonly (Color | undefined)[] = [undefined, ...COLORS]

/** Fires `pick` with a choice, or with null when it was left by Escape or Tab. */
export class ColorMenu extends Menu {
  static override properties = {
    color: { attribute: false },
    highlight: { attribute: false },
  }

  declare color: Color | undefined
  declare highlight: Color | undefined

  constructor() {
    super()
    this.color = undefined
    this.highlight = undefined
  }

  /** Puts the keyboard on the colour that the text has. */
  focusCurrent(): void {
    const [first, ...others] = entriesOf(this)
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
      @click=${() => tellPick(this, choice)}
    >
      <span data-color=${command === 'color' ? color : 'no'} data-highlight=${command === 'highlight' ? color : 'no'}
        >${color === undefined ? menuIcon('close') : 'A'}</span
      >
    </button>`
  }

  readonly #key = (event: KeyboardEvent): void => {
    const swatches = entriesOf(this)
    goByKey(this, event, (key, from) => {
      const at = swatches.findIndex((swatch) => swatch === from)
      return gridTarget({ key, at, columns: COLUMNS, isRtl: isRightToLeft(this) }, swatches)
    })
  }

  static override styles = [
    Menu.styles,
    gridStyle,
    css`
      :host {
        padding: 8px 12px 12px;
        --columns: 5;
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
