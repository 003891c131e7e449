/** The list of kinds a block can have, and the divider that can be put after it: a menu with one tick. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import type { CommandName } from '../element/api.ts'
import { defineElement } from './define.ts'
import { type IconName, icon } from './icons.ts'
import { isMac, keysOf } from './keys.ts'
import { ENGLISH, type Strings } from './strings.ts'
import type { BlockCommand } from './surface.ts'
import { controls, tokens } from './theme.ts'

interface MenuEntry {
  readonly command: BlockCommand | 'divider'
  readonly icon: IconName
  /** A line above it: another sort of thing begins. */
  readonly apart?: true
}

export const BLOCK_MENU: readonly MenuEntry[] = [
  { command: 'paragraph', icon: 'text' },
  { command: 'heading-1', icon: 'heading-1' },
  { command: 'heading-2', icon: 'heading-2' },
  { command: 'heading-3', icon: 'heading-3' },
  { command: 'heading-4', icon: 'heading-4' },
  { command: 'bullet-list', icon: 'bullet-list', apart: true },
  { command: 'numbered-list', icon: 'numbered-list' },
  { command: 'check-list', icon: 'check-list' },
  { command: 'quote', icon: 'quote', apart: true },
  { command: 'callout', icon: 'callout' },
  { command: 'toggle', icon: 'toggle' },
  { command: 'code-block', icon: 'code-block' },
  { command: 'divider', icon: 'divider', apart: true },
]

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
    return html`<div role="menu" aria-label=${this.strings.blockKind} @keydown=${this.#key} @mousedown=${hold}>
      ${BLOCK_MENU.map((entry) => this.#entry(entry))}
    </div>`
  }

  #entry({ command, icon: sign, apart }: MenuEntry): TemplateResult {
    const checked = command === this.current
    const divider = command === 'divider'
    return html`${apart === true ? html`<div class="rule" role="separator"></div>` : nothing}
      <button
        type="button"
        role=${divider ? 'menuitem' : 'menuitemradio'}
        aria-checked=${divider ? nothing : checked}
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
    const to = target(event.key, at, entries)
    if (event.key === 'Escape' || event.key === 'Tab') this.#pick(null)
    else if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    to?.focus()
  }

  #entries(): HTMLButtonElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLButtonElement>('button:enabled')]
  }

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        position: fixed;
        inset: auto;
        margin: 0;
        border: 1px solid var(--w-line);
        padding: 6px;
        min-width: 272px;
        max-height: calc(100dvh - 16px);
        overflow-y: auto;
        border-radius: var(--w-radius-menu);
        background: var(--w-surface);
        color: var(--w-text);
        box-shadow: var(--w-shadow);
        font-family: var(--w-font);
      }
      button {
        display: flex;
        align-items: center;
        gap: 10px;
        width: 100%;
        height: var(--w-control);
        padding: 0 8px;
        text-align: start;
      }
      button .icon {
        color: var(--w-muted);
      }
      button:hover:enabled,
      button:focus-visible {
        background: var(--w-hover);
        outline: none;
      }
      .name {
        flex: 1;
      }
      .keys {
        color: var(--w-muted);
        font-size: 12px;
      }
      .tick {
        width: 16px;
      }
      .tick .icon {
        width: 16px;
        height: 16px;
        color: var(--w-accent);
      }
      .rule {
        height: 1px;
        margin: 6px 8px;
        background: var(--w-line);
      }
      @media (pointer: coarse) {
        .keys {
          display: none;
        }
      }
      @media (forced-colors: active) {
        button:focus-visible {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }
    `,
  ]
}

function hold(event: Event): void {
  event.preventDefault()
}

function target(key: string, at: number, entries: readonly HTMLElement[]): HTMLElement | undefined {
  switch (key) {
    case 'ArrowDown':
      return entries[(at + 1) % entries.length]
    case 'ArrowUp':
      return entries[(at - 1 + entries.length) % entries.length]
    case 'Home':
      return entries[0]
    case 'End':
      return entries.at(-1)
    default:
      return startingWith(key, at, entries)
  }
}

/** The next entry whose name starts with the letter typed. */
function startingWith(key: string, at: number, entries: readonly HTMLElement[]): HTMLElement | undefined {
  if (key.length !== 1 || key === ' ') return undefined
  const after = [...entries.slice(at + 1), ...entries.slice(0, at + 1)]
  const letter = key.toLocaleLowerCase()
  return after.find((entry) =>
    entry.querySelector('.name')?.textContent?.trim().toLocaleLowerCase().startsWith(letter),
  )
}

defineElement('weft-block-menu', BlockMenu)

declare global {
  interface HTMLElementTagNameMap {
    'weft-block-menu': BlockMenu
  }
}
