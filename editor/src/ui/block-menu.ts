/** The list of kinds a block can have, and of what can be put behind it: a menu with one tick. */
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import type { CommandName } from '../element/api.ts'
import { BLOCK_MENU, INSERTS, type MenuEntry } from './block-entries.ts'
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
    enabled: { attribute: false },
  }

  declare strings: Strings
  declare current: BlockCommand | undefined
  declare enabled: ReadonlySet<CommandName>

  readonly #mac = isMac(globalThis.navigator?.platform ?? '')

  constructor() {
    super()
    this.strings = ENGLISH
    this.current = undefined
    this.enabled = new Set()
  }

  /** Puts the keyboard on the ticked entry, or the first. */
  focusCurrent(): void {
    const entries = this.#entries()
    const ticked = entries.find((entry) => entry.getAttribute('aria-checked') === 'true')
    ;(ticked ?? entries[0])?.focus()
  }

  protected override render(): TemplateResult {
    return html`<div role="menu" aria-label=${this.strings.blockKind} @keydown=${this.#key} @mousedown=${holdSelection}>
      ${BLOCK_MENU.map((entry) => this.#entry(entry))}
    </div>`
  }

  #entry({ command, icon: sign, apart }: MenuEntry): TemplateResult {
    const checked = command === this.current
    const inserts = INSERTS.has(command)
    return html`${apart === true ? html`<div class="rule" role="separator"></div>` : nothing}
      <button
        type="button"
        role=${inserts ? 'menuitem' : 'menuitemradio'}
        aria-checked=${inserts ? nothing : checked}
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
