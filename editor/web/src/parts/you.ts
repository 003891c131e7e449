/** Who you are to the others: a name and one of twelve colours. Fires `app-answer` with them, or `app-close`. */
import { initialsOf, MAX_NAME_LENGTH, PALETTE } from '@weft/editor'
import { css, html, LitElement, type TemplateResult } from 'lit'
import { styleMap } from 'lit/directives/style-map.js'
import type { Me } from '../me.ts'
import { base } from './base.ts'
import './dialog.ts'

export interface YouAnswer {
  readonly name: string
  readonly color: string
}

/** As people know them; a colour is never told by its look alone. */
const COLOR_NAMES = [
  'Rose',
  'Brick',
  'Amber',
  'Olive',
  'Leaf',
  'Fir',
  'Teal',
  'Lagoon',
  'Sky',
  'Iris',
  'Violet',
  'Plum',
] as const

export class AppYouDialog extends LitElement {
  static override styles = [
    base,
    css`
      .text {
        margin-bottom: 20px;
        color: var(--weft-muted);
      }
      .name {
        display: flex;
        align-items: center;
        gap: 12px;
        margin-bottom: 20px;
      }
      .avatar {
        flex: none;
        display: grid;
        place-items: center;
        width: 44px;
        height: 44px;
        border-radius: 50%;
        color: #fff;
        font-weight: 600;
      }
      fieldset {
        margin: 0 0 24px;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        margin-bottom: 8px;
        font-size: 14px;
        font-weight: 550;
      }
      .colors {
        display: grid;
        grid-template-columns: repeat(6, 1fr);
        gap: 4px;
      }
      .color {
        position: relative;
        display: grid;
        place-items: center;
        min-height: 44px;
        cursor: pointer;
      }
      .color input {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }
      .dot {
        display: grid;
        place-items: center;
        width: 32px;
        height: 32px;
        border-radius: 50%;
        color: transparent;
        forced-color-adjust: none;
      }
      :checked + .dot {
        color: #fff;
        box-shadow:
          0 0 0 2px var(--weft-surface),
          0 0 0 4px var(--weft-text);
      }
      :focus-visible + .dot {
        outline: 2px solid var(--weft-accent);
        outline-offset: 5px;
      }
      .buttons {
        display: flex;
        justify-content: flex-end;
        gap: 8px;
      }
    `,
  ]

  static override properties = { me: { attribute: false }, name: { state: true }, color: { state: true } }
  declare me: Me
  declare private name: string
  declare private color: string

  protected override willUpdate(): void {
    this.name ??= this.me.name
    this.color ??= this.me.color
  }

  protected override firstUpdated(): void {
    const field = this.renderRoot.querySelector('input')
    queueMicrotask(() => {
      field?.focus()
      field?.select()
    })
  }

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault()
    this.dispatchEvent(
      new CustomEvent<YouAnswer>('app-answer', { detail: { name: this.name, color: this.color } }),
    )
  }

  protected override render(): TemplateResult {
    return html`<app-dialog heading="You, to the others" @app-close=${() => this.dispatchEvent(new CustomEvent('app-close'))}>
      <p class="text">People in the same document see this name beside your caret. It stays in this browser.</p>
      <form @submit=${this.submit}>
        <div class="name">
          <span class="avatar" style=${styleMap({ background: this.color })} aria-hidden="true">${initialsOf(this.name)}</span>
          <input
            class="field"
            aria-label="Your name"
            autocomplete="name"
            maxlength=${MAX_NAME_LENGTH}
            .value=${this.name}
            @input=${(event: InputEvent) => {
              this.name = (event.target as HTMLInputElement).value
            }}
          />
        </div>
        <fieldset>
          <legend>Colour</legend>
          <div class="colors">
            ${PALETTE.map((color, at) => this.renderColor(color, COLOR_NAMES[at] ?? color))}
          </div>
        </fieldset>
        <div class="buttons">
          <button type="button" class="button" @click=${() => this.dispatchEvent(new CustomEvent('app-close'))}>Cancel</button>
          <button class="button primary">Save</button>
        </div>
      </form>
    </app-dialog>`
  }

  private renderColor(color: string, label: string): TemplateResult {
    return html`<label class="color" title=${label}>
      <input
        type="radio"
        name="color"
        aria-label=${label}
        .checked=${color === this.color}
        @change=${() => {
          this.color = color
        }}
      />
      <span class="dot" style=${styleMap({ background: color })}>
        <svg width="16" height="16" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2.4" aria-hidden="true">
          <path d="m4.5 10.5 3.5 3.5 7.5-8" />
        </svg>
      </span>
    </label>`
  }
}
customElements.define('app-you-dialog', AppYouDialog)
