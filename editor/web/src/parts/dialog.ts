/**
 * A modal dialog: open as long as it is rendered, `app-close` when it wants to go (Escape, a click beside it).
 *
 * The browser's own `<dialog>` keeps the focus inside and gives it back.
 */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { base } from './base.ts'

export class AppDialog extends LitElement {
  static override styles = [
    base,
    css`
      dialog {
        width: min(440px, calc(100vw - 32px));
        max-height: calc(100dvh - 32px);
        padding: 0;
        border: 0;
        border-radius: 12px;
        background: var(--weft-surface);
        color: var(--weft-text);
        box-shadow: var(--weft-shadow);
      }
      dialog::backdrop {
        background: light-dark(rgb(20 24 29 / 38%), rgb(0 0 0 / 58%));
      }
      dialog:focus-visible {
        outline: none;
      }
      .body {
        padding: 24px;
      }
      h2 {
        margin-bottom: 12px;
        font-size: 18px;
        font-weight: 650;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      @media (prefers-reduced-motion: no-preference) {
        dialog[open] {
          animation: settle 140ms ease-out;
        }
      }
      @keyframes settle {
        from {
          opacity: 0;
          transform: translateY(6px);
        }
      }
    `,
  ]

  static override properties = { heading: {} }
  declare heading: string

  constructor() {
    super()
    this.heading = ''
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')?.showModal()
  }

  private close(): void {
    this.dispatchEvent(new CustomEvent('app-close'))
  }

  protected override render(): TemplateResult {
    return html`<dialog
      aria-labelledby="heading"
      @close=${() => this.close()}
      @click=${(event: MouseEvent) => {
        if (event.target === event.currentTarget) this.close()
      }}
    >
      <div class="body">
        <h2 id="heading">${this.heading}</h2>
        <slot></slot>
      </div>
    </dialog>`
  }
}
customElements.define('app-dialog', AppDialog)
