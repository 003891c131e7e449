/** A page that has one thing to say: a drawing, a sentence, a way on. For what is empty, missing or out of reach. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { base } from './base.ts'
import { type IconName, icon } from './icons.ts'

export class AppState extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        justify-items: center;
        padding: clamp(40px, 12vh, 120px) 16px;
        text-align: center;
        animation: appear 200ms ease-out;
      }
      .badge {
        display: grid;
        place-items: center;
        width: 56px;
        height: 56px;
        margin-bottom: 20px;
        border-radius: 14px;
        background: var(--weft-sunken);
        color: var(--weft-muted);
      }
      h2 {
        max-width: 440px;
        margin-bottom: 8px;
        font-size: 20px;
        font-weight: 650;
        line-height: 1.3;
        text-wrap: balance;
        overflow-wrap: anywhere;
      }
      h2:focus-visible {
        outline: none;
      }
      .text {
        max-width: 420px;
        color: var(--weft-muted);
        text-wrap: pretty;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 8px;
        margin-top: 24px;
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
    `,
  ]

  static override properties = { icon: {}, heading: {} }
  declare icon: IconName | undefined
  declare heading: string

  constructor() {
    super()
    this.icon = undefined
    this.heading = ''
  }

  protected override render(): TemplateResult {
    return html`
      ${this.icon === undefined ? nothing : html`<div class="badge">${icon(this.icon, 28)}</div>`}
      <h2>${this.heading}</h2>
      <div class="text"><slot></slot></div>
      <div class="actions"><slot name="actions"></slot></div>
    `
  }
}
customElements.define('app-state', AppState)
