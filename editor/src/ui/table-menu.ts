/**
 * The menu of a table: rows, columns, headers, and the table itself.
 *
 * It does nothing by itself: an entry that is chosen is told as a command. Its button is `table-controls.ts`'s business.
 */
import { css, html, nothing, type TemplateResult } from 'lit'
import type { CommandName } from '../element/api.ts'
import { defineElement } from './define.ts'
import { type MenuIconName, menuIcon } from './menu-icons.ts'
import { entriesOf, goInList, holdSelection, Menu, tellPick, tick } from './menu-parts.ts'
import { type Formats, NO_FORMATS } from './surface.ts'

interface MenuEntry {
  readonly command: CommandName
  readonly icon: MenuIconName | undefined
}

const GROUPS: readonly (readonly MenuEntry[])[] = [
  [
    { command: 'row-above', icon: 'row-above' },
    { command: 'row-below', icon: 'row-below' },
    { command: 'column-before', icon: 'column-before' },
    { command: 'column-after', icon: 'column-after' },
  ],
  [
    { command: 'move-row-up', icon: 'arrow-up' },
    { command: 'move-row-down', icon: 'arrow-down' },
    { command: 'move-column-left', icon: 'arrow-left' },
    { command: 'move-column-right', icon: 'arrow-right' },
  ],
  [
    { command: 'header-row', icon: undefined },
    { command: 'header-column', icon: undefined },
  ],
  [
    { command: 'delete-row', icon: 'trash' },
    { command: 'delete-column', icon: 'trash' },
    { command: 'delete-table', icon: 'trash' },
  ],
]

/** Fires `pick` with the command, or with null when it was left by Escape or Tab. */
export class TableMenu extends Menu {
  static override properties = {
    formats: { attribute: false },
  }

  declare formats: Formats

  constructor() {
    super()
    this.formats = NO_FORMATS
  }

  focusFirst(): void {
    entriesOf(this)[0]?.focus()
  }

  protected override render(): TemplateResult {
    return html`<div
      role="menu"
      aria-label=${this.strings.table.menu}
      @keydown=${this.#key}
      @mousedown=${holdSelection}
    >
      ${GROUPS.map(
        (group, at) =>
          html`${at > 0 ? html`<div class="rule" role="separator"></div>` : nothing}
          ${group.map((entry) => this.#entry(entry))}`,
      )}
    </div>`
  }

  #entry({ command, icon: sign }: MenuEntry): TemplateResult {
    const { table, enabled } = this.formats
    const isChecked = command === 'header-row' ? table?.headerRow : table?.headerColumn
    return html`<button
      type="button"
      role=${sign === undefined ? 'menuitemcheckbox' : 'menuitem'}
      aria-checked=${sign === undefined ? isChecked === true : nothing}
      data-command=${command}
      tabindex="-1"
      ?disabled=${!enabled.has(command)}
      @click=${() => tellPick(this, command)}
    >
      ${sign === undefined ? tick(isChecked === true) : menuIcon(sign)}
      <span class="name">${this.strings.commands[command]}</span>
    </button>`
  }

  readonly #key = (event: KeyboardEvent): void => goInList(this, event)

  static override styles = [
    Menu.styles,
    css`
      :host {
        min-width: 236px;
      }
      button .icon {
        width: 18px;
        height: 18px;
      }
      .tick,
      .tick .icon {
        width: 18px;
        height: 18px;
      }
      [data-command^='delete']:enabled:hover,
      [data-command^='delete']:focus-visible {
        color: var(--w-danger);
        background: var(--w-danger-soft);
      }
      :is([data-command='column-before'], [data-command='column-after']):dir(rtl) .icon {
        transform: scaleX(-1);
      }
    `,
  ]
}

defineElement('weft-table-menu', TableMenu)

declare global {
  interface HTMLElementTagNameMap {
    'weft-table-menu': TableMenu
  }
}
