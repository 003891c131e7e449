/** The application's two small questions: a new title, and whether to delete for good. */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { cleanTitle, MAX_TITLE_LENGTH } from '../title-draft.ts'
import { base } from './base.ts'
import './dialog.ts'

const layout = css`
  .field {
    margin: 4px 0 20px;
  }
  .text {
    margin-bottom: 24px;
    color: var(--weft-muted);
    font-size: 15px;
  }
  .buttons {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
  }
`

/** Fires `app-answer` with the title, cleaned, or `app-close`. */
export class AppRenameDialog extends LitElement {
  static override styles = [base, layout]
  static override properties = { current: {} }
  /** The title now. */
  declare current: string

  constructor() {
    super()
    this.current = ''
  }

  protected override firstUpdated(): void {
    const field = this.renderRoot.querySelector('input')
    // The dialog opens in its own first update; the focus belongs to the field from the start.
    queueMicrotask(() => {
      field?.focus()
      field?.select()
    })
  }

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const text = this.renderRoot.querySelector('input')?.value ?? this.current
    this.dispatchEvent(new CustomEvent<string>('app-answer', { detail: cleanTitle(text) }))
  }

  protected override render(): TemplateResult {
    return html`<app-dialog heading="Rename document" @app-close=${() => this.dispatchEvent(new CustomEvent('app-close'))}>
      <form @submit=${this.submit}>
        <input
          class="field"
          aria-label="Title"
          placeholder="Untitled"
          autocomplete="off"
          maxlength=${MAX_TITLE_LENGTH}
          .value=${this.current}
        />
        <div class="buttons">
          <button type="button" class="button" @click=${() => this.dispatchEvent(new CustomEvent('app-close'))}>Cancel</button>
          <button class="button primary">Rename</button>
        </div>
      </form>
    </app-dialog>`
  }
}
customElements.define('app-rename-dialog', AppRenameDialog)

/** Fires `app-answer` when it shall be done, or `app-close`. The focus starts on Cancel. */
export class AppConfirmDialog extends LitElement {
  static override styles = [base, layout]
  static override properties = { heading: {}, text: {}, action: {} }
  declare heading: string
  declare text: string
  declare action: string

  constructor() {
    super()
    this.heading = ''
    this.text = ''
    this.action = ''
  }

  protected override firstUpdated(): void {
    queueMicrotask(() => this.renderRoot.querySelector('button')?.focus())
  }

  protected override render(): TemplateResult {
    return html`<app-dialog heading=${this.heading} @app-close=${() => this.dispatchEvent(new CustomEvent('app-close'))}>
      <p class="text">${this.text}</p>
      <div class="buttons">
        <button class="button" @click=${() => this.dispatchEvent(new CustomEvent('app-close'))}>Cancel</button>
        <button class="button danger" @click=${() => this.dispatchEvent(new CustomEvent('app-answer'))}>${this.action}</button>
      </div>
    </app-dialog>`
  }
}
customElements.define('app-confirm-dialog', AppConfirmDialog)
