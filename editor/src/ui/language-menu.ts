/** The picker for the language of a code block: a field that finds, and a list that the arrows go through. */
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { defineElement } from './define.ts'
import { findLanguages, languageNamed, languageTyped } from './languages.ts'
import { holdSelection, Menu, tellPick, tick } from './menu-parts.ts'

interface Option {
  /** What is stored; '' for plain text. */
  readonly name: string
  readonly label: string
}

/** Fires `pick` with a language's name, '' for none, or with null when it was left by Escape or Tab. */
export class LanguageMenu extends Menu {
  static override properties = {
    current: { attribute: false },
    typed: { state: true },
    at: { state: true },
  }

  /** What the block has. */
  declare current: string
  declare protected typed: string
  /** The option that Enter takes. */
  declare protected at: number

  constructor() {
    super()
    this.current = ''
    this.typed = ''
    this.at = 0
    // Also where a touch leaves the keyboard in the text.
    this.addEventListener('toggle', () => this.#reveal())
  }

  focusCurrent(): void {
    this.renderRoot.querySelector('input')?.focus()
    this.#reveal()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('current'))
      this.at = Math.max(
        0,
        this.#options().findIndex((each) => this.#isCurrent(each)),
      )
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('at')) this.#reveal()
  }

  protected override render(): TemplateResult {
    const { language } = this.strings
    const options = this.#options()
    return html`<div class="ask" @keydown=${this.#key}>
        <input
          class="field"
          type="text"
          role="combobox"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          aria-label=${language.find}
          placeholder=${language.find}
          aria-expanded="true"
          aria-controls="list"
          aria-autocomplete="list"
          aria-activedescendant=${options.length === 0 ? nothing : `option-${this.at}`}
          .value=${this.typed}
          @input=${this.#input}
        />
      </div>
      <div id="list" role="listbox" aria-label=${language.title} @mousedown=${holdSelection}>
        ${options.map((option, index) => this.#option(option, index))}
      </div>
      <p role="status">${options.length === 0 ? language.none : nothing}</p>`
  }

  #option(option: Option, index: number): TemplateResult {
    const isCurrent = this.#isCurrent(option)
    return html`<button
      type="button"
      role="option"
      id="option-${index}"
      tabindex="-1"
      aria-selected=${index === this.at}
      data-language=${option.name}
      @click=${() => tellPick(this, option.name)}
      @pointermove=${() => {
        this.at = index
      }}
    >
      <span class="name">${option.label}</span>
      ${tick(isCurrent)}
    </button>`
  }

  #options(): readonly Option[] {
    const { plain, use } = this.strings.language
    const found: readonly Option[] = findLanguages(this.typed)
    const name = languageTyped(this.typed)
    if (this.typed.trim() === '') return [{ name: '', label: plain }, ...found]
    // A name that is nobody else's can be kept all the same.
    const isKnown = name === undefined || languageNamed(name) !== undefined
    return isKnown ? found : [...found, { name, label: use(name) }]
  }

  #isCurrent({ name }: Option): boolean {
    return name === (languageNamed(this.current)?.name ?? this.current)
  }

  #reveal(): void {
    this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }

  readonly #input = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value
    this.at = 0
  }

  readonly #key = (event: KeyboardEvent): void => {
    // Keys in the picker are not for the text around it.
    event.stopPropagation()
    if (event.isComposing) return
    const count = this.#options().length
    switch (event.key) {
      case 'ArrowDown':
        this.at = count === 0 ? 0 : (this.at + 1) % count
        break
      case 'ArrowUp':
        this.at = count === 0 ? 0 : (this.at - 1 + count) % count
        break
      case 'Enter': {
        const option = this.#options()[this.at]
        if (option !== undefined) tellPick(this, option.name)
        break
      }
      case 'Escape':
      case 'Tab':
        tellPick(this, null)
        break
      default:
        return
    }
    event.preventDefault()
  }

  static override styles = [
    Menu.styles,
    css`
      :host {
        width: 240px;
        min-width: 0;
      }
      .ask {
        position: sticky;
        top: -6px;
        margin: -6px -6px 6px;
        padding: 6px;
        border-bottom: 1px solid var(--w-line);
        background: var(--w-surface);
      }
      #list {
        max-height: min(288px, calc(100dvh - 120px));
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      button[aria-selected='true'] {
        background: var(--w-hover);
      }
      p {
        margin: 0 8px;
        color: var(--w-muted);
        font-size: 13px;
        line-height: 20px;
      }
      @media (forced-colors: active) {
        button[aria-selected='true'] {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }
    `,
  ]
}

defineElement('weft-language-menu', LanguageMenu)

declare global {
  interface HTMLElementTagNameMap {
    'weft-language-menu': LanguageMenu
  }
}
