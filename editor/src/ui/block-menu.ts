/** The list of kinds a block can have, with one tick, of what can be put into the text, or of where a block can go. */
import { html, nothing, type TemplateResult } from 'lit'
import type { CommandName } from '../element/api.ts'
import { BLOCK_MENU } from './block-entries.ts'
import { defineElement } from './define.ts'
import { type AnyEntry, INSERT_MENU, MOVE_MENU, NUMBER_MENU } from './insert-entries.ts'
import { isMac, keysOf } from './keys.ts'
import { menuIcon } from './menu-icons.ts'
import { entriesOf, goInList, holdSelection, Menu, tellPick, tick } from './menu-parts.ts'
import type { BlockCommand } from './surface.ts'

/** Fires `pick` with the command, or with null when it was left by Escape or Tab. */
export class BlockMenu extends Menu {
  static override properties = {
    current: { attribute: false },
    inserts: { type: Boolean },
    moves: { type: Boolean },
    enabled: { attribute: false },
  }

  declare current: BlockCommand | undefined
  /** Which of the lists: with neither it is that of kinds. */
  declare inserts: boolean
  declare moves: boolean
  declare enabled: ReadonlySet<CommandName>

  readonly #mac = isMac(globalThis.navigator?.platform ?? '')

  constructor() {
    super()
    this.current = undefined
    this.inserts = false
    this.moves = false
    this.enabled = new Set()
  }

  /** Puts the keyboard on the ticked entry, or the first. */
  focusCurrent(): void {
    const entries = entriesOf(this)
    const ticked = entries.find((entry) => entry.getAttribute('aria-checked') === 'true')
    // With nothing to choose it is left by Escape all the same.
    ;(ticked ?? entries[0] ?? this.renderRoot.querySelector<HTMLElement>('[role=menu]'))?.focus()
  }

  protected override render(): TemplateResult {
    const { strings } = this
    const label = this.moves ? strings.moveBlock : this.inserts ? strings.insert : strings.blockKind
    return html`<div role="menu" tabindex="-1" aria-label=${label} @keydown=${this.#key} @mousedown=${holdSelection}>
      ${this.#list().map((entry) => this.#entry(entry))}
    </div>`
  }

  #list(): readonly AnyEntry[] {
    if (this.moves) return MOVE_MENU
    // By touch there are no handles.
    if (this.inserts) return [...INSERT_MENU, ...MOVE_MENU.filter(({ command }) => this.enabled.has(command))]
    return this.current === 'numbered-list' ? [...BLOCK_MENU, ...NUMBER_MENU] : BLOCK_MENU
  }

  #entry({ command, icon: sign, apart }: AnyEntry): TemplateResult {
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
        @click=${() => tellPick(this, command)}
      >
        ${menuIcon(sign)}<span class="name">${this.strings.commands[command]}</span>
        <span class="keys" aria-hidden="true">${keysOf(command, this.#mac) ?? ''}</span>
        ${isKind ? tick(checked) : nothing}
      </button>`
  }

  readonly #key = (event: KeyboardEvent): void => goInList(this, event)
}

defineElement('weft-block-menu', BlockMenu)

declare global {
  interface HTMLElementTagNameMap {
    'weft-block-menu': BlockMenu
  }
}
