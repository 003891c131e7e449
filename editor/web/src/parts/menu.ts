/** A button that opens a menu: arrow keys, Home, End, first letters, Escape; the focus returns to the button. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { base } from './base.ts'
import { type IconName, icon } from './icons.ts'
import { place } from './popover.ts'

export type MenuItem =
  | {
      readonly kind: 'action'
      readonly label: string
      readonly icon: IconName
      readonly danger?: boolean
      run(): void
    }
  /** One of several that exclude each other. */
  | { readonly kind: 'choice'; readonly label: string; readonly checked: boolean; run(): void }
  | { readonly kind: 'heading'; readonly label: string }
  | { readonly kind: 'separator' }

export class AppMenu extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
      }
      .menu {
        position: fixed;
        inset: auto;
        margin: 0;
        min-width: 208px;
        padding: 6px;
        border: 0;
        border-radius: 10px;
        background: var(--weft-surface);
        color: var(--weft-text);
        box-shadow: var(--weft-shadow);
        font-size: 14px;
      }
      .item {
        display: flex;
        align-items: center;
        gap: 10px;
        width: 100%;
        min-height: max(34px, var(--weft-control));
        padding: 0 10px;
        border: 0;
        border-radius: 6px;
        background: none;
        text-align: start;
        cursor: pointer;
      }
      .item:hover,
      .item:focus {
        background: var(--weft-hover);
        outline: none;
      }
      .item:focus-visible {
        outline: 2px solid var(--weft-accent);
        outline-offset: -2px;
      }
      .item svg {
        color: var(--weft-muted);
      }
      .danger,
      .danger svg {
        color: var(--weft-danger);
      }
      .gutter {
        width: 18px;
      }
      .heading {
        padding: 8px 10px 4px;
        color: var(--weft-muted);
        font-size: 12px;
        font-weight: 600;
      }
      hr {
        margin: 6px 10px;
        border: 0;
        border-top: 1px solid var(--weft-line);
      }
    `,
  ]

  static override properties = { label: {}, items: { attribute: false }, open: { state: true } }
  /** What the button is called; it shows three dots. */
  declare label: string
  declare items: readonly MenuItem[]
  declare private open: boolean

  constructor() {
    super()
    this.label = 'More'
    this.items = []
    this.open = false
  }

  private get panel(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.menu')
  }

  private get button(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.button')
  }

  private get entries(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.item')]
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('open') || !this.open) return
    const { panel, button } = this
    if (panel === null || button === null) return
    panel.showPopover()
    place(panel, button)
    this.entries[0]?.focus()
  }

  private close(): void {
    if (this.panel?.matches(':popover-open') === true) this.panel.hidePopover()
  }

  private readonly toggled = (event: ToggleEvent): void => {
    if (event.newState === 'open') return
    // Escape and choosing come back to the button; a click elsewhere has taken the focus to where it went.
    if (
      this.shadowRoot?.activeElement?.closest('.menu') !== null ||
      document.activeElement === document.body
    ) {
      this.button?.focus()
    }
    this.open = false
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const entries = this.entries
    const at = entries.findIndex((entry) => entry === this.shadowRoot?.activeElement)
    const go = (index: number): void => {
      event.preventDefault()
      entries.at(index % entries.length)?.focus()
    }
    switch (event.key) {
      case 'ArrowDown':
        return go(at + 1)
      case 'ArrowUp':
        return go(at - 1)
      case 'Home':
        return go(0)
      case 'End':
        return go(-1)
      case 'Tab':
        return this.close()
      default: {
        if (event.key.length !== 1) return
        const starts = (entry: HTMLElement): boolean =>
          entry.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase())
        const found = [...entries.slice(at + 1), ...entries].find(starts)
        found?.focus()
      }
    }
  }

  protected override render(): TemplateResult {
    return html`<button
        class="button quiet icon"
        aria-label=${this.label}
        title=${this.label}
        aria-haspopup="menu"
        aria-expanded=${this.open}
        @click=${() => {
          this.open = true
        }}
      >
        ${icon('more')}
      </button>
      ${this.open ? this.renderPanel() : nothing}`
  }

  private renderPanel(): TemplateResult {
    return html`<div
      class="menu"
      role="menu"
      popover="auto"
      aria-label=${this.label}
      @toggle=${this.toggled}
      @keydown=${this.pressed}
    >
      ${this.items.map((item) => this.renderItem(item))}
    </div>`
  }

  private renderItem(item: MenuItem): TemplateResult {
    const choose = (run: () => void) => () => {
      this.close()
      run()
    }
    switch (item.kind) {
      case 'action':
        return html`<button
          class="item ${item.danger === true ? 'danger' : ''}"
          role="menuitem"
          tabindex="-1"
          @click=${choose(() => item.run())}
        >
          ${icon(item.icon, 18)} ${item.label}
        </button>`
      case 'choice':
        return html`<button
          class="item"
          role="menuitemradio"
          aria-checked=${item.checked}
          tabindex="-1"
          @click=${choose(() => item.run())}
        >
          <span class="gutter">${item.checked ? icon('check', 18) : nothing}</span> ${item.label}
        </button>`
      case 'heading':
        return html`<div class="heading" role="presentation">${item.label}</div>`
      case 'separator':
        return html`<hr />`
    }
  }
}
customElements.define('app-menu', AppMenu)
