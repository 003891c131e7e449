/**
 * Short notes at the foot of the window, one at a time, some with a way back ("Undo").
 *
 * A note leaves by itself, but never while it is pointed at or holds the focus: whoever reaches for Undo gets it.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { base } from './base.ts'
import { icon } from './icons.ts'

export interface Toast {
  readonly text: string
  readonly action?: { readonly label: string; run(): void }
}

/** Long enough to read a sentence and reach a button. */
const SHOWN_MS = 8_000

const told = new EventTarget()

export function toast(note: Toast): void {
  told.dispatchEvent(new CustomEvent<Toast>('toast', { detail: note }))
}

export class AppToasts extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: fixed;
        inset: auto 0 max(20px, env(safe-area-inset-bottom)) 0;
        z-index: 40;
        display: flex;
        justify-content: center;
        padding: 0 16px;
        pointer-events: none;
      }
      .toast {
        display: flex;
        align-items: center;
        gap: 4px;
        max-width: 520px;
        min-height: 44px;
        padding: 4px 6px 4px 16px;
        border-radius: 10px;
        background: light-dark(#1b1f24, #e6e8eb);
        color: light-dark(#ffffff, #16181d);
        box-shadow: var(--weft-shadow);
        font-size: 14px;
        pointer-events: auto;
        animation: rise 160ms ease-out;
      }
      .text {
        flex: 1;
        padding: 6px 10px 6px 0;
        overflow-wrap: anywhere;
      }
      .button {
        border-color: transparent;
        background: none;
      }
      .button:hover {
        background: light-dark(rgb(255 255 255 / 14%), rgb(0 0 0 / 9%));
      }
      .action {
        color: light-dark(#8fbcff, #0b5fd3);
        font-weight: 650;
      }
      :focus-visible {
        outline-color: currentColor;
        outline-offset: -2px;
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(8px);
        }
      }
    `,
  ]

  static override properties = { shown: { state: true } }
  declare private shown: Toast | undefined
  private timer: ReturnType<typeof setTimeout> | undefined

  private readonly show = (event: Event): void => {
    this.shown = (event as CustomEvent<Toast>).detail
    this.leaveLater()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    told.addEventListener('toast', this.show)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    told.removeEventListener('toast', this.show)
    this.stay()
  }

  private stay(): void {
    clearTimeout(this.timer)
  }

  private leaveLater(): void {
    this.stay()
    this.timer = setTimeout(() => this.dismiss(), SHOWN_MS)
  }

  private dismiss(): void {
    this.stay()
    this.shown = undefined
  }

  protected override render(): TemplateResult {
    // The live region is always there: one that comes with its text is not announced.
    return html`<div role="status">${this.shown === undefined ? nothing : this.renderToast(this.shown)}</div>`
  }

  private renderToast({ text, action }: Toast): TemplateResult {
    return html`<div
      class="toast"
      @pointerenter=${() => this.stay()}
      @pointerleave=${() => this.leaveLater()}
      @focusin=${() => this.stay()}
      @focusout=${() => this.leaveLater()}
    >
      <span class="text">${text}</span>
      ${
        action === undefined
          ? nothing
          : html`<button
              class="button action"
              @click=${() => {
                this.dismiss()
                action.run()
              }}
            >
              ${action.label}
            </button>`
      }
      <button class="button icon" aria-label="Dismiss" @click=${() => this.dismiss()}>${icon('close', 16)}</button>
    </div>`
  }
}
customElements.define('app-toasts', AppToasts)
