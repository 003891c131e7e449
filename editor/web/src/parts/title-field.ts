/**
 * The document's title in the top bar: typed in place, saved on Enter, on leaving and after a pause, and following
 * what others name it. The rules of who wins are `title-draft.ts`.
 *
 * Fires `app-titled` with each saved title, and `app-title-done` when Enter hands over to the text.
 */
import { css, html, LitElement, type TemplateResult } from 'lit'
import { inWords } from '../api.ts'
import {
  cleanTitle,
  MAX_TITLE_LENGTH,
  reduceTitle,
  shownTitle,
  type TitleDraft,
  type TitleEvent,
} from '../title-draft.ts'
import { base } from './base.ts'
import { toast } from './toast.ts'

/** Long enough not to save half a word, short enough that others see the title grow. */
const PAUSE_MS = 800
/** A save that failed tries again, for as long as the page is open. */
const RETRY_MS = 4_000

export class AppTitleField extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        min-width: 0;
      }
      input {
        field-sizing: content;
        min-width: 88px;
        max-width: 100%;
        height: var(--weft-control);
        padding: 0 8px;
        border: 1px solid transparent;
        border-radius: 6px;
        background: none;
        font-size: 15px;
        font-weight: 600;
        text-overflow: ellipsis;
      }
      /* A phone zooms into a smaller field. */
      @media (pointer: coarse), (max-width: 719px) {
        input {
          width: 100%;
          font-size: 16px;
        }
      }
      input:hover {
        background: var(--weft-hover);
      }
      input:focus {
        background: var(--weft-background);
        outline: 2px solid var(--weft-accent);
        outline-offset: -2px;
      }
      input::placeholder {
        color: var(--weft-muted);
        opacity: 1;
      }
      input[readonly]:hover {
        background: none;
      }
    `,
  ]

  static override properties = {
    save: { attribute: false },
    told: {},
    fixed: { type: Boolean },
    draft: { state: true },
  }
  /** Tells the server. */
  declare save: (title: string) => Promise<{ readonly title: string }>
  /** What the server calls the document now. */
  declare told: string
  /** May not be renamed. */
  declare fixed: boolean
  declare private draft: TitleDraft
  private timer: ReturnType<typeof setTimeout> | undefined
  private failures = 0

  constructor() {
    super()
    this.told = ''
    this.fixed = false
    this.draft = { kind: 'settled', title: '' }
  }

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('pagehide', this.leaving)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('pagehide', this.leaving)
    this.commit()
    clearTimeout(this.timer)
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('told')) this.apply({ kind: 'told', title: this.told })
  }

  private get field(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input')
  }

  /** Puts the caret into the title, everything selected. */
  override focus(): void {
    this.field?.focus()
    this.field?.select()
  }

  private apply(event: TitleEvent): void {
    this.draft = reduceTitle(this.draft, event)
  }

  private commit(): void {
    clearTimeout(this.timer)
    this.apply({ kind: 'committed' })
    if (this.draft.kind === 'saving') void this.send(this.draft.text)
  }

  private async send(text: string): Promise<void> {
    try {
      const { title } = await this.save(text)
      this.failures = 0
      this.apply({ kind: 'saved', title })
      this.dispatchEvent(new CustomEvent<string>('app-titled', { detail: title }))
    } catch (error) {
      this.apply({ kind: 'failed' })
      if (this.failures++ === 0)
        toast({ text: `${inWords(error, 'save the title')} It stays here and is tried again.` })
      this.commitAfter(RETRY_MS)
    }
  }

  private readonly leaving = (): void => this.commit()

  private commitAfter(ms: number): void {
    clearTimeout(this.timer)
    if (this.isConnected) this.timer = setTimeout(() => this.commit(), ms)
  }

  private readonly typed = (event: InputEvent): void => {
    this.apply({ kind: 'typed', text: (event.target as HTMLInputElement).value })
    if (!event.isComposing) this.commitAfter(PAUSE_MS)
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      this.commit()
      this.dispatchEvent(new CustomEvent('app-title-done'))
    }
    if (event.key === 'Escape') {
      clearTimeout(this.timer)
      this.apply({ kind: 'cancelled' })
      this.field?.blur()
    }
  }

  protected override render(): TemplateResult {
    const shown = shownTitle(this.draft)
    return html`<input
      aria-label="Title of the document"
      placeholder="Untitled"
      autocomplete="off"
      maxlength=${MAX_TITLE_LENGTH}
      title=${cleanTitle(shown)}
      ?readonly=${this.fixed}
      .value=${shown}
      @input=${this.typed}
      @compositionend=${() => this.commitAfter(PAUSE_MS)}
      @keydown=${this.pressed}
      @blur=${() => this.commit()}
    />`
  }
}
customElements.define('app-title-field', AppTitleField)

declare global {
  interface HTMLElementTagNameMap {
    'app-title-field': AppTitleField
  }
}
