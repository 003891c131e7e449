/** The list of kinds a block can have, with one tick, or of what can be put into the text. */
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import type { CommandName } from '../element/api.ts'
import { BLOCK_MENU, INSERT_MENU, type MenuEntry, NUMBER_MENU } from './block-entries.ts'
import { defineElement } from './define.ts'
import { icon } from './icons.ts'
import { isMac, keysOf } from './keys.ts'
import { holdSelection, menuStyle, menuTarget } from './menu-parts.ts'
import { ENGLISH, type Strings } from './strings.ts'
import type { BlockCommand } from './surface.ts'
import { controls, tokens } from './theme.ts'

/** Fires `pick` with the command, or with null when it was left by Escape or Tab. */
export class BlockMenu extends LitElement {
  static override properties = {
    strings: { attribute: false },
    current: { attribute: false },
    inserts: { type: Boolean },
    enabled: { attribute: false },
  }

  declare strings: Strings
  declare current: BlockCommand | undefined
  /** Which of the two lists. */
  declare inserts: boolean
  declare enabled: ReadonlySet<CommandName>

  readonly #mac = isMac(globalThis.navigator?.platform ?? '')

  constructor() {
    super()
    this.strings = ENGLISH
    this.current = undefined
    this.inserts = false
    this.enabled = new Set()
  }

  /** Puts the keyboard on the ticked entry, or the first. */
  focusCurrent(): void {
    const entries = this.#entries()
    const ticked = entries.find((entry) => entry.getAttribute('aria-checked') === 'true')
    ;(ticked ?? entries[0])?.focus()
  }

  protected override render(): TemplateResult {
    const kinds = this.current === 'numbered-list' ? [...BLOCK_MENU, ...NUMBER_MENU] : BLOCK_MENU
    const label = this.inserts ? this.strings.insert : this.strings.blockKind
    return html`<div role="menu" aria-label=${label} @keydown=${this.#key} @mousedown=${holdSelection}>
      ${(this.inserts ? INSERT_MENU : kinds).map((entry) => this.#entry(entry))}
    </div>`
  }

  #entry({ command, icon: sign, apart }: MenuEntry): TemplateResult {
    const checked = command === this.current
    const isKind = BLOCK_MENU.some((kind) => kind.command === command)
    return html`${apart === true ? html`<div class="rule" role="separator"></div>` : nothing}
      <button
        type="button"
        role=${isKind ? 'menuitemradio' : 'menuitem'}
        aria-checked=${isKind ? checked : nothing}
        data-command=${command}
        tabindex="-1"
        ?disabled=${!this.enabled.has(command)}
        @click=${() => this.#pick(command)}
      >
        ${icon(sign)}<span class="name">${this.strings.commands[command]}</span>
        <span class="keys" aria-hidden="true">${keysOf(command, this.#mac) ?? ''}</span>
        <span class="tick">${checked ? icon('check') : nothing}</span>
      </button>`
  }

  #pick(command: CommandName | null): void {
    this.dispatchEvent(new CustomEvent('pick', { detail: command }))
  }

  readonly #key = (event: KeyboardEvent): void => {
    const entries = this.#entries()
    const at = entries.findIndex((entry) => entry === event.target)
    const to = menuTarget(event.key, at, entries)
    if (event.key === 'Escape' || event.key === 'Tab') this.#pick(null)
    else if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    to?.focus()
  }

  #entries(): HTMLButtonElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLButtonElement>('button:enabled')]
  }

  static override styles = [tokens, controls, menuStyle]
}

defineElement('weft-block-menu', BlockMenu)

declare global {
  interface HTMLElementTagNameMap {
    'weft-block-menu': BlockMenu
  }
}
