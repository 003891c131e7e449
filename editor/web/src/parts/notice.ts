/** A bar above content that stays where it is: what is the matter, and what can be done. */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { base } from './base.ts'
import { type IconName, icon } from './icons.ts'

export class AppNotice extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: 44px;
        padding: 8px 8px 8px 14px;
        border-radius: 8px;
        background: var(--weft-warning-soft);
        color: var(--weft-warning);
        font-size: 14px;
        font-weight: 500;
        line-height: 1.4;
      }
      .text {
        flex: 1;
        text-wrap: pretty;
      }
      @media (max-width: 719px) {
        :host {
          flex-wrap: wrap;
          padding-top: 12px;
        }
        .text {
          flex-basis: calc(100% - 40px);
        }
        ::slotted([slot='action']) {
          margin-left: auto;
        }
      }
    `,
  ]

  static override properties = { icon: {} }
  declare icon: IconName

  constructor() {
    super()
    this.icon = 'warning'
  }

  protected override render(): TemplateResult {
    return html`${icon(this.icon)}
      <div class="text" role="status"><slot></slot></div>
      <slot name="action"></slot>`
  }
}
customElements.define('app-notice', AppNotice)
